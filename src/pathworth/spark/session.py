"""Begins work on a cluster, and says clearly why it cannot."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pyspark
from pyspark import SparkConf, SparkContext

from pathworth.base.errors import NotSupported, StoreTrouble, UnknownName
from pathworth.spark.gateway import Listening, begin
from pathworth.spark.troubles import clear_errors
from pathworth.store import FROM_ENVIRONMENT, Cluster

_JAVA = 17
"""What this version of Spark runs on at least."""
_ENVIRONMENT = "environment"
_REACH_S = 5.0


@contextmanager
def session(cluster: Cluster) -> Iterator[SparkContext]:
    """Begin work on a cluster and end it.

    Raises
    ------
    NotSupported
        ``NO_JAVA``, ``OLD_JAVA``, ``ONE_CLUSTER``.
    UnknownName
        ``NO_SUCH_VARIABLE``.
    StoreTrouble
        ``NO_CLUSTER``, ``CLUSTER_VERSION``, ``NOT_ON_THE_CLUSTER``, ``CLUSTER_PYTHON``, ``CLUSTER_FAILED``.
    """
    held = SparkContext._active_spark_context  # noqa: SLF001 - there is no other way to see it
    if held is not None:
        with clear_errors():
            yield _of_same(held, cluster)
        return
    _check_java()
    _check_reached(cluster.master)
    os.environ["PYSPARK_PYTHON"] = python_of(cluster)
    try:
        conf, listening = conf_of(cluster), Listening()
        begin(conf_of(replace(cluster, conf=_public(cluster.conf))))
        with clear_errors(listening.heard), SparkContext(conf=conf) as context:
            context.setLogLevel("ERROR")
            yield context
    finally:
        os.environ.pop("PYSPARK_PYTHON", None)


def _of_same(held: SparkContext, cluster: Cluster) -> SparkContext:
    """Return what this process works with already: Spark has one cluster a process."""
    if held.master != cluster.master:
        raise NotSupported(
            "ONE_CLUSTER",
            f"This process works with the cluster {held.master} already.",
            f"Ask {cluster.master} from another process.",
        )
    return held


def python_of(cluster: Cluster) -> str:
    """Return the interpreter on the cluster's machines."""
    packed = None if cluster.archives is None else f"./{_ENVIRONMENT}/bin/python"
    return cluster.python or packed or sys.executable


def conf_of(cluster: Cluster) -> SparkConf:
    """Return the settings of Spark for a cluster."""
    conf = SparkConf().setMaster(cluster.master).setAppName("pathworth")
    conf.set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false")
    if urlsplit(cluster.master).hostname in ("127.0.0.1", "localhost"):
        conf.set("spark.driver.host", "127.0.0.1").set("spark.driver.bindAddress", "127.0.0.1")
    if cluster.archives is not None:
        conf.set("spark.archives", f"{cluster.archives}#{_ENVIRONMENT}")
    for key, value in cluster.conf.items():
        conf.set(key, _said(key, value))
    return conf


def _public(conf: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that everybody may see."""
    return {key: said for key, said in conf.items() if not said.startswith(FROM_ENVIRONMENT)}


def _said(key: str, value: str) -> str:
    """Return a setting, from the environment of this process where it says so."""
    if not value.startswith(FROM_ENVIRONMENT):
        return value
    name = value.removeprefix(FROM_ENVIRONMENT)
    if name not in os.environ:
        raise UnknownName(
            "NO_SUCH_VARIABLE",
            f"The cluster's setting {key} is the variable {name}, which this process does not have.",
            f"Begin it with {name} in its environment.",
        )
    return os.environ[name]


def is_over(context: SparkContext) -> bool:
    """Return whether nothing can be handed in any more: the cluster let go of this process."""
    held = context._jsc  # noqa: SLF001 - there is no other way to see it
    return held is None or bool(held.sc().isStopped())


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or shutil.which(java) is None:
        raise NotSupported(
            "NO_JAVA",
            "Spark needs Java on this machine, and there is none.",
            f"Install Java {_JAVA} or later, for example openjdk-{_JAVA}-jre-headless, or set JAVA_HOME.",
        )
    command = [java, "-version"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr  # noqa: S603
    found = re.search(r'version "(\d+)', said)
    if found is not None and int(found[1]) < _JAVA:
        raise NotSupported(
            "OLD_JAVA",
            f"Spark {pyspark.__version__} needs Java {_JAVA} or later, and this is {found[1]}.",
            f"Install Java {_JAVA} or set JAVA_HOME to one.",
        )


def _check_reached(master: str) -> None:
    """Say at once where nobody listens: Spark itself tries for a minute."""
    if not master.startswith("spark://"):
        return
    troubles = []
    for place in master.removeprefix("spark://").split(","):
        host, _, port = place.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=_REACH_S):
                return
        except (OSError, ValueError) as error:
            troubles.append(f"{place}: {error}")
    raise StoreTrouble(
        "NO_CLUSTER",
        f"The cluster's master does not answer ({'; '.join(troubles)}).",
        "Look whether it runs, and whether its address is right.",
    )
