"""Imports files, and kills itself when it comes to a step."""

from __future__ import annotations

import importlib
import json
import os
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path

from tests.forked import say

from pathworth.collect import import_files
from pathworth.collect.importers.files import documents
from pathworth.collect.readers import blocks, parquet_rows
from pathworth.store import Workspace, accept, payload
from pathworth.store.aside import blocks as aside_blocks


def main(folder: str, files: list[str], step: list) -> None:
    """Import files in small pieces."""
    accept.ZONED_FROM, payload._CHUNK, aside_blocks.SPREAD_FROM = 300, 100, 80
    blocks.BLOCK, parquet_rows.ROWS = 2_048, 50
    documents.PIECE, documents.BATCH = 1_024, 4_096
    if step:
        die_before(*step)
    answer = import_files(
        Workspace.open(Path(folder)),
        [Path(file) for file in files],
        notice=lambda words: say(json.dumps({"notice": words})),
    )
    told = {"accepted": answer.accepted, "duplicates": answer.duplicates}
    say(json.dumps({**told, "rejected": answer.rejected}))


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
