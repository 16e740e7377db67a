"""Spark's own process beside this one: begun once, and what it says is kept where errors are looked for."""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import IO

from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway


def begin(conf: SparkConf) -> None:
    """Begin Spark's process where there is none yet; everybody on this machine sees what it begins with."""
    if SparkContext._gateway is None:  # noqa: SLF001 - there is no other way to see it
        gateway = launch_gateway(conf=conf, popen_kwargs={"stderr": _said()})
        SparkContext._ensure_initialized(gateway=gateway)  # noqa: SLF001 - as its constructor does


class Listening:
    """What Spark says from now on: much of it for those who look after it, and some of it why it cannot."""

    def __init__(self) -> None:
        self._from = os.fstat(_said().fileno()).st_size

    def heard(self) -> str:
        """Return it as far as it was said."""
        with Path(_said().name).open("rb") as said:
            said.seek(self._from)
            return said.read().decode(errors="replace")


@lru_cache(maxsize=1)
def _said() -> IO[bytes]:
    """Return the file, which goes away with this process."""
    return tempfile.NamedTemporaryFile(prefix="pathworth-spark-", suffix=".log")
