"""Every machine of a cluster says what it has, also one that has nothing of this package."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from importlib import metadata
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark")
from pyspark import SparkContext

from pathworth import run
from pathworth.spark import Files, Jobs, Trial, machines
from pathworth.store import Workspace

NEVER_SENT = "./environment/bin/python"


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


def test_an_environment_is_sent_along(cluster: Trial, tmp_path: Path) -> None:
    shop, made, packed = tmp_path / "shop", tmp_path / "env", tmp_path / "env.tar.gz"
    run.init(shop)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(made)], check=True)
    # What an environment holds is known from the others: this one leads to where the packages lie.
    (site,) = made.glob("lib/python*/site-packages")
    lead = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (site / "lead.pth").write_text(lead)
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(made, arcname=".")
    shutil.rmtree(made)
    pathworth("cluster", "set", cluster.master, "-w", str(shop), "--python", NEVER_SENT)
    asked = pathworth("cluster", "check", "-w", str(shop))
    assert (asked.returncode, "CLUSTER_PYTHON" in asked.stderr) == (1, True)
    run.forget_cluster(run.open_workspace(shop))
    pathworth("cluster", "set", cluster.master, "-w", str(shop), "--archives", str(packed))
    asked = pathworth("cluster", "check", "-w", str(shop), "--json")
    (one,) = json.loads(asked.stdout)["machines"]
    assert (one["version"], one["trouble"]) == (metadata.version("pathworth"), None)


def test_machines_that_have_all(context: SparkContext, stored: Workspace) -> None:
    (one,) = machines(context, Files(stored.path), jobs=Jobs(context))
    assert (one.version, one.trouble) == (metadata.version("pathworth"), None)
    assert one.python == sys.version.split()[0]
