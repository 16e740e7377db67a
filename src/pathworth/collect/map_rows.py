"""Raw rows turned into events; a row that cannot be one is refused with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.collect.canonical import canonical_columns, canonical_values, encoded, json_texts
from pathworth.collect.contracts import FileMapping, is_code
from pathworth.collect.numbers import Numbers, absent, flags, is_text, read_money
from pathworth.collect.readers import RawRows, Torn
from pathworth.collect.rules import REFUSALS, Refusal
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


@dataclass(frozen=True)
class Mapped:
    """A batch of events and, beside it, of refused rows, as the store takes them."""

    events: pa.RecordBatch
    rejects: pa.RecordBatch


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
    """

    file: int
    mapping: FileMapping
    timezone: str
    known: tuple[str, ...] = ()
    property_names: dict[str, str] = field(default_factory=dict)
    seen_without_id: dict[bytes, int] = field(default_factory=dict)

    def map(self, raw: RawRows) -> Mapped:
        """Turn a batch of raw rows into events and rejects."""
        count = len(raw.row)
        roles, used = self._roles(raw.columns, count)
        time = read_times(roles["time"], self._format, zone=self.mapping.timezone or self.timezone)
        value, cost = read_money(roles["value"]), read_money(roles["cost"])
        checks = {
            "NO_ENTITY": absent(roles["entity"]),
            "NO_EVENT": absent(roles["event"]),
            "NO_TIME": absent(roles["time"]),
            "BAD_TIME": ~time.ok,
            "BAD_MONEY": value.bad | cost.bad,
        }
        refused = np.zeros(count, dtype=np.int8)
        for number, rule in reversed(list(enumerate(REFUSALS, 1))):
            refused[checks[rule.code]] = number
        good = refused == 0
        digest, message = self._identity(raw.columns, roles["id"])
        fixed = {
            "file": pa.repeat(pa.scalar(self.file, pa.int32()), count),
            "row": pa.array(raw.row, pa.int64()),
            "entity": _trimmed(_texts(roles["entity"])),
            "name": _trimmed(_texts(roles["event"])),
            "time_us": pa.array(time.time_us, pa.int64()),
            "digest": digest,
            "message_id": message,
            "value": _money(value),
            "cost": _money(cost),
            "currency": self._currency(roles["currency"], value, cost),
        }
        events = pa.RecordBatch.from_pydict({**fixed, **self._properties(raw.columns, used)})
        if not good.all():
            events = events.filter(pa.array(good))
        return Mapped(events, self._rejects(raw, roles, refused))

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
            return pa.repeat(pa.scalar(word, pa.string()), count)

        event, money = said.event or "", said.currency or ""
        roles = {
            name: column(getattr(said, name)) for name in ("entity", "time", "value", "cost", "id")
        }
        roles["event"] = constant(event[1:]) if event.startswith("=") else column(event)
        roles["currency"] = constant(money) if is_code(money) else column(said.currency)
        return roles, used

    def _identity(
        self, columns: Mapping[str, pa.Array], ids: pa.Array
    ) -> tuple[pa.Array, pa.Array]:
        """Return digests and message ids; a row without an id goes by all that it holds."""
        count = len(ids)
        without = absent(ids)
        message = _trimmed(_texts(ids))
        if self.mapping.id is None or without.all():
            return self._row_digests(columns, count), pa.nulls(count, pa.string())
        digest = text_digests(message.fill_null(""))
        if without.any():
            digest = self._with_numbers(digest, self._row_digests(columns, count), without)
            message = pc.if_else(pa.array(without), None, message)
        return digest, message

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
            self.seen_without_id[word] = number + 1
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
        codes = pc.utf8_upper(_trimmed(_texts(column)))
        held = (value.known | cost.known) & ~absent(column)
        return pc.if_else(pa.array(held), codes, None)

    def _properties(self, columns: Mapping[str, pa.Array], used: set[str]) -> dict[str, pa.Array]:
        found: dict[str, pa.Array] = {}
        for column, values in columns.items():
            if column in used:
                continue
            texts = _texts(values)
            if texts.null_count < len(texts):
                found[self._property_name(column, columns)] = texts
        return found

    def _property_name(self, column: str, columns: Mapping[str, pa.Array]) -> str:
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
            texts = raw_texts(
                {name: column.take(picked) for name, column in raw.columns.items()}, len(places)
            )
            shown = {
                name: _texts(column.take(picked)).to_pylist() for name, column in roles.items()
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
            **words, mapping=self.mapping, format=self.mapping.time_format or "iso"
        )


def first_of(columns: list[pa.Array], count: int) -> pa.Array:
    """Return the first of several columns that holds something, row by row; nulls for no column."""
    if not columns:
        return pa.nulls(count, pa.string())
    if len(columns) == 1:
        only = columns[0]
        return only.dictionary_decode() if pa.types.is_dictionary(only.type) else only
    found = [_texts(column) for column in columns]
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


def raw_texts(columns: Mapping[str, pa.Array], count: int) -> list[str]:
    """Return rows as JSON texts of their columns, empty cells left out."""
    cells = {name: _texts(column).to_pylist() for name, column in columns.items()}
    rows: Iterator[dict[str, str]] = (
        {name: values[k] for name, values in cells.items() if values[k] is not None}
        for k in range(count)
    )
    return [msgspec.json.encode(row).decode() for row in rows]


def _texts(column: pa.Array) -> pa.Array:
    """Return a column as text as received: times as ISO, numbers at their shortest, empty as null."""
    if pa.types.is_nested(column.type):
        return json_texts(column)
    if is_text(column):
        column = column.cast(pa.string())
        empty = pc.equal(column, "")
        return pc.if_else(empty, None, column) if flags(empty).any() else column
    coded = encoded(column)
    values, kind = coded.dictionary, coded.dictionary.type
    if pa.types.is_timestamp(kind):
        texts = _iso(values)
    elif pa.types.is_temporal(kind):
        texts = values.cast(pa.string())
    elif is_text(values):
        texts = pc.if_else(pc.equal(values, ""), None, values.cast(pa.string()))
    else:
        texts = canonical_values(values)
    return texts.cast(pa.string()).take(coded.indices)


def _iso(values: pa.Array) -> pa.Array:
    """Return times as ``2024-01-31 12:00:00``, with digits below a second if any, zoned ones with Z."""
    zoned = values.type.tz is not None
    wall = values.cast(pa.timestamp("us", values.type.tz), safe=False).cast(pa.int64())
    texts = wall.cast(pa.timestamp("us")).cast(pa.string())
    texts = pc.replace_substring_regex(texts, r"\.?0{1,6}$", "") if _fractions(texts) else texts
    if not zoned:
        return texts
    return pc.binary_join_element_wise(texts, pa.scalar("Z"), pa.scalar(""))


def _fractions(texts: pa.Array) -> bool:
    return bool(flags(pc.match_substring(texts, ".")).any())


def _trimmed(texts: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(texts)


def _money(numbers: Numbers) -> pa.Array:
    return pa.array(numbers.value, pa.int64(), mask=~numbers.known)


def _cell(text: str | None) -> str:
    return "nothing" if text is None else repr(text[:60])
