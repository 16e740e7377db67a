"""Files of exports written here, imported, and the events of the lake as short rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from deltalake import DeltaTable

from pathworth.collect import FileMapping, ImportAnswer, import_files, sniff
from pathworth.store import Workspace

MICRO = 1_000_000


@dataclass(frozen=True)
class Tried:
    """A workspace in which files of one format are tried."""

    workspace: Workspace
    folder: Path

    def write(self, name: str, content: Any) -> Path:
        """Write a file: text, bytes, or what JSON can hold."""
        path = self.folder / name
        if not isinstance(content, str | bytes):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def lines(self, name: str, rows: Iterable[Any]) -> Path:
        """Write one JSON object a line; texts stay as they are."""
        texts = (row if isinstance(row, str) else json.dumps(row) for row in rows)
        return self.write(name, "".join(f"{text}\n" for text in texts))

    def take(self, path: Path, **said: Any) -> ImportAnswer:
        """Import a file, and see that the same file under another name changes nothing but what it refuses."""
        mapping = FileMapping(**said) if said else None
        answer = import_files(self.workspace, [path], mapping=mapping)
        before = self.events()
        again = path.with_name(f"again-{path.name}")
        # One more blank at the end makes it another file to the store, with the same rows.
        data = path.read_bytes()
        again.write_bytes(data + b"\n" if data[-1:] in b"\n}]" else data)
        twice = import_files(self.workspace, [again], mapping=mapping)
        assert (twice.accepted, twice.rejected) == (0, answer.rejected)
        assert self.events() == before
        return answer

    def events(self) -> list[dict[str, Any]]:
        """Return all events in the order of people, times and numbers; what an event does not hold is left out."""
        table = DeltaTable(self.workspace.path / "lake").to_pyarrow_table()
        rows = sorted(table.to_pylist(), key=lambda r: (r["entity"], r["time"], r["seq"]))
        return [short(row) for row in rows]

    def told(self) -> list[tuple[str, str, str]]:
        """Return who, what and when of all events."""
        return [(e["entity"], e["name"], e["time"]) for e in self.events()]

    def format(self, path: Path, **said: Any) -> str | None:
        """Return as which format a file is known; null for none."""
        return sniff([path], FileMapping(**said)).files[0].mapping.format

    def refused(self, import_id: int | None) -> list[tuple[int, str]]:
        """Return the rows that an import refused, and the codes of their reasons."""
        assert import_id is not None
        rows = self.workspace.rejects(import_id).to_pylist()
        return [(row["row"], row["code"]) for row in rows]


def short(row: dict[str, Any]) -> dict[str, Any]:
    """Return an event without what the store adds, money in units of its currency."""
    found = {
        "entity": row["entity"],
        "name": row["name"],
        "time": f"{row['time']:%Y-%m-%d %H:%M:%S}",
    }
    for name in ("value", "cost"):
        if row[name] is not None:
            found[name] = row[name] / MICRO
    if row["currency"] is not None:
        found["currency"] = row["currency"]
    props = ((k, v) for k, v in row.items() if k.startswith("p_") and v is not None)
    held = {unquote(k.removeprefix("p_")): v for k, v in props}
    return {**found, **held}


@pytest.fixture
def tried(tmp_path: Path) -> Tried:
    return Tried(Workspace.create(tmp_path / "workspace", timezone="UTC"), tmp_path)
