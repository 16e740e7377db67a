"""The log of a lake's table as files: its entries, and the checkpoints that say what entries before them come to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from deltalake import DeltaTable

from pathworth.store.files import sync_tree
from pathworth.store.lake.table import LOG

HINT = f"{LOG}/_last_checkpoint"
"""Names the newest checkpoint, so that readers need not look for it; the one file of a log that changes."""
_ENTRY = re.compile(rf"{LOG}/(\d{{20}})\.(json|checkpoint[.0-9a-z-]*\.parquet)")
_JSON = ".json"


def entry(number: int) -> str:
    """Return the path of the entry that makes a version, inside the table."""
    return f"{LOG}/{number:020d}{_JSON}"


def checkpoint(number: int) -> str:
    """Return the path of the checkpoint of a version."""
    return f"{LOG}/{number:020d}.checkpoint.parquet"


def number_of(path: str) -> int | None:
    """Return the version of an entry or a checkpoint by its path; null for any other file."""
    found = _ENTRY.fullmatch(path)
    return None if found is None else int(found[1])


def entries(paths: Iterable[str]) -> list[int]:
    """Return the versions whose entries are among some files of a table, rising."""
    found = (number_of(path) for path in paths if path.endswith(_JSON))
    return sorted(number for number in found if number is not None)


def newest(paths: Iterable[str]) -> int:
    """Return the newest version that entries or checkpoints among some files tell; -1 where there is none."""
    return max((number for path in paths if (number := number_of(path)) is not None), default=-1)


def log_sizes(folder: Path) -> dict[str, int]:
    """Return the bytes of every entry and checkpoint of a table's log by its path inside the table."""
    found = {}
    for file in (folder / LOG).iterdir():
        path = f"{LOG}/{file.name}"
        if number_of(path) is not None:
            found[path] = file.stat().st_size
    return found


def added(folder: Path, number: int) -> set[str]:
    """Return the data files that came in with a version."""
    lines = (folder / entry(number)).read_text().splitlines()
    said = (json.loads(line).get("add") for line in lines if line)
    return {unquote(one["path"]) for one in said if one}


def make_checkpoint(folder: Path) -> None:
    """Write a checkpoint of the newest version; the caller is the one writer."""
    DeltaTable(folder).create_checkpoint()
    sync_tree(folder / LOG)
