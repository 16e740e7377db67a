"""Front doors that load what stands behind a name when the name is first used, so that a short command starts fast."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def opened_on_use(package: str, file: str) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package that imports under ``if TYPE_CHECKING`` what it gives away.

    Parameters
    ----------
    package
        Its name, ``__name__``; no name that it gives away may be that of a module inside it, since importing that
        module would put the module in the name's place.
    file
        Its source, ``__file__``.
    """
    homes = _homes(file)

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, there = homes[name]
        found = getattr(importlib.import_module(module), there)
        setattr(sys.modules[package], name, found)
        return found

    return find


def names_behind(file: str) -> list[str]:
    """Return the names that such a package gives away, from its source."""
    return sorted(_homes(file))


def _homes(file: str) -> dict[str, tuple[str, str]]:
    """Return of each name imported under ``if TYPE_CHECKING`` the module and the name it has there."""
    source = ast.parse(Path(file).read_text(encoding="utf-8"))
    return {
        name.asname or name.name: (line.module, name.name)
        for block in source.body
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for line in block.body
        if isinstance(line, ast.ImportFrom) and line.module
        for name in line.names
    }
