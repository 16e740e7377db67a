"""Compiles kernels on their first call: explicit signatures, no GIL, no fastmath, a cache keyed by all sources."""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar, TypeVar, cast

import numba
from numba import types
from numba.extending import typeof_impl

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
    return folder


_FOLDER = None if numba.config.DISABLE_JIT else _cache_folder()
if _FOLDER is not None:
    numba.config.CACHE_DIR = str(_FOLDER)


_known = {one.name.partition("-")[0] for one in _FOLDER.rglob("*.nbi")} if _FOLDER else set[str]()
"""Module and function of every kernel whose compiled code lay in the cache when this process started."""


class Kernel:
    """A function over arrays that is compiled, or read from the cache, when it is first called.

    Reading all of them takes most of a second, which nobody is to wait for who asks one question.
    """

    all: ClassVar[list[Kernel]] = []
    _lock: ClassVar[RLock] = RLock()  # a kernel that calls another compiles it meanwhile
    _told: ClassVar[bool] = False

    def __init__(self, function: Callable[..., Any], signatures: tuple[Any, ...]) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self.signatures = signatures
        self._compiled: Callable[..., Any] | None = None
        Kernel.all.append(self)

    def __call__(self, *arguments: Any) -> Any:
        """Run the compiled function."""
        return (self._compiled or self.compiled())(*arguments)

    def compiled(self) -> Callable[..., Any]:
        """Return the compiled function; one thread compiles, the others wait for it."""
        with Kernel._lock:
            if self._compiled is None:
                self._tell()
                self._compiled = numba.njit(
                    list(self.signatures), nogil=True, cache=_FOLDER is not None
                )(self.py_func)
            return self._compiled

    def _tell(self) -> None:
        """Say once in a process that something is compiled which no earlier one left in the cache."""
        name = f"{self.py_func.__module__.rpartition('.')[2]}.{self.py_func.__qualname__}"
        if _FOLDER is not None and not Kernel._told and name not in _known:
            Kernel._told = True
            _log.warning(
                "Compiling kernels, once for this machine and version: what is asked for the first time "
                "takes some seconds more."
            )


@typeof_impl.register(Kernel)  # type: ignore[untyped-decorator]
def _type_of_kernel(called: Kernel, context: Any) -> Any:  # noqa: ARG001
    """Let one kernel call another: the compiler meets the name and asks what it is."""
    return types.Dispatcher(called.compiled())


def kernel(*signatures: Any) -> Callable[[F], F]:
    """Compile a function over arrays for the given signatures, when it is first called.

    Parameters
    ----------
    signatures
        Numba signatures, for example ``types.void(read_only(types.int64), writable(types.int64))``; several when
        a kernel serves several dtypes.
    """

    def compile_it(function: F) -> F:
        if numba.config.DISABLE_JIT:
            return function
        return cast("F", Kernel(function, signatures))

    return compile_it


def compile_all() -> None:
    """Compile every kernel that is imported, or read it from the cache: what a server does before it is asked."""
    for one in Kernel.all:
        one.compiled()
