"""A file of a known format as batches of rows that each are one event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pathworth.collect.contracts import FileMapping
from pathworth.collect.importers.catalogue import format_of
from pathworth.collect.importers.contracts import Format
from pathworth.collect.importers.files.archives import read_archive
from pathworth.collect.importers.files.documents import read_documents
from pathworth.collect.importers.files.heads import with_heads
from pathworth.collect.importers.files.ocel import read_ocel
from pathworth.collect.importers.files.xes import read_xes
from pathworth.collect.importers.steps import flattened
from pathworth.collect.importers.telling import told
from pathworth.collect.readers import START, Place, RawRows, Shape, read_rows


def rows_of(
    path: Path, shape: Shape, *, mapping: FileMapping, after: Place = START
) -> Iterator[RawRows]:
    """Read a file batch by batch, from a place on: plain rows, or the events of the format that its mapping names.

    Raises
    ------
    BadInput
        When the file as a whole breaks off.
    """
    form = format_of(mapping)
    if form is None:
        return read_rows(path, shape, after=after)
    return (told(rows, form) for rows in flat_rows(path, shape, form=form, after=after))


def flat_rows(path: Path, shape: Shape, *, form: Format, after: Place = START) -> Iterator[RawRows]:
    """Read the rows of a file of a format, made flat, before they tell their events."""
    for rows in _raw_rows(path, shape, form=form, after=after):
        yield flattened(rows, form.steps)


def _raw_rows(path: Path, shape: Shape, *, form: Format, after: Place) -> Iterator[RawRows]:
    """Read the rows of a file of a format as they stand in it."""
    if form.read == "ocel":
        return read_ocel(path, form.entity, sqlite=shape.kind == "sqlite", after=after)
    if form.read == "xes":
        return read_xes(path, after=after)
    if shape.kind == "json" or (form.lists and shape.kind == "jsonl"):
        return read_documents(path, form.lists, after=after)
    if shape.kind == "zip":
        return read_archive(path, form.members, after=after)
    if shape.kind == "csv" and form.heads > 1:
        shape = with_heads(path, shape)
    return read_rows(path, shape, after=after)
