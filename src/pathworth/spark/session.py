"""Begins work on a cluster, and says clearly why it cannot."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pyspark
from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException

from pathworth.base.errors import NotSupported, PathworthError, StoreTrouble
from pathworth.store import Cluster

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
        with clear_errors(), SparkContext(conf=conf_of(cluster)) as context:
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
        conf.set(key, value)
    return conf


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what Spark raises into errors that say what to do."""
    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise _clear(str(error)) from error


_KNOWN = (
    (
        r"No module named '(pathworth|numba|numpy|pyarrow|msgspec)",
        "NOT_ON_THE_CLUSTER",
        "The processes of the cluster do not find this package.",
        "Install it on every machine and name its interpreter (python), or send an environment along (archives): "
        "python -m venv env; env/bin/pip install 'pathworth[spark]' venv-pack; env/bin/venv-pack -o env.tar.gz",
    ),
    (
        r"PYTHON_VERSION_MISMATCH|different version.*than that in driver",
        "CLUSTER_PYTHON",
        f"The cluster runs another Python than this process, which is {sys.version_info[0]}.{sys.version_info[1]}.",
        "Name an interpreter of the same version (python), or send an environment along (archives).",
    ),
    (
        r"Cannot run program|error=2, No such file",
        "CLUSTER_PYTHON",
        "The cluster does not find the interpreter that it is to run.",
        "Name one that every machine has (python), or send an environment along (archives).",
    ),
    (
        r"InvalidClassException|serialVersionUID|local class incompatible|UnsupportedClassVersionError",
        "CLUSTER_VERSION",
        f"The cluster runs another version of Spark than this process, which is {pyspark.__version__}.",
        "Install the cluster's version here (pip install pyspark==...), or this one there.",
    ),
    (
        r"All masters are unresponsive|Master removed our application|Could not parse Master URL",
        "NO_CLUSTER",
        "The cluster's master does not answer.",
        "Look whether it runs, and whether its address is right.",
    ),
)


def _clear(said: str) -> PathworthError:
    for pattern, code, message, hint in _KNOWN:
        if re.search(pattern, said):
            return StoreTrouble(code, message, hint)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    own = [
        line
        for line in lines
        if re.match(r"^(?!java\.|org\.|scala\.)[\w.]*(Error|Exception)\b", line)
    ]
    return StoreTrouble(
        "CLUSTER_FAILED",
        f"The cluster could not do it: {(own or lines or ['no reason given'])[-1][:300]}",
        "Look at what its workers say (stderr of the application), and ask again.",
    )


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
