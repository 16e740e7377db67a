"""Looks whether there is room on the disk for what a workspace does next."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pathworth.store.checks.contracts import Check

_LEAST = 256 * 1024 * 1024
_NAME = "disk"


def check_free_room(folder: Path) -> Check:
    """Say whether there is room for what comes in, without a look at how much the workspace takes."""
    free = shutil.disk_usage(folder).free
    says = f"{_read(free)} are free."
    return Check(_NAME, "ok", says) if free >= _LEAST else Check(_NAME, "broken", says, _small())


def check_room(folder: Path) -> Check:
    """Say how much room there is; an import writes a second snapshot beside the first before it takes its place."""
    free = shutil.disk_usage(folder).free
    held = sum(_size(Path(place) / file) for place, _, files in os.walk(folder) for file in files)
    says = f"{_read(free)} free, the workspace takes {_read(held)}."
    if not os.access(folder, os.W_OK):
        return Check(
            _NAME, "broken", f"{folder} cannot be written.", "Give its owner the right to."
        )
    if free < _LEAST:
        return Check(_NAME, "broken", says, _small())
    if free < held:
        return Check(_NAME, "look", says, "Free some space before the next large import.")
    return Check(_NAME, "ok", says)


def _small() -> str:
    return f"Free some space: under {_read(_LEAST)} an import, and soon every write, is refused."


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _read(size: int) -> str:
    for unit, name in ((1 << 30, "GB"), (1 << 20, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size / 1024:.0f} kB"
