"""How many bytes of the disk each store of a workspace takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pathworth.store.records.database import FILE

_STORES = {
    "lake": "lake",
    "snapshots": "shards",
    "columns": "shards",
    "entities": "shards",
    "fingerprints": "ids",
}


def bytes_by_store(folder: Path) -> dict[str, int]:
    """Return how many bytes of the disk each store of a workspace takes; a file with two names counts once."""
    stores = ("lake", "shards", "ids", "other")
    # One on a server takes none of this disk.
    embedded = ("database",) if (folder / FILE).exists() else ()
    found = dict.fromkeys((*embedded, *stores), 0)
    seen = set()
    for name, one in _files(folder):
        key = (one.st_dev, one.st_ino)
        if key not in seen:
            seen.add(key)
            database = name.startswith(FILE)
            kept = "database" if database else _STORES.get(name, "other")
            found[kept] += one.st_blocks * 512
    return found


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the files of a workspace, each with the name right below its folder that it belongs to."""
    # What has a name of its own comes before a second name aside.
    for top in sorted(folder.iterdir(), key=lambda one: (one.name not in _STORES, one.name)):
        places = [(str(top.parent), [], [top.name])] if top.is_file() else os.walk(top)
        for place, _, names in places:
            for name in names:
                try:
                    yield top.name, (Path(place) / name).stat()
                except FileNotFoundError:
                    # Another snapshot came in this moment.
                    continue
