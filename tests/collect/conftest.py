"""A workspace of its own for every test, and short ways to write files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pathworth.store import Workspace

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "workspace", timezone="Europe/Amsterdam")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
