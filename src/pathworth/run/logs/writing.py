"""Logs as files: XES with a trace for each person, OCEL 2.0 with people and declared entities as objects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TextIO
from xml.sax.saxutils import quoteattr

from pathworth.run.logs.events import Cell, Source

PERSON = "person"
_XES = {"string": "string", "float": "float", "boolean": "boolean", "time": "date"}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<classifier name="Event name" keys="concept:name"/>
"""


def write_xes(source: Source, out: TextIO) -> None:
    """Write a log in XES (IEEE 1849-2016), a trace for each person."""
    types = source.types()
    out.write(_HEAD)
    for person in source.everybody():
        out.write(f"<trace>\n{_attribute('string', 'concept:name', person.id)}")
        for event in person.events:
            out.write("<event>")
            out.write(_attribute("string", "concept:name", event.name).rstrip())
            out.write(_attribute("date", "time:timestamp", event.time).rstrip())
            for name, value in event.cells.items():
                out.write(_attribute(_XES[types[name]], name, value).rstrip())
            out.write("</event>\n")
        out.write("</trace>\n")
    out.write("</log>\n")


def _attribute(kind: str, key: str, value: Cell) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f"<{kind} key={quoteattr(_plain(key))} value={quoteattr(_plain(text))}/>\n"


def _plain(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")


def write_ocel(source: Source, out: TextIO, *, entities: Mapping[str, str]) -> None:
    """Write a log in OCEL 2.0 as JSON.

    Parameters
    ----------
    entities
        Names of declared entities with the properties that hold their ids.
    """
    types = source.types()
    attributes = [{"name": name, "type": kind} for name, kind in types.items()]
    objects = [{"name": name, "attributes": []} for name in (PERSON, *entities)]
    events = [{"name": name, "attributes": attributes} for name in source.snapshot.names]
    out.write(f'{{"objectTypes":{_json(objects)},\n"eventTypes":{_json(events)},\n"events":[\n')
    others: dict[str, set[str]] = {name: set() for name in entities}
    _list(out, _events(source, entities, others))
    out.write('],\n"objects":[\n')
    _list(out, _objects(source, others))
    out.write("]}\n")


def _events(
    source: Source, entities: Mapping[str, str], others: dict[str, set[str]]
) -> Iterator[dict[str, object]]:
    """Yield events, and note which other objects they touch."""
    for person in source.everybody():
        for event in person.events:
            touched = [{"objectId": person.id, "qualifier": PERSON}]
            for name, by in entities.items():
                if (id_ := event.cells.get(by)) is not None:
                    others[name].add(str(id_))
                    touched.append({"objectId": object_id(name, str(id_)), "qualifier": name})
            yield {
                "id": str(event.id),
                "type": event.name,
                "time": event.time,
                "attributes": [{"name": k, "value": v} for k, v in event.cells.items()],
                "relationships": touched,
            }


def _objects(source: Source, others: Mapping[str, set[str]]) -> Iterator[dict[str, object]]:
    for person in source.ids():
        yield {"id": person, "type": PERSON, "attributes": []}
    for name, ids in others.items():
        for id_ in sorted(ids):
            yield {"id": object_id(name, id_), "type": name, "attributes": []}


def object_id(name: str, id_: str) -> str:
    """Return the id of an object that is no person; its type stands before it, since ids of two types may be alike."""
    return f"{name}:{id_}"


def _list(out: TextIO, rows: Iterator[dict[str, object]]) -> None:
    for k, row in enumerate(rows):
        out.write(("," if k else "") + _json(row) + "\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
