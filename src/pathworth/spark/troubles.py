"""What Spark says goes wrong, as errors that say what to do."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyspark
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from pathworth.base.errors import PathworthError, Refused, StoreTrouble


@contextmanager
def clear_errors(heard: Callable[[], str] = str) -> Iterator[None]:
    """Turn what Spark raises into errors that say what to do.

    Parameters
    ----------
    heard
        Returns what it said meanwhile; of another version it says only there.
    """
    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise _clear(str(error), heard()) from error


_VERSION = "CLUSTER_VERSION"
_KNOWN = (
    (
        r"InvalidClassException|serialVersionUID|local class incompatible|UnsupportedClassVersionError",
        _VERSION,
        f"The cluster runs another version of Spark than this process, which is {pyspark.__version__}.",
        "Install the cluster's version here (pip install pyspark==...), or this one there.",
    ),
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
        r"All masters are unresponsive|Master removed our application|Could not parse Master URL",
        "NO_CLUSTER",
        "The cluster's master does not answer.",
        "Look whether it runs, and whether its address is right.",
    ),
)


def _clear(said: str, heard: str) -> PathworthError:
    for pattern, code, message, hint in _KNOWN:
        if re.search(pattern, said) or (code == _VERSION and re.search(pattern, heard)):
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


def busy(seconds: float) -> StoreTrouble:
    """Return what to say where a cluster had no free core for so long."""
    return StoreTrouble(
        "CLUSTER_BUSY",
        f"The cluster had no free core for {seconds:g} seconds; its tasks were taken back.",
        "Leave some of it to this process (pathworth cluster set --conf spark.cores.max=N where others ask it), "
        "look whether its workers run, or wait longer (--wait).",
    )


def nobody_waits() -> Refused:
    """Return what to say where whoever asked went away."""
    return Refused(
        "NOBODY_WAITS",
        "Whoever asked went away; the cluster's tasks were taken back.",
        "Ask again.",
    )
