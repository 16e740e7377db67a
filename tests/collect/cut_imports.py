"""A program that imports files in children, each of which kills itself when it comes to a step."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

from pathworth.collect import import_files
from pathworth.collect.importers.files import documents
from pathworth.collect.readers import blocks, parquet_rows
from pathworth.kernels.compile import compile_all
from pathworth.store import Workspace, accept, payload
from pathworth.store.aside import blocks as aside_blocks


def bring_in(folder: str, files: list[str], step: list) -> None:
    """Import files in small pieces."""
    accept.ZONED_FROM, payload._CHUNK, aside_blocks.SPREAD_FROM = 300, 100, 80
    blocks.BLOCK, parquet_rows.ROWS = 2_048, 50
    documents.PIECE, documents.BATCH = 1_024, 4_096
    if step:
        die_before(*step)
    answer = import_files(
        Workspace.open(Path(folder)),
        [Path(file) for file in files],
        notice=lambda words: say(notice=words),
    )
    say(accepted=answer.accepted, duplicates=answer.duplicates, rejected=answer.rejected)


def die_before(module: str, path: str, call: int) -> None:
    """Let the process be killed before the nth call of a function."""
    *owners, name = path.split(".")
    owner = importlib.import_module(module)
    for word in owners:
        owner = getattr(owner, word)
    real: Callable = getattr(owner, name)
    calls = count()

    def dies(*args: object, **named: object) -> object:
        if next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **named)

    setattr(owner, name, dies)


def say(**told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    """For each line on standard input: fork, import, tell how that ended."""
    compile_all()
    while line := sys.stdin.readline():
        folder, files, step = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                bring_in(folder, files, step)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        say(ended=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
