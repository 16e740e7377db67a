"""Batches of every protocol become events together, since reading many at once costs little more than reading one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.base.errors import BadInput
from pathworth.collect.arrivals import plain
from pathworth.collect.arrivals.contracts import About, Fact, Link, Tell, Told
from pathworth.collect.arrivals.flat import DECODER, Columns
from pathworth.collect.arrivals.protocols import PROTOCOLS
from pathworth.collect.contracts import FileMapping
from pathworth.collect.map_rows import Looked, RowMapper
from pathworth.collect.numbers import flags
from pathworth.collect.readers import RawRows, Torn
from pathworth.collect.texts.received import plain as row_by_row
from pathworth.store import FACTS, LINKS, UNREAD, HandedIn, ReadEvents

_TELL: Mapping[str, Tell] = {"plain": plain.tell, **PROTOCOLS}
_ROLES = {"entity": "person", "event": "event", "time": "time"}
_OPTIONAL = {"value": "value", "cost": "cost", "currency": "currency", "id": "id"}
_MEANT = frozenset({*_ROLES.values(), *_OPTIONAL.values()})
_ACCOUNT = {"account_id": "account_id", "properties.account_id": "account_id"}
"""An account is the same one whether an event or its properties name it."""
_FIXED = {
    "entity": pa.string(),
    "name": pa.string(),
    "time_us": pa.int64(),
    "digest": pa.binary(16),
    "message_id": pa.string(),
    "value": pa.int64(),
    "cost": pa.int64(),
    "currency": pa.string(),
}
_MILLISECONDS = r"^\s*[+-]?[0-9]+\s*$"
PLAIN = "plain"
MOST_SHOWN = 1_000_000
"""So many characters at most are kept of what could not be read."""


@dataclass(frozen=True)
class _Refused:
    """What could not be read of a batch, the form in which its text stands, and where that came from."""

    batch: int
    torn: Torn
    protocol: str
    source: str = ""


@dataclass
class _Lines:
    """What batches say, event by event: its columns, its batch and its place there, and its source."""

    columns: Columns = field(default_factory=Columns)
    batch: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    refused: list[_Refused] = field(default_factory=list)
    links: list[dict[str, object]] = field(default_factory=list)
    facts: list[dict[str, object]] = field(default_factory=list)

    def take(self, number: int, told: Told, *, protocol: str = PLAIN) -> None:
        """Take in what one batch says, which speaks in the form of a protocol."""
        for place, line in zip(told.places, told.lines, strict=True):
            try:
                self.columns.add(DECODER.decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError) as trouble:
                row = Torn(
                    place, "NOT_JSON", f"This is no whole JSON: {trouble}.", line[:MOST_SHOWN]
                )
                self.refused.append(_Refused(number, row, PLAIN, told.source))
                continue
            self.batch.append(number)
            self.place.append(place)
            self.source.append(told.source)
        self.refused += [_Refused(number, row, protocol, told.source) for row in told.torn]
        self.links += [_said(number, told.source, link) for link in told.links]
        self.facts += [_said(number, told.source, fact) for fact in told.facts]


def read_batches(
    batches: Sequence[HandedIn], names: Mapping[str, str], *, timezone: str = "UTC"
) -> ReadEvents:
    """Read batches of events.

    Parameters
    ----------
    batches
        As they were handed in.
    names
        Under which name each property is kept so far.
    timezone
        Zone of times without one.
    """
    held, known = _Lines(), {**_ACCOUNT, **names}
    for number, batch in enumerate(batches):
        before = len(held.columns.cells)
        try:
            told = _TELL[batch.protocol](batch.body, about_of(batch))
        except BadInput as trouble:
            raw = batch.body.decode(errors="replace")[:MOST_SHOWN]
            row = Torn(0, trouble.code, str(trouble), raw)
            held.refused.append(_Refused(number, row, batch.protocol))
            continue
        held.take(number, told, protocol=batch.protocol)
        if not _MEANT.union(known).issuperset(list(held.columns.cells)[before:]):
            _name(told, known)
    return _events(held, known, timezone)


def about_of(batch: HandedIn) -> About:
    """Return what is known of a request beside its body."""
    if not batch.about:
        return About(batch.received_us)
    said = msgspec.json.decode(batch.about, type=dict[str, str])
    return About(batch.received_us, said.get("agent", ""), said.get("refuses") == "yes")


def about_text(about: About) -> str:
    """Return what is known of a request beside its body and its time, as it is kept with it."""
    said = {"agent": about.agent, "refuses": "yes" if about.refuses else ""}
    kept = {name: text for name, text in said.items() if text}
    return msgspec.json.encode(kept).decode() if kept else ""


def _name(told: Told, names: dict[str, str]) -> None:
    """Give names to the properties that a batch is the first to speak of, as a file of its lines would."""
    own = _Lines()
    own.take(0, told)
    columns = tuple(own.columns.cells)
    mapper = RowMapper(0, FileMapping(), "UTC", property_names=names)
    for column in columns:
        if column not in _MEANT:
            mapper.property_name(column, columns)


def _events(held: _Lines, names: Mapping[str, str], timezone: str) -> ReadEvents:
    """Turn lines into events, those whose times are whole numbers apart from those whose times are texts."""
    columns = held.columns.arrays()
    batch, place = np.array(held.batch, np.int64), np.array(held.place, np.int64)
    refused, parts = list(held.refused), [_Part.none()]
    for rows, time_format in _by_time(columns.get("time"), len(batch)):
        looked = _looked(columns, rows, (time_format, timezone))
        for said in looked.rejects.to_pylist():
            k = said["row"]
            row = Torn(held.place[k], said["code"], said["reason"], said["raw"])
            refused.append(_Refused(held.batch[k], row, PLAIN, held.source[k]))
        parts.append(_part(looked, rows, names))
    chosen = np.concatenate([part.rows for part in parts])
    order = np.argsort(chosen)
    chosen = chosen[order]
    events = pa.concat_tables([part.events for part in parts], promote_options="default")
    events = events.take(pa.array(order))
    sources = pa.array(held.source, pa.string()).take(pa.array(chosen))
    events = events.append_column("row", pa.array(place[chosen])).append_column("source", sources)
    hashed = np.concatenate([part.hashed for part in parts])[order]
    links = pa.Table.from_pylist(held.links, schema=LINKS)
    facts = pa.Table.from_pylist(held.facts, schema=FACTS)
    return ReadEvents(events, batch[chosen], hashed, _rejects(refused), names, links, facts)


@dataclass(frozen=True)
class _Part:
    """Events of the lines at ``rows``: int64[n]; ``hashed``: bool[n], those without an id."""

    rows: NDArray[np.int64]
    events: pa.Table
    hashed: NDArray[np.bool_]

    @classmethod
    def none(cls) -> _Part:
        """Return no events."""
        events = pa.schema(list(_FIXED.items())).empty_table()
        return cls(np.zeros(0, np.int64), events, np.zeros(0, np.bool_))


def _by_time(time: pa.Array | None, rows: int) -> list[tuple[NDArray[np.int64], str]]:
    """Return which lines have times of which format; those without one go with the texts."""
    if not rows:
        return []
    number = np.zeros(rows, np.bool_)
    if time is not None:
        number = flags(pc.match_substring_regex(time, _MILLISECONDS))
    both = ((np.flatnonzero(number), "ms"), (np.flatnonzero(~number), "iso"))
    return [(chosen, time_format) for chosen, time_format in both if len(chosen)]


def _looked(
    columns: Mapping[str, pa.Array], rows: NDArray[np.int64], times: tuple[str, str]
) -> Looked:
    """Read some lines as rows of a file."""
    # Where nothing at all is said there are no columns.
    if len(rows) < max(map(len, columns.values()), default=0):
        columns = {name: column.take(pa.array(rows)) for name, column in columns.items()}
    columns = {name: column for name, column in columns.items() if column.null_count < len(rows)}
    optional = {role: column for role, column in _OPTIONAL.items() if column in columns}
    mapping = FileMapping(time_format=times[0], **_ROLES, **optional)
    return RowMapper(0, mapping, times[1]).look(RawRows(rows, columns, (), 0))


def _part(looked: Looked, rows: NDArray[np.int64], names: Mapping[str, str]) -> _Part:
    fixed = {name: looked.fixed[name] for name in _FIXED}
    hashed = flags(fixed["message_id"].is_null())
    if looked.hashed is not None:
        digest = pc.if_else(pa.array(hashed), looked.hashed, fixed["digest"])
        fixed = {**fixed, "digest": digest}
    columns = {name: row_by_row(one) for name, one in fixed.items()}
    for column, texts in looked.properties.items():
        name, said = names[column], row_by_row(texts)
        columns[name] = pc.coalesce(columns[name], said) if name in columns else said
    events = pa.table(columns)
    good = looked.good
    return _Part(rows[good], events.filter(pa.array(good)), hashed[good])


def _said(number: int, source: str, one: Link | Fact) -> dict[str, object]:
    return {"batch": number, "source": source, **asdict(one)}


def _rejects(refused: Sequence[_Refused]) -> pa.Table:
    rows = sorted(refused, key=lambda one: (one.batch, one.torn.row))
    return pa.table(
        {
            "batch": [one.batch for one in rows],
            "row": [one.torn.row for one in rows],
            "code": [one.torn.code for one in rows],
            "reason": [one.torn.reason for one in rows],
            "raw": [one.torn.raw for one in rows],
            "protocol": [one.protocol for one in rows],
            "source": [one.source for one in rows],
        },
        schema=UNREAD,
    )
