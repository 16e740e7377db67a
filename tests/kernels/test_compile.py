"""Kernels are compiled once for a machine, it says so, and what lies there is used by whoever starts next."""

import os
import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "src"
SAYS = "Compiling kernels"


def start(cache: Path, code: str) -> str:
    """Run Python with a cache of its own and return what it wrote for people."""
    # The tests of kernels run uncompiled, too; this one is about compiling.
    around = {name: value for name, value in os.environ.items() if name != "NUMBA_DISABLE_JIT"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**around, "PATHWORTH_CACHE": str(cache), "PYTHONPATH": str(SOURCES)},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_the_first_start_compiles_and_says_so_and_the_next_does_neither(tmp_path: Path):
    code = "import pathworth.kernels.rows.hash; from pathworth.kernels.compile import compile_all; compile_all()"
    assert SAYS in start(tmp_path, code)
    made = {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*.nb[ic]")}
    assert made
    assert start(tmp_path, code) == ""
    assert {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*.nb[ic]")} == made


def test_a_cache_that_cannot_be_written_is_told_and_stops_nobody(tmp_path: Path):
    (tmp_path / "file").write_text("")
    said = start(tmp_path / "file", "import pathworth.kernels.compile")
    assert "compile in memory at each start" in said
