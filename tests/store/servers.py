"""A PostgreSQL server of the tests' own: a new cluster on loopback in a temporary folder, with many databases."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

_numbers = count()


def binaries() -> Path | None:
    """Where Debian puts them, the newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return found[0].parent if found else None


def needed() -> Path:
    """Return where the server's programs are, or skip."""
    if find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed: pip install 'pathworth[postgres]'")
    where = binaries()
    if where is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    return where


class Cluster:
    """A server that runs."""

    def __init__(self, folder: Path, where: Path) -> None:
        self.folder, self.where = folder, where
        self.owner = _owner()
        if self.owner is not None:
            known = pwd.getpwnam(self.owner)
            os.chown(folder, known.pw_uid, known.pw_gid)
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.port = int(held.getsockname()[1])
        words = ["-A", "trust", "-U", "tests", "--locale", "C", "-E", "UTF8", "-N"]
        self._run("initdb", "-D", str(folder / "data"), *words)
        self.process = self._start()

    def database(self) -> str:
        """Return the address of an empty place: a schema, which costs less than a database of its own."""
        name = f"shop{next(_numbers)}"
        import psycopg

        where = f"tests@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(f"postgresql://{where}", autocommit=True) as connection:
            connection.execute(f"create schema {name}")
        return f"postgresql+psycopg://{where}?options=-csearch_path%3D{name}"

    def stop(self) -> None:
        # At once: nothing of it is kept.
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(60)

    @property
    def _there(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "tests", "-q"]

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [self.where / program, *words],
            user=self.owner,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def _start(self) -> subprocess.Popen[bytes]:
        place = ["-D", str(self.folder / "data"), "-k", str(self.folder)]
        # Nothing here outlives the tests, so that nothing needs to reach the disk.
        words = ["-h", "127.0.0.1", "-p", str(self.port), "-F"]
        process = subprocess.Popen(
            [self.where / "postgres", *place, *words],
            user=self.owner,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            ready = [self.where / "pg_isready", *self._there]
            if subprocess.run(ready, check=False, capture_output=True).returncode == 0:
                return process
            time.sleep(0.1)
        process.kill()
        raise AssertionError("the server never became ready")


def _owner() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a server meanwhile, or skip where there is none."""
    where = needed()
    folder = Path(tempfile.mkdtemp(prefix="pathworth-pg-"))
    held = None
    try:
        held = Cluster(folder, where)
        yield held
    finally:
        if held is not None:
            held.stop()
        shutil.rmtree(folder, ignore_errors=True)
