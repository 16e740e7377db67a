"""Raw rows turned into events; a row that cannot be one is refused with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.collect.contracts import FileMapping, is_code
from pathworth.collect.numbers import Numbers, absent, read_money
from pathworth.collect.readers import Place, RawRows, Torn
from pathworth.collect.rules import REFUSALS, Refusal
from pathworth.collect.texts.canonical import canonical_columns
from pathworth.collect.texts.received import as_received, coded, each, plain, trimmed
from pathworth.collect.times import TimeFormat, parse_format, read_times
from pathworth.store import row_digests, text_digests

_STORE = "file row seq source message_id digest entity event name time time_us value cost currency"
RESERVED = frozenset([*_STORE.split(), "import_id", "content", "zone"])
"""Words of the store; a property of that name gets its long name, or an underscore."""

REJECTS = pa.schema(
    [
        ("file", pa.int32()),
        ("row", pa.int64()),
        ("code", pa.string()),
        ("reason", pa.string()),
        ("raw", pa.string()),
    ]
)
LINKS = pa.schema([("one", pa.string()), ("other", pa.string()), ("at_us", pa.int64())])


@dataclass(frozen=True)
class Mapped:
    """A batch of events and, beside it, of refused rows, and of ids that are one person, as the store takes them."""

    events: pa.RecordBatch
    rejects: pa.RecordBatch
    links: pa.Table = field(default_factory=LINKS.empty_table)


@dataclass(frozen=True)
class Looked:
    """A batch as far as it can be known without the batches before it.

    Parameters
    ----------
    fixed, properties
        The store's columns by their names, and properties by the names of their columns.
    good
        bool[n]: which rows are events.
    rejects
        The other rows.
    columns
        Names of all columns of the batch.
    position, place
        Bytes of the file that have been read so far, and where reading goes on.
    hashed
        Digests of all that rows hold where some of them lack an id; else null.
    links
        Which ids of a row are one person.
    """

    fixed: dict[str, pa.Array]
    properties: dict[str, pa.Array]
    good: NDArray[np.bool_]
    rejects: pa.RecordBatch
    columns: tuple[str, ...]
    position: int
    place: Place
    hashed: pa.Array | None
    links: pa.Table


@dataclass
class RowMapper:
    """Maps the batches of one file, and remembers which property got which name.

    Parameters
    ----------
    file
        Number of the file in its import.
    mapping
        What its columns mean, nothing left open.
    timezone
        Zone of times without one.
    known
        Columns known before the first batch.
    words
        What a person calls the columns, for reasons; null for their names.
    """

    file: int
    mapping: FileMapping
    timezone: str
    known: tuple[str, ...] = ()
    property_names: dict[str, str] = field(default_factory=dict)
    seen_without_id: dict[bytes, int] = field(default_factory=dict)
    newly_seen: dict[bytes, int] = field(default_factory=dict)
    words: FileMapping | None = None

    def map(self, raw: RawRows) -> Mapped:
        """Turn a batch of raw rows into events and rejects."""
        return self.settle(self.look(raw))

    def look(self, raw: RawRows) -> Looked:
        """Do all that does not depend on the batches before; several threads may at once."""
        count = len(raw.row)
        roles, used = self._roles(raw.columns, count)
        time = read_times(roles["time"], self._format, zone=self.mapping.timezone or self.timezone)
        value, cost = read_money(roles["value"]), read_money(roles["cost"])
        refused = _refused(roles, bad_time=~time.ok, bad_money=value.bad | cost.bad)
        digest, message, hashed = self._identity(raw.columns, roles["id"])
        fixed = {
            "file": pa.repeat(pa.scalar(self.file, pa.int32()), count),
            "row": pa.array(raw.row, pa.int64()),
            "entity": trimmed(as_received(roles["entity"])),
            "name": trimmed(as_received(roles["event"])),
            "time_us": pa.array(time.time_us, pa.int64()),
            "digest": digest,
            "message_id": message,
            "value": _money(value),
            "cost": _money(cost),
            "currency": self._currency(roles["currency"], value, cost),
        }
        properties = {
            column: texts
            for column, values in raw.columns.items()
            if column not in used and (texts := as_received(values)).null_count < count
        }
        rejects = self._rejects(raw, roles, refused)
        return Looked(
            fixed,
            properties,
            refused == 0,
            rejects,
            columns=tuple(raw.columns),
            position=raw.position,
            place=raw.place,
            hashed=hashed,
            links=_links(roles["anonymous"], fixed, good=refused == 0),
        )

    def settle(self, looked: Looked) -> Mapped:
        """Do the rest, batch after batch in the order of the file: name properties, number rows without an id."""
        fixed = looked.fixed
        if looked.hashed is not None:
            without = fixed["message_id"].is_null().to_numpy(zero_copy_only=False)
            digest = self._with_numbers(fixed["digest"], looked.hashed, without)
            fixed = {**fixed, "digest": digest}
        named = {
            self.property_name(column, looked.columns): texts
            for column, texts in looked.properties.items()
        }
        events = pa.RecordBatch.from_pydict({**fixed, **named})
        if not looked.good.all():
            events = events.filter(pa.array(looked.good))
        return Mapped(events, looked.rejects, looked.links)

    @property
    def _format(self) -> TimeFormat:
        return parse_format(self.mapping.time_format or "iso")

    def _roles(
        self, columns: Mapping[str, pa.Array], count: int
    ) -> tuple[dict[str, pa.Array], set[str]]:
        """Return the column of every meaning, nulls where there is none, and the columns that are used up."""
        said = self.mapping
        used: set[str] = set()

        def column(spec: str | None) -> pa.Array:
            if spec is None:
                return pa.nulls(count, pa.string())
            parts = [spec] if spec in columns else spec.split("|")
            used.update(parts)
            return first_of([columns[part] for part in parts if part in columns], count)

        def constant(word: str) -> pa.Array:
            zeros = pa.array(np.zeros(count, dtype=np.int32))
            return pa.DictionaryArray.from_arrays(zeros, pa.array([word]))

        event, money = said.event or "", said.currency or ""
        roles = {name: column(getattr(said, name)) for name in ("entity", "value", "cost")}
        roles |= {name: coded(roles[name]) for name in ("value", "cost")}
        roles |= {name: plain(column(getattr(said, name))) for name in ("time", "id")}
        roles["anonymous"] = column(said.anonymous)
        roles["event"] = constant(event[1:]) if event.startswith("=") else column(event)
        roles["currency"] = constant(money) if is_code(money) else column(said.currency)
        return roles, used

    def _identity(
        self, columns: Mapping[str, pa.Array], ids: pa.Array
    ) -> tuple[pa.Array, pa.Array, pa.Array | None]:
        """Return digests and message ids; where some rows lack an id also what all of them hold."""
        count = len(ids)
        without = absent(ids)
        if self.mapping.id is None or without.all():
            return self._row_digests(columns, count), pa.nulls(count, pa.string()), None
        message = plain(trimmed(as_received(ids)))
        digest = text_digests(message.fill_null(""))
        if not without.any():
            return digest, message, None
        message = pc.if_else(pa.array(without), None, message)
        return digest, message, self._row_digests(columns, count)

    def _with_numbers(
        self, digest: pa.Array, hashed: pa.Array, without: NDArray[np.bool_]
    ) -> pa.Array:
        """Put into rows without an id their own digest, numbered among identical ones of the file.

        The store numbers identical rows itself when no row of an import has an id; here it takes every
        digest for an id. Such rows are few, and their digests are kept in memory.
        """
        found = digest.to_pylist()
        for place in np.flatnonzero(without).tolist():
            word = hashed[place].as_py()
            number = self.seen_without_id.get(word, 0)
            self.seen_without_id[word] = self.newly_seen[word] = number + 1
            found[place] = word
            if number:
                found[place] = text_digests(pa.array([f"{word.hex()} {number}"]))[0].as_py()
        return pa.array(found, pa.binary(16))

    def _row_digests(self, columns: Mapping[str, pa.Array], count: int) -> pa.Array:
        texts = canonical_columns(columns)
        return row_digests(texts or {"": pa.nulls(count, pa.string())})

    def _currency(self, column: pa.Array, value: Numbers, cost: Numbers) -> pa.Array:
        """Return the currency of rows that hold money."""
        if column.null_count == len(column):
            return column
        codes = each(trimmed(as_received(column)), pc.utf8_upper)
        held = (value.known | cost.known) & ~absent(column)
        if pa.types.is_dictionary(codes.type):
            kept = pc.if_else(pa.array(held), codes.indices, None)
            return pa.DictionaryArray.from_arrays(kept, codes.dictionary)
        return pc.if_else(pa.array(held), codes, None)

    def property_name(self, column: str, columns: tuple[str, ...]) -> str:
        """Name a property by the last part of its column, or by all parts where that would not be clear."""
        if column not in self.property_names:
            taken = set(self.property_names.values()) | RESERVED
            leaf, whole = column.rsplit(".", 1)[-1], column.replace(".", "_")
            every = {*self.known, *columns, *self.property_names}
            alike = [c for c in every if c != column and c.rsplit(".", 1)[-1] == leaf]
            name = whole if leaf in taken or (alike and leaf != column) else leaf
            while name in taken:
                name += "_"
            self.property_names[column] = name
        return self.property_names[column]

    def _rejects(
        self, raw: RawRows, roles: Mapping[str, pa.Array], refused: NDArray[np.int8]
    ) -> pa.RecordBatch:
        places = np.flatnonzero(refused)
        rows: list[Torn] = list(raw.torn)
        if len(places):
            picked = pa.array(places)
            texts = rawas_received(
                {name: column.take(picked) for name, column in raw.columns.items()}, len(places)
            )
            shown = {
                name: as_received(column.take(picked)).to_pylist() for name, column in roles.items()
            }
            for k, place in enumerate(places.tolist()):
                rule = REFUSALS[refused[place] - 1]
                reason = self._reason(rule, {name: cells[k] for name, cells in shown.items()})
                rows.append(Torn(int(raw.row[place]), rule.code, reason, texts[k]))
        rows.sort(key=lambda row: row.row)
        return reject_batch(self.file, rows)

    def _reason(self, rule: Refusal, cells: Mapping[str, str | None]) -> str:
        words = {name: _cell(cells[name]) for name in ("entity", "event", "time", "value", "cost")}
        return rule.reason.format(
            **words, mapping=self.words or self.mapping, format=self.mapping.time_format or "iso"
        )


def _refused(
    roles: Mapping[str, pa.Array], *, bad_time: NDArray[np.bool_], bad_money: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """Return int8[n]: the number of the first rule that each row breaks, 0 where it is an event."""
    checks = {
        "NO_ENTITY": absent(roles["entity"]),
        "NO_EVENT": absent(roles["event"]),
        "NO_TIME": absent(roles["time"]),
        "BAD_TIME": bad_time,
        "BAD_MONEY": bad_money,
    }
    refused = np.zeros(len(bad_time), dtype=np.int8)
    for number, rule in reversed(list(enumerate(REFUSALS, 1))):
        refused[checks[rule.code]] = number
    return refused


def _links(
    anonymous: pa.Array, fixed: Mapping[str, pa.Array], *, good: NDArray[np.bool_]
) -> pa.Table:
    """Return which two different ids stand in one row, each pair once with the first time."""
    if anonymous.null_count == len(anonymous):
        return LINKS.empty_table()
    one, other = plain(trimmed(as_received(anonymous))), plain(fixed["entity"])
    both = pc.and_(pc.not_equal(one, other), pa.array(good & ~absent(one))).fill_null(
        fill_value=False
    )
    rows = pa.table({"one": one, "other": other, "at_us": fixed["time_us"]}).filter(both)
    found = rows.group_by(["one", "other"], use_threads=False).aggregate([("at_us", "min")])
    return found.rename_columns(["one", "other", "at_us"])


def first_of(columns: list[pa.Array], count: int) -> pa.Array:
    """Return the first of several columns that holds something, row by row; nulls for no column."""
    if not columns:
        return pa.nulls(count, pa.string())
    if len(columns) == 1:
        return columns[0]
    found = [plain(as_received(column)) for column in columns]
    texts = [pc.if_else(pa.array(absent(column)), None, column) for column in found]
    return pc.coalesce(*texts)


def reject_batch(file: int, rows: list[Torn]) -> pa.RecordBatch:
    """Return refused rows as the store takes them."""
    return pa.RecordBatch.from_pydict(
        {
            "file": [file] * len(rows),
            "row": [row.row for row in rows],
            "code": [row.code for row in rows],
            "reason": [row.reason for row in rows],
            "raw": [row.raw for row in rows],
        },
        schema=REJECTS,
    )


def rawas_received(columns: Mapping[str, pa.Array], count: int) -> list[str]:
    """Return rows as JSON texts of their columns, empty cells left out."""
    cells = {name: as_received(column).to_pylist() for name, column in columns.items()}
    rows: Iterator[dict[str, str]] = (
        {name: values[k] for name, values in cells.items() if values[k] is not None}
        for k in range(count)
    )
    return [msgspec.json.encode(row).decode() for row in rows]


def _money(numbers: Numbers) -> pa.Array:
    return pa.array(numbers.value, pa.int64(), mask=~numbers.known)


def _cell(text: str | None) -> str:
    return "nothing" if text is None else repr(text[:60])
