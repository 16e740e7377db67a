"""What several of the store's tests need: a disk that is soon full."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.forked import Forks, forks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a disk of a size, such as ``3m``, and take it away again."""
    with ExitStack() as mounted:

        def of_size(size: str) -> Path:
            folder = tmp_path / "disk"
            folder.mkdir()
            mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
            if subprocess.run(mount, capture_output=True, check=False).returncode:
                pytest.skip("a small tmpfs can only be mounted by root")
            mounted.callback(subprocess.run, ["umount", "-l", str(folder)], check=True)
            return folder

        yield of_size


@pytest.fixture
def writing() -> Iterator[Forks]:
    """What children that write small shards anew are made with."""
    with forks("tests.store.small_shards") as held:
        yield held
