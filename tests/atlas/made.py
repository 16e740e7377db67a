"""Snapshots for the tests of atlas: from rows, from the small company, and from published files."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import numpy as np

from pathworth.journeys import Journeys, LocalEngine, Step, step_codes
from pathworth.store import ColumnInfo, EventArrays, snapshot_from_arrays


def snapshot_of(rows, *, texts=None, value=None, shards=1):
    """Lay out rows of (entity, time in microseconds, name) with text columns beside them."""
    ids, entity = np.unique([str(row[0]) for row in rows], return_inverse=True)
    names, code = np.unique([str(row[2]) for row in rows], return_inverse=True)
    columns, infos = {}, {}
    for column, values in (texts or {}).items():
        known = sorted({one for one in values if one is not None})
        place = {None: 0} | {one: at + 1 for at, one in enumerate(known)}
        columns[column] = np.array([place[one] for one in values], dtype=np.uint16)
        infos[column] = ColumnInfo("text", tuple(known))
    if value is not None:
        columns["value"] = np.asarray(value, dtype=np.int64)
    times = np.array([row[1] for row in rows], dtype=np.int64)
    events = EventArrays(entity=entity, name=code, time_us=times, columns=columns)
    plain = [str(one) for one in names]
    return snapshot_from_arrays(
        [str(one) for one in ids], events, names=plain, infos=infos, shards=shards
    )


def log_snapshot(log, *, shards=1, rename=None):
    """Lay out a log of the small company, its words renamed where asked."""
    word = rename or (lambda one: one)
    rows = [
        (person, time, word(str(name)))
        for person, time, name in zip(log.person, log.time, log.name, strict=True)
    ]
    texts = {
        word(column): [one if one is None else word(str(one)) for one in values]
        for column, values in log.columns.items()
    }
    return snapshot_of(rows, texts=texts, value=log.value, shards=shards)


def placed(snapshot, document):
    """Return the step that takes each event, in the order of the snapshot's parts, -1 for none."""
    steps = tuple(Step(one.id, one.rule) for one in document.steps if one.rule is not None)
    parts = LocalEngine(1).parts(Journeys(snapshot))
    return np.concatenate([step_codes(part, steps) for part in parts]).astype(np.int64)


def names_of(snapshot):
    """Return the name code of each event in the order of the snapshot's parts."""
    parts = LocalEngine(1).parts(Journeys(snapshot))
    cut = [part.shard.name[part.offset[0] : part.offset[-1]] for part in parts]
    return np.concatenate(cut).astype(np.int64)


def commonest(snapshot, count=12):
    """Return what "the twelve commonest events" would give: each its own step, the rest together."""
    names = names_of(snapshot)
    top = np.argsort(-np.bincount(names), kind="stable")[:count]
    label = np.zeros(len(snapshot.names), dtype=np.int64)
    label[top] = np.arange(1, len(top) + 1)
    return label[names]


def read_csv(file, *, entity, name, time, texts=()):
    """Read a published file as it is."""
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    stamped = [(row[entity], _us(row[time]), row.get(name, name)) for row in rows]
    return snapshot_of(stamped, texts={one: [row[one] or None for row in rows] for one in texts})


def _us(text):
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1_000_000)
