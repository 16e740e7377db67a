"""Every machine of a cluster says what it has, also one that has nothing of this package."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark")
from pyspark import SparkContext

from pathworth import run
from pathworth.spark import Files, Trial, machines
from pathworth.store import Workspace


def pathworth(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pathworth.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_machines_that_lack_this_package_say_so(cluster: Trial, tmp_path: Path) -> None:
    shop, bare = tmp_path / "shop", tmp_path / "bare"
    run.init(shop)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    python = ("--python", str(bare / "bin" / "python"))
    assert pathworth("cluster", "set", cluster.master, "-w", str(shop), *python).returncode == 0
    asked = pathworth("cluster", "check", "-w", str(shop), "--json")
    assert asked.returncode == 1
    (one,) = json.loads(asked.stdout)["machines"]
    assert one["version"] is None
    assert "PackageNotFoundError" in one["trouble"]


def test_machines_that_have_all(context: SparkContext, stored: Workspace) -> None:
    (one,) = machines(context, Files(stored.path))
    assert (one.version, one.trouble) == (metadata.version("pathworth"), None)
    assert one.python == sys.version.split()[0]
