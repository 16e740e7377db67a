"""The workspaces that the pages are shown on: the company, its renamed twin, two shops, and an empty one."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pathworth import collect, run
from pathworth.learn import company
from pathworth.store.files import alone

from . import shop

PEOPLE = 8_000
"""Enough for every finding of the demo, and a third of its time."""
FEWER = 3_000
"""Enough to see that names decide nothing."""


def build(world: str, folder: Path, *, made: Path) -> Path:
    """Make the workspace of one world; the way is the one that a person goes.

    A shop that a test changes is its own: ``shop-data`` begins as ``shop`` does, ``shop-loop`` as of these days; so is
    ``empty-watched``, which begins empty. What begins in the same way is made once and copied.

    Parameters
    ----------
    made
        Where processes that run tests side by side find what one of them has made.
    """
    if world.startswith("empty"):
        run.init(folder)
        return folder
    begins = "shop" if world.startswith("shop") and world != "shop-loop" else world
    made.mkdir(exist_ok=True)
    whole = made / begins / "whole"
    with alone(made / f"{begins}.lock"):
        if not whole.exists():
            shutil.rmtree(made / begins, ignore_errors=True)
            (made / begins).mkdir()
            _make(begins, made / begins / "at").rename(whole)
    shutil.copytree(whole, folder)
    return folder


def _make(world: str, folder: Path) -> Path:
    if world.startswith("shop"):
        file = shop.write(folder.parent, shop.lately() if world == "shop-loop" else shop.BEGIN)
        run.demo(run.DemoQuestion(data=str(file), folder=folder))
        return folder
    if world != "renamed":
        run.demo(run.DemoQuestion(data=world, folder=folder, people=PEOPLE))
        return folder
    history = company.history(company.load_company(), people=FEWER, seed=1)
    source = folder.with_name("renamed-source")
    company.write(company.renamed(history, seed=3), source)
    made = run.init(folder, timezone=company.TIMEZONE)
    mapping = collect.load_mapping(source / "mapping.yaml")
    collect.import_files(made.store, collect.files_of(mapping, source), mapping=mapping)
    return folder


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a workspace as a person would, on a free port, until the test is over."""
    address, command = _serving(folder)
    # Into a file: a pipe that nobody reads would one day be full, and the server stand still.
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said) as process,
    ):
        try:
            _wait(address, process, said)
            yield address
        finally:
            # Not asked to stop: it would answer what was taken and end its jobs first, and nobody waits for those.
            process.kill()
            process.wait()


def stay(world: str, made: Path) -> str:
    """Return the address of a world that is served once, for all processes that run tests, until those are gone."""
    made.mkdir(exist_ok=True)
    known = made / f"{world}.address"
    with alone(made / f"{world}-served.lock"):
        if not known.exists():
            # Whoever tried before and failed may have left some of it.
            shutil.rmtree(made / f"{world}-served", ignore_errors=True)
            address, command = _serving(build(world, made / f"{world}-served", made=made))
            run_by = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
            with tempfile.TemporaryFile() as said:
                process = subprocess.Popen(
                    ["sh", "-c", _WHILE_THERE, str(run_by), *command],
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                )
                _stay.append(process)
                _wait(address, process, said)
            known.write_text(address)
        return known.read_text()


_WHILE_THERE = '"$@" & while kill -0 "$0" && kill -0 "$!"; do sleep 1; done; kill -9 "$!"'
"""Runs a command for as long as a process is there."""
_stay: list[subprocess.Popen[bytes]] = []
"""Held, since nobody waits for them."""


def _serving(folder: Path) -> tuple[str, list[str]]:
    """Return a free address, and the command that serves a workspace there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["-m", "pathworth.cli", "serve", "-w", str(folder), "--port", str(port)]
    return f"http://127.0.0.1:{port}", [sys.executable, *command]


def _wait(address: str, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            said.seek(0)
            raise RuntimeError(said.read().decode())
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{address}/readyz", timeout=5)
            return
        time.sleep(0.2)
    raise RuntimeError("the server did not answer within two minutes")
