"""Object-centric logs in OCEL 2.0, as JSON or SQLite: every event once for each object whose journey it is of.

An event names the objects that it touches. Those of the wanted type (``customer`` unless said) are whose it is;
where it names none, the one that its objects are related to, if there is one alone. Memory holds the ids of the
objects and their relations.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from pathworth.base.errors import BadInput
from pathworth.collect.importers.files.documents import records_of
from pathworth.collect.importers.files.tables import Row, batches
from pathworth.collect.readers import START, Place, RawRows
from pathworth.collect.readers.blocks import Source


@dataclass
class Objects:
    """The objects of a log: the type of each by its id, and which are related."""

    types: dict[str, str] = field(default_factory=dict)
    related: dict[str, list[str]] = field(default_factory=dict)

    def relate(self, one: str, other: str) -> None:
        """Note that two objects are related."""
        self.related.setdefault(one, []).append(other)
        self.related.setdefault(other, []).append(one)

    def owners(self, touched: list[str], types: list[str]) -> list[str]:
        """Return the objects of the first of some types among those touched, else the only one related to them."""
        near = [other for one in touched for other in self.related.get(one, ())]
        for among, most in ((touched, len(touched)), (near, 1)):
            for kind in types:
                found = dict.fromkeys(
                    one for one in among if self.types.get(one, "").casefold() == kind
                )
                if 0 < len(found) <= most:
                    return list(found)
        return []

    def rows(self, event: Row, touched: list[str], *, types: list[str]) -> Iterator[Row]:
        """Yield an event for every object whose it is, and with the ids of all that it touches by their type."""
        cells: dict[str, list[str]] = {}
        for one in touched:
            cells.setdefault(self.types.get(one, "object"), []).append(one)
        shown = {kind: ids[0] if len(ids) == 1 else json.dumps(ids) for kind, ids in cells.items()}
        owners: list[str | None] = [*self.owners(touched, types)]
        for owner in owners or [None]:
            yield {**shown, **event, "@owner": owner}


def read_ocel(path: Path, entity: str, *, sqlite: bool, after: Place = START) -> Iterator[RawRows]:
    """Read the events of a log batch by batch, from a place on.

    Parameters
    ----------
    entity
        Types of objects whose journeys are wanted, ``a|b`` the first that an event touches.
    sqlite
        Whether the file is a database; else JSON.

    Raises
    ------
    BadInput
        ``BROKEN_JSON`` or ``BROKEN_SQLITE``.
    """
    types = [kind.strip().casefold() for kind in entity.split("|")]
    if sqlite:
        size = path.stat().st_size
        try:
            yield from batches(_from_sqlite(path, types), position=lambda: size, after=after)
        except sqlite3.Error as error:
            raise BadInput(
                "BROKEN_SQLITE",
                f"{path.name} cannot be read as a log in SQLite: {error}.",
                "Write it again, or export the log as JSON.",
            ) from error
        return
    objects = _objects_in(path)
    with Source(path) as source:
        events = _from_json(path, source, objects, types)
        yield from batches(events, position=source.position, after=after)


def _objects_in(path: Path) -> Objects:
    objects = Objects()
    with Source(path) as source:
        for one in _values(path, source, "objects"):
            objects.types[str(one.get("id"))] = str(one.get("type"))
            for other in one.get("relationships") or ():
                objects.relate(str(one.get("id")), str(other.get("objectId")))
    return objects


def _from_json(path: Path, source: Source, objects: Objects, types: list[str]) -> Iterator[Row]:
    for one in _values(path, source, "events"):
        touched = [str(other.get("objectId")) for other in one.get("relationships") or ()]
        cells = {str(a.get("name")): _text(a.get("value")) for a in one.get("attributes") or ()}
        fixed = {f"ocel:{name}": _text(one.get(name)) for name in ("id", "type", "time")}
        yield from objects.rows({**cells, **fixed}, touched, types=types)


def _values(path: Path, source: Source, key: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of one list of a document."""
    for record in records_of(path, source, lists=[key]):
        value = json.loads(record.text) if record.whole and record.key == key else None
        if isinstance(value, dict):
            yield value


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def _from_sqlite(path: Path, types: list[str]) -> Iterator[Row]:
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        objects = Objects(dict(database.execute("SELECT ocel_id, ocel_type FROM object")))
        for one, other in database.execute(
            "SELECT ocel_source_id, ocel_target_id FROM object_object"
        ):
            objects.relate(one, other)
        kinds = database.execute(
            "SELECT ocel_type, ocel_type_map FROM event_map_type ORDER BY ocel_type"
        ).fetchall()
        for kind, table in kinds:
            yield from _of_kind(database, kind, table, objects=objects, types=types)


def _of_kind(
    database: sqlite3.Connection, kind: str, table: str, *, objects: Objects, types: list[str]
) -> Iterator[Row]:
    """Yield the events of one type, which has a table of its own."""
    name = '"' + f"event_{table}".replace('"', '""') + '"'
    cursor = database.execute(
        f"SELECT one.*, touched.ocel_object_id FROM {name} AS one LEFT JOIN event_object AS touched "
        "ON touched.ocel_event_id = one.ocel_id ORDER BY one.ocel_time, one.ocel_id"
    )
    names = [column[0] for column in cursor.description[:-1]]
    for values, same in groupby(cursor, key=lambda row: row[:-1]):
        row = {n: _text(v) for n, v in zip(names, values, strict=True)}
        touched = [str(one[-1]) for one in same if one[-1] is not None]
        fixed = {
            "ocel:id": row.pop("ocel_id"),
            "ocel:type": kind,
            "ocel:time": row.pop("ocel_time"),
        }
        yield from objects.rows({**row, **fixed}, touched, types=types)
