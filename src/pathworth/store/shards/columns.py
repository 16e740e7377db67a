"""Which property columns are promoted into shards, and how their texts become typed values."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.store.arrays import code_type
from pathworth.store.contracts import Kind
from pathworth.store.shards.dictionaries import NULLS, PARSED, Dictionary, KindWatch, parse
from pathworth.store.texts import encoded

PROMOTED = 32
"""So many properties at most are columns of shards from the beginning; others become some when asked for."""
CANDIDATES = 48
QUIET = ("source", "currency")
"""Where events came from and their currency say something only when there are several."""
DISTINCT = 1_000_000
"""A text column with more distinct values is not promoted: readers hold its dictionary in memory."""
ROOM_VARIABLE, ROOM_MIB = "PATHWORTH_COLUMN_MIB", 1024
CARRIED = 16
"""So many columns that were asked for go on into the next snapshot; others are made again when asked for."""
_MANY, _FEW = 100_000, 1_000
DIRECT_TYPES: dict[Kind, type] = {"number": np.float64, "time": np.int64}


@dataclass(frozen=True)
class Said:
    """What some rows say of a property.

    Parameters
    ----------
    distinct
        Their texts, each once.
    filled
        How many rows have one.
    codes
        The place of each row's text there, -1 for none; null where no row has one, or nobody needs them.
    """

    distinct: pa.Array
    filled: int
    codes: NDArray | None

    @classmethod
    def of(cls, texts: pa.Array | None) -> Said:
        """Return what texts say; null for rows without the property."""
        if texts is None or texts.null_count == len(texts):
            return NOTHING
        distinct, codes = encoded(texts)
        return cls(distinct, len(texts) - texts.null_count, codes)


NOTHING = Said(pa.array([], pa.large_string()), 0, None)


class PropertyColumn:
    """One column of texts on its way into shards.

    Texts become codes; numbers and times with too many distinct values for a dictionary are parsed as they
    come; other texts with too many are not promoted, and left in the lake unless they were asked for.

    Parameters
    ----------
    name
        What the column is called in the snapshot.
    lake
        What it is called in the lake.
    values
        Texts that have codes already, by code from 1.
    least
        Fewer distinct values than this are not worth promoting; null when it is not promoted anyway.
    room
        Bytes that its dictionary may take although it is not promoted: 0 unless it was asked for.
    kinds
        What its texts may turn out to be; none to keep them as texts whatever they look like.
    direct
        Kinds that may be parsed as they come.
    """

    def __init__(
        self,
        name: str,
        lake: str,
        *,
        values: Sequence[str] = (),
        least: int | None = 1,
        room: int = 0,
        kinds: Collection[Kind] = PARSED,
        direct: Collection[Kind] = tuple(DIRECT_TYPES),
    ) -> None:
        self.name, self.lake, self.key = name, lake, f"p {lake}"
        self.dictionary = Dictionary(values)
        self.dropped = self.mixed = False
        self.many = least is None
        self.filled = self.rows = self.distinct = self.stood = 0
        self._least, self._room, self._direct_kinds = least, room, direct
        self._direct: Kind | None = None
        self._noted: tuple[Said | None, NDArray] = (None, np.zeros(0, np.int32))
        self._table: NDArray = np.zeros(0)
        self._watch = KindWatch(kinds)
        self._watch.look(self.dictionary.values(), "UTC")

    @property
    def kind(self) -> Kind:
        """Return the kind that all texts seen so far are."""
        return self._watch.kind

    @property
    def wanted(self) -> bool:
        """Return whether the column belongs into shards, now that every row has been seen."""
        distinct = len(self.dictionary)
        unique = self.kind == "text" and self.filled >= _FEW and distinct >= self.filled
        least = distinct + 1 if self._least is None else self._least
        return not (self.dropped or self.many or unique) and self.filled > 0 and distinct >= least

    @property
    def kept(self) -> bool:
        """Return whether it stays a column since it was asked for, promoted or not."""
        return self._room > 0 and self.filled > 0 and not self.dropped

    @property
    def only(self) -> str | None:
        """Return the one text that rows hold, null when they hold none or several."""
        return self.dictionary.values()[0].as_py() if len(self.dictionary) == 1 else None

    def take(self, texts: pa.Array | None, rows: int, *, timezone: str) -> NDArray | None:
        """Return the rows' values to set aside: unsigned codes, or parsed values; null when dropped.

        Parameters
        ----------
        texts
            The rows' texts; null when the column is not there.
        rows
            How many rows there are.
        """
        if self.dropped:
            self.rows += rows
            return None
        said = Said.of(texts)
        self.note(said, rows, timezone=timezone)
        return self.coded(said, rows, timezone=timezone)

    def note(self, said: Said, rows: int, *, timezone: str) -> None:
        """Take note of what rows say, before or without coding them.

        Parameters
        ----------
        said
            Their texts.
        rows
            How many rows there are.
        """
        self.rows += rows
        if self.dropped or not said.filled:
            return
        self.filled += said.filled
        if self._direct is not None:
            self._watch.look(said.distinct, timezone)
            # What was parsed can no longer be told as text.
            self.dropped = self.mixed = self.kind != self._direct
            return
        before = len(self.dictionary)
        self._noted = said, self.dictionary.codes(said.distinct)
        self._watch.look(self.dictionary.values(before), timezone)
        self._give_up_when_too_many()

    def coded(self, said: Said, rows: int, *, timezone: str) -> NDArray | None:
        """Return the values to set aside of rows that were noted, as ``take`` does."""
        kind, codes = self._direct, said.codes
        if self.dropped:
            return None
        if codes is None:
            return np.zeros(rows, np.uint8) if kind is None else _nulls(kind, rows)
        if kind is not None:
            known = parse(said.distinct, kind, timezone=timezone)
            return np.asarray(np.concatenate([known, _nulls(kind, 1)])[codes])
        noted, found = self._noted
        # What is set aside takes as much of the disk as shards do, at the same time.
        table = np.zeros(len(said.distinct) + 1, dtype=np.min_scalar_type(len(self.dictionary)))
        table[:-1] = (found if noted is said else self.dictionary.codes(said.distinct)) + 1
        values: NDArray = table[codes]
        return values

    def values(self, blocks: Sequence[NDArray], timezone: str) -> NDArray:
        """Return what was set aside as values of the column's kind, coded as ``ColumnInfo`` says."""
        if self.kind == "text":
            codes = code_type(len(self.dictionary))
            return np.concatenate([b.astype(codes) for b in blocks] or [self.nothing(0)])
        if len(self._table) != len(self.dictionary) + 1:
            known = parse(self.dictionary.values(), self.kind, timezone=timezone)
            self._table = np.concatenate([_nulls(self.kind, 1), known])
        table = self._table
        parts = [table[b] if b.dtype.kind == "u" else b for b in blocks]
        return np.concatenate(parts or [self.nothing(0)])

    def nothing(self, rows: int) -> NDArray:
        """Return so many rows of null, coded as ``ColumnInfo`` says."""
        if self.kind == "text":
            return np.zeros(rows, code_type(len(self.dictionary)))
        return _nulls(self.kind, rows)

    def _give_up_when_too_many(self) -> None:
        distinct = len(self.dictionary)
        if distinct > DISTINCT or (self.filled >= _MANY and distinct > 0.9 * self.filled):
            if self.kind in self._direct_kinds:
                self._direct = self.kind
            else:
                self.many = True
        if self.many and self.dictionary.size > self._room:
            self.dropped = True
            self.distinct, self.dictionary = distinct, Dictionary()


def _nulls(kind: Kind, rows: int) -> NDArray:
    types: dict[Kind, type] = {**DIRECT_TYPES, "flag": np.uint8}
    return np.full(rows, NULLS[kind], dtype=types[kind])


def candidates(
    filled: Mapping[str, int],
    lake_columns: Mapping[str, str],
    *,
    known: Mapping[str, Sequence[str]],
    first: Sequence[str] = (),
    asked: Sequence[str] = (),
) -> list[PropertyColumn]:
    """Return the columns that may be promoted, those that stay so first, then the most often filled.

    Those that were asked for and stand too far behind come last, and are not promoted.

    Parameters
    ----------
    filled
        How many rows hold each lake column.
    lake_columns
        Lake column of each property.
    known
        Properties promoted before, with their texts by code from 1.
    first
        Those of them that stay so whatever else is filled more often, in their order.
    asked
        Properties that were asked for and stay columns, promoted or not.
    """
    room = {name: dictionary_room() // len(asked) for name in asked}
    fresh = sorted(
        (name for name in lake_columns if name not in first),
        key=lambda name: (-filled.get(lake_columns[name], 0), name),
    )
    old = [name for name in first if name in lake_columns]
    found = [
        PropertyColumn(name, lake_columns[name], values=known.get(name, ()), room=room.get(name, 0))
        for name in [*old, *fresh][:CANDIDATES]
    ]
    stood = {name: place for place, name in enumerate(known)}
    for column in found:
        column.stood = stood.get(column.name, len(stood))
    for name in [*old, *fresh][CANDIDATES:]:
        if name in room:
            found.append(PropertyColumn(name, lake_columns[name], least=None, room=room[name]))
    for name in QUIET:
        if name not in lake_columns:
            found.append(PropertyColumn(name, name, values=known.get(name, ()), least=2))
    return found


def dictionary_room() -> int:
    """Return the bytes that the dictionary of a column may take that somebody asks for."""
    return int(os.environ.get(ROOM_VARIABLE, ROOM_MIB)) << 20


def carried(
    columns: Sequence[PropertyColumn], promoted: Sequence[PropertyColumn]
) -> list[PropertyColumn]:
    """Return the columns that stay in shards though they are not promoted."""
    return [column for column in columns if column.kept and column not in promoted]


def chosen(columns: Sequence[PropertyColumn]) -> list[PropertyColumn]:
    """Return the columns that are promoted: where they stood before, then in the order of the candidates."""
    wanted = [column for column in columns if column.wanted]
    own = [column for column in wanted if column.name != column.lake][:PROMOTED]
    own.sort(key=lambda column: column.stood)
    return [*own, *(column for column in wanted if column.name == column.lake)]
