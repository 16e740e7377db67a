"""The plain route: one JSON object with a list of events, read as a file of the same lines would be.

``{"source": "app", "events": [{"event": "order", "person": "p1", "time": "2026-03-01T10:00:00Z", "id": "o-17",
"value": 20, "currency": "EUR", "account_id": "a1", "properties": {"plan": "Team"}}]}``

``time`` is ISO 8601 or milliseconds since 1970; ``id`` makes a retry harmless, and without it the whole event
does. An event that cannot be read is refused with its reason, and the others of its batch go on.
"""

from __future__ import annotations

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pathworth.base.errors import BadInput
from pathworth.collect.contracts import FileMapping
from pathworth.collect.map_rows import REJECTS, Mapped, RowMapper, reject_batch
from pathworth.collect.readers.json_rows import JsonReader
from pathworth.collect.readers.rows import RawRows, Torn
from pathworth.collect.texts.received import row_by_row
from pathworth.store import ReadBatch

SOURCE = "events"
"""The source of events for which none is named."""
MOST = 10_000
"""So many events at most are one batch, so that a batch is numbered in a moment."""
_ROLES = {"entity": "person", "event": "event", "time": "time"}
_OPTIONAL = {"value": "value", "cost": "cost", "currency": "currency", "id": "id"}
_MILLISECONDS = r"^\s*[+-]?[0-9]+\s*$"
_SHOWN = 2_000


class _Body(msgspec.Struct):
    events: list[msgspec.Raw]
    source: str = SOURCE


def check_body(body: bytes) -> int:
    """Return how many events a batch holds.

    Raises
    ------
    BadInput
        ``BAD_BATCH_BODY``, ``BATCH_TOO_LARGE``.
    """
    return len(_decoded(body).events)


def read_events(body: bytes, *, timezone: str = "UTC") -> ReadBatch:
    """Read a batch of events.

    Parameters
    ----------
    body
        The bytes as they came.
    timezone
        Zone of times without one.

    Raises
    ------
    BadInput
        ``BAD_BATCH_BODY``, ``BATCH_TOO_LARGE`` when it is no batch at all.
    """
    batch = _decoded(body)
    torn, lines, places = _lines(batch.events)
    raw = JsonReader().read(lines, places, torn={}, position=0)
    parts = [_mapped(part, timezone) for part in _by_time(raw)]
    events = [_flagged(mapped.events) for mapped in parts if mapped.events.num_rows]
    rejects = [pa.Table.from_batches([mapped.rejects]) for mapped in parts]
    refused = [*torn, *raw.torn]
    if refused:
        rejects.append(pa.Table.from_batches([reject_batch(0, refused)]))
    found = pa.concat_tables(rejects) if rejects else REJECTS.empty_table()
    return ReadBatch(batch.source, _joined(events), found.sort_by("row"))


def _decoded(body: bytes) -> _Body:
    try:
        batch = msgspec.json.decode(body, type=_Body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            "BAD_BATCH_BODY",
            f"This is no batch of events: {error}.",
            'Send {"events": [{"event": "order", "person": "p1", "time": "2026-03-01T10:00:00Z"}]}.',
        ) from None
    if len(batch.events) > MOST:
        raise BadInput(
            "BATCH_TOO_LARGE",
            f"A batch holds {MOST:,} events at most, this one {len(batch.events):,}.",
            "Send it in several batches, or import it as a file.",
        )
    return batch


def _lines(events: list[msgspec.Raw]) -> tuple[list[Torn], pa.Array, np.ndarray]:
    """Return the events as lines of JSON with their places, and what is no object."""
    torn, lines, places = [], [], []
    for place, event in enumerate(events, 1):
        text = bytes(event).decode("utf-8", "replace").strip()
        if text.startswith("{"):
            # A line of a file has no line breaks; inside of JSON they can only be space between its parts.
            lines.append(text.replace("\n", " ").replace("\r", " "))
            places.append(place)
        else:
            reason = "Every event is a JSON object with event, person and time."
            torn.append(Torn(place, "NOT_AN_EVENT", reason, text[:_SHOWN]))
    return torn, pa.array(lines, pa.large_string()), np.array(places, dtype=np.int64)


def _by_time(raw: RawRows) -> list[RawRows]:
    """Return the rows whose time is a whole number apart from those whose time is a text."""
    if not len(raw.row):
        return []
    time = raw.columns.get("time")
    if time is None:
        return [raw]
    number = pc.fill_null(pc.match_substring_regex(time, _MILLISECONDS), fill_value=False)
    chosen = [mask for mask in (number, pc.invert(number)) if pc.any(mask).as_py()]
    if len(chosen) == 1:
        return [raw]
    return [
        RawRows(
            raw.row[mask.to_numpy(zero_copy_only=False)],
            {name: column.filter(mask) for name, column in raw.columns.items()},
            (),
            0,
        )
        for mask in chosen
    ]


def _mapped(raw: RawRows, timezone: str) -> Mapped:
    """Turn rows whose times are written in one way into events and rejects."""
    held = raw.columns
    time = held.get("time")
    number = time is not None and bool(
        pc.all(
            pc.fill_null(pc.match_substring_regex(time, _MILLISECONDS), fill_value=False)
        ).as_py()
    )
    optional = {role: column for role, column in _OPTIONAL.items() if column in held}
    mapping = FileMapping(time_format="ms" if number else "iso", **_ROLES, **optional)
    return RowMapper(0, mapping, timezone, tuple(held)).map(RawRows(raw.row, held, (), 0))


def _flagged(events: pa.RecordBatch) -> pa.Table:
    """Return events with ``hashed``: whether their digests are those of their rows."""
    rows = row_by_row(events)
    # As in a file: once one row has an id, the others were told apart by the mapper already.
    hashed = rows["message_id"].null_count == len(rows)
    return rows.append_column("hashed", pa.array([hashed] * len(rows), pa.bool_()))


def _joined(parts: list[pa.Table]) -> pa.Table:
    """Return events in the order in which they stood in the batch."""
    if not parts:
        return pa.table({"digest": pa.array([], pa.binary(16))})
    return pa.concat_tables(parts, promote_options="default").sort_by("row")
