"""A cluster of one master and some workers on this machine, on loopback, for trying out."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyspark

from pathworth.base.errors import StoreTrouble

_CLASSES = "org.apache.spark.deploy"
_PATIENCE_S = 60.0


@dataclass
class Trial:
    """The address of a master, and the processes of its workers."""

    master: str
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def trial(
    folder: Path,
    *,
    workers: int = 2,
    cores: int = 1,
    memory: str = "1g",
    home: Path = Path(pyspark.__file__).parent,
) -> Iterator[Trial]:
    """Run a cluster for as long as somebody is inside.

    Parameters
    ----------
    folder
        Where its processes work and what they say is kept.
    workers, cores, memory
        How many workers, and what each may take.
    home
        Where Spark lies.

    Raises
    ------
    StoreTrouble
        ``NO_CLUSTER`` when it does not come up.
    """
    port = free_port()
    master = f"spark://127.0.0.1:{port}"
    words = f"--port {port} --webui-port {free_port()}"
    begun = [_begun(home, folder / "master", f"{_CLASSES}.master.Master {words}")]
    try:
        for k in range(workers):
            words = f"--cores {cores} --memory {memory} --port {free_port()} --webui-port {free_port()} {master}"
            begun.append(_begun(home, folder / f"worker-{k}", f"{_CLASSES}.worker.Worker {words}"))
        _wait(folder, workers)
        yield Trial(master, begun[1:])
    finally:
        for process in reversed(begun):
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _begun(home: Path, folder: Path, words: str) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True, exist_ok=True)
    name, *more = words.split()
    command = [str(home / "bin" / "spark-class"), name, "--host", "127.0.0.1", *more]
    there = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_NO_DAEMONIZE": "1",
        "PYSPARK_PYTHON": sys.executable,
    }
    with (folder / "said").open("wb") as said:
        return subprocess.Popen(command, stdout=said, stderr=said, env=there)  # noqa: S603


def _wait(folder: Path, workers: int) -> None:
    said, until = folder / "master" / "said", time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        if said.read_text().count("Registering worker") >= workers:
            return
        time.sleep(0.1)
    raise StoreTrouble(
        "NO_CLUSTER",
        f"The cluster for trying out did not come up: {said.read_text()[-500:]}",
        f"Look at what its processes said in {folder}.",
    )
