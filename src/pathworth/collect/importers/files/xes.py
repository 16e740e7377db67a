"""Event logs in XES (IEEE 1849): every event of every trace, the attributes of its trace beside its own.

The log is read as it streams by; memory holds one trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

from pathworth.base.errors import BadInput
from pathworth.collect.importers.files.tables import Row, batches
from pathworth.collect.readers import START, Place, RawRows
from pathworth.collect.readers.blocks import Source

PIECE = 1 << 20
SIMPLE = frozenset(["string", "date", "int", "float", "boolean", "id"])


def read_xes(path: Path, *, after: Place = START) -> Iterator[RawRows]:
    """Read the events of a log batch by batch, from a place on.

    Raises
    ------
    BadInput
        ``BROKEN_XML`` where the file breaks off or is no XML.
    """
    with Source(path) as source:
        try:
            yield from batches(_events(source), position=source.position, after=after)
        except Xml.ParseError as error:
            raise BadInput(
                "BROKEN_XML",
                f"{path.name} is not whole XML: {error}.",
                "It was probably cut off while being copied or written; export it again.",
            ) from error


def _events(source: Source) -> Iterator[Row]:
    """Yield the attributes of every event, those of its trace as ``case:key``."""
    inside: list[Xml.Element] = []
    trace: Row = {}
    for kind, element in _elements(source):
        if kind == "start":
            inside.append(element)
            continue
        inside.pop()
        name, outer = _name(element), _name(inside[-1]) if inside else ""
        if name in SIMPLE and outer == "trace":
            trace |= _attribute(element, "case:")
        elif name == "event" and outer == "trace":
            yield trace | _attributes(element)
            element.clear()
        elif name == "trace":
            trace = {}
            inside[-1].remove(element)


def _elements(source: Source) -> Iterator[tuple[str, Xml.Element]]:
    """Yield where elements begin and end, as the bytes come."""
    # Entities that blow up are refused by expat itself.
    parser: Any = Xml.XMLPullParser(["start", "end"])
    while piece := source.read(PIECE):
        parser.feed(piece)
        yield from parser.read_events()
    parser.close()
    yield from parser.read_events()


def _name(element: Xml.Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def _attributes(element: Xml.Element) -> Row:
    found: Row = {}
    for child in element:
        if _name(child) in SIMPLE:
            found |= _attribute(child, "")
    return found


def _attribute(element: Xml.Element, before: str) -> Row:
    key = element.get("key")
    return {} if key is None else {f"{before}{key}": element.get("value")}
