"""Compiles every kernel: explicit signatures, no GIL, no fastmath, a cache keyed by all sources."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import types

F = TypeVar("F", bound=Callable[..., Any])
_log = logging.getLogger("pathworth.kernels")


def read_only(dtype: Any, dimensions: int = 1) -> Any:
    """Return the type of a C-ordered input array that a kernel may not write (a memory map is one)."""
    return types.Array(dtype, dimensions, "C", readonly=True)


def writable(dtype: Any, dimensions: int = 1) -> Any:
    """Return the type of a C-ordered output array."""
    return types.Array(dtype, dimensions, "C")


def _cache_folder() -> Path | None:
    """Return a writable folder for compiled kernels, new whenever any kernel source changes."""
    sources = hashlib.sha256()
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        sources.update(source.read_bytes())
    home = os.environ.get("PATHWORTH_CACHE")
    base = Path(home) if home else Path.home() / ".cache" / "pathworth"
    folder = base / "kernels" / sources.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        warnings.warn(
            f"Kernels compile in memory at each start: {folder} is not writable.",
            RuntimeWarning,
            stacklevel=2,
        )
        return None
    if not any(folder.iterdir()):
        _log.warning("Compiling the kernels, once for this machine and version: a minute or two.")
    return folder


_FOLDER = None if numba.config.DISABLE_JIT else _cache_folder()
if _FOLDER is not None:
    numba.config.CACHE_DIR = str(_FOLDER)


def kernel(*signatures: Any) -> Callable[[F], F]:
    """Compile a function over arrays for the given signatures.

    Parameters
    ----------
    signatures
        Numba signatures, for example ``types.void(read_only(types.int64), writable(types.int64))``; several when
        a kernel serves several dtypes.
    """

    def compile_it(function: F) -> F:
        compiled: F = numba.njit(list(signatures), nogil=True, cache=_FOLDER is not None)(function)
        return compiled

    return compile_it
