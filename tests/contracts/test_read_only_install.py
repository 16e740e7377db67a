"""An install that nobody may write to works: whatever is written goes to the workspace and to the cache."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "pathworth"
DATA = PACKAGE / "run" / "data" / "ecom.csv.gz"


def unprivileged() -> list[str]:
    """Return what must stand before a command, so that the superuser too is held to what modes of files say."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip(
            "Only setpriv can hold the superuser to the modes of files, and it is not here."
        )
    lost = "-dac_override,-dac_read_search,-fowner"
    return ["setpriv", f"--bounding-set={lost}", f"--inh-caps={lost}"]


@pytest.fixture
def install(tmp_path: Path):
    """Copy the package to where nothing can be written."""
    folder = tmp_path / "install"
    shutil.copytree(
        PACKAGE, folder / "pathworth", ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    places = [folder, *folder.rglob("*")]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    yield folder
    for place in places:
        place.chmod(0o755)


def test_a_workspace_is_made_filled_and_asked_from_a_read_only_install(
    install: Path, tmp_path: Path
):
    before = unprivileged()
    wrote = subprocess.run([*before, "touch", str(install / "pathworth" / "new")], check=False)
    assert wrote.returncode != 0, "this place could be written after all"

    def pathworth(*words: str) -> dict[str, object]:
        done = subprocess.run(
            [*before, sys.executable, "-m", "pathworth.cli", *words, "--json"],
            env={**os.environ, "PYTHONPATH": str(install)},
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    held = sorted(install.rglob("*"))
    found = pathworth("demo", "--data", "ecom", "--no-serve", "-w", str(tmp_path / "shop"))
    assert found["import"]["events"] > 0  # type: ignore[index]
    moves = pathworth("transitions", "-w", str(tmp_path / "shop"))
    assert moves["edges"]
    assert sorted(install.rglob("*")) == held
