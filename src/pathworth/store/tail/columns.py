"""Properties of new events: texts become codes as they come, and values of a kind when somebody asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import DTypeLike, NDArray

from pathworth.store.arrays import MONEY, TRAIT_KINDS, code_type
from pathworth.store.contracts import ColumnInfo, Kind
from pathworth.store.shards import columns as promoted
from pathworth.store.shards.columns import QUIET
from pathworth.store.shards.dictionaries import NULLS, Dictionary, KindWatch, parse
from pathworth.store.tail.batch import Base, Batch, Growing
from pathworth.store.tail.room import Room
from pathworth.store.texts import encoded

_FEW, _MANY = 1_000, 100_000
TYPES: Mapping[Kind, type] = {"number": np.float64, "flag": np.uint8, "time": np.int64}


@dataclass(frozen=True)
class Values:
    """What the rows of a tail hold of one column as of a moment; rows that come later change nothing in it.

    Parameters
    ----------
    info
        What the column holds.
    fill
        What stands in every row of the base, where the base has no such column; null where it has.
    held
        Codes, or int64 of money, by row.
    table
        The value of each code; null where codes or money are the values.
    """

    info: ColumnInfo
    fill: float | int | None
    held: NDArray
    table: NDArray | None = None

    @property
    def key(self) -> tuple[Kind, bool]:
        """Return what must be equal for values of an earlier moment to be good still."""
        return self.info.kind, self.fill is None

    def of(self, rows: NDArray[np.int64]) -> NDArray:
        """Return the values of rows, in the type of the column's kind."""
        values = self.held[rows]
        return values if self.table is None else self.table[values]

    @property
    def dtype(self) -> DTypeLike:
        """Return the type of the column's kind."""
        if self.info.kind == "text":
            return code_type(len(self.info.values))
        return np.int64 if self.info.kind == "money" else TYPES[self.info.kind]

    def filled(self, size: int) -> NDArray:
        """Return the column of so many rows of the base, which lacks it."""
        return np.full(size, self.fill, self.dtype)


@dataclass(frozen=True)
class Said:
    """What the events of a tail say of a property as of a moment: so many distinct texts, all of a kind."""

    column: TailColumn
    count: int
    kind: Kind

    @property
    def texts(self) -> pa.Array:
        """Return the distinct texts, in the order in which they came."""
        return self.column.texts(self.count)

    @property
    def codes(self) -> NDArray[np.uint32]:
        """Return uint32[n]: the code of each event's text from 1, 0 where it says nothing."""
        return self.column.codes


class TailColumn:
    """One property of the events of a tail.

    Parameters
    ----------
    base
        What the tail stands on.
    name
        The property.
    rows
        How many rows there are already, all of which say nothing.
    room
        Where their codes lie.
    """

    def __init__(self, base: Base, name: str, *, rows: int, room: Room) -> None:
        self.name, self._timezone = name, base.snapshot.timezone
        self._base = base.info(name)
        alone = base.alone.get(name)
        self._alone = () if alone is None else (alone,)
        self._least = 2 if name in QUIET else 1
        known = self._alone if self._base is None else self._base.values
        self._texts = Dictionary(known, empty=room.empty)
        self._watch = KindWatch()
        if self._base is None:
            self._watch.look(self._texts.values(), self._timezone)
        self._codes = Growing(np.uint32, room)
        self._codes.append(np.zeros(rows, np.uint32))
        self._filled = 0
        self._lock = Lock()
        self._made: tuple[int, Kind, Values] | None = None

    def fits(self, texts: pa.Array) -> int:
        """Return how many of the rows, from the first on, hold what the base's column can hold."""
        if self._base is None or self._base.kind == "text":
            return len(texts)
        distinct, codes = encoded(texts)
        if self._is_of_kind(distinct):
            return len(texts)
        fine = [self._is_of_kind(distinct[k : k + 1]) for k in range(len(distinct))]
        return int(np.argmin(np.array([*fine, True])[codes]))

    def _is_of_kind(self, texts: pa.Array) -> bool:
        watch = KindWatch()
        watch.look(texts, self._timezone)
        return not watch.seen or (self._base is not None and watch.kind == self._base.kind)

    def add(self, texts: pa.Array | None, rows: int) -> None:
        """Append rows; null when none of them says anything."""
        if texts is None:
            self._codes.append(np.zeros(rows, np.uint32))
            return
        distinct, codes = encoded(texts)
        before = len(self._texts)
        table = np.zeros(len(distinct) + 1, dtype=np.uint32)
        with self._lock:
            table[:-1] = self._texts.codes(distinct) + 1
        if self._base is None:
            self._watch.look(self._texts.values(before), self._timezone)
        self._codes.append(table[codes])
        self._filled += len(texts) - texts.null_count

    @property
    def kind(self) -> Kind:
        """Return what the column holds: as in the base, else what all texts are."""
        return self._watch.kind if self._base is None else self._base.kind

    @property
    def shown(self) -> bool:
        """Return whether the column belongs into shards, by the rules of a build."""
        if self._base is not None:
            return True
        distinct, filled = len(self._texts), self._filled
        many = distinct > promoted.DISTINCT or (filled >= _MANY and distinct > 0.9 * filled)
        unique = filled >= _FEW and distinct >= filled
        return distinct >= self._least and not (self.kind == "text" and (many or unique))

    @property
    def rank(self) -> tuple[int, str]:
        """Return what orders columns that the base lacks: the most often filled first."""
        return -self._filled, self.name

    @property
    def only(self) -> str | None:
        """Return the one text that there is, null when there are none or several."""
        return str(self._texts.values()[0]) if len(self._texts) == 1 else None

    @property
    def filled(self) -> bool:
        """Return whether every row says something."""
        return self._filled == len(self._codes)

    @property
    def empty(self) -> bool:
        """Return whether no row says anything."""
        return self._filled == 0

    def said(self) -> Said:
        """Return what there is as of now."""
        return Said(self, len(self._texts), self.kind)

    def texts(self, count: int) -> pa.Array:
        """Return the first distinct texts, while others may come."""
        with self._lock:
            return self._texts.values().slice(0, count)

    @property
    def codes(self) -> NDArray[np.uint32]:
        """Return uint32[n]: the code of each row's text from 1, 0 where it says nothing; others may come."""
        return self._codes.array

    def values(self) -> Values:
        """Return what all rows hold as of now; the same description for as long as no text is new."""
        size, kind = len(self._texts), self.kind
        if self._made is None or self._made[:2] != (size, kind):
            self._made = (size, kind, self._described(kind))
        info = self._made[2]
        return Values(info.info, info.fill, self._codes.array, info.table)

    def _described(self, kind: Kind) -> Values:
        base, none, code = self._base, np.zeros(0, np.uint32), len(self._alone)
        if kind == "text":
            known = () if base is None else base.values
            new = tuple(self._texts.values(len(known)).to_pylist())
            info = base if base and not new else ColumnInfo("text", (*known, *new))
            return Values(info, code if base is None else None, none)
        values = parse(self._texts.values(), kind, timezone=self._timezone)
        table = np.concatenate([np.array([NULLS[kind]], TYPES[kind]), values])
        return Values(base or ColumnInfo(kind), table[code] if base is None else None, none, table)


class TailColumns:
    """All columns of a tail.

    Parameters
    ----------
    base
        What it stands on.
    room
        Where large arrays lie.
    """

    def __init__(self, base: Base, room: Room) -> None:
        self._base, self._rows, self._room = base, 0, room
        self._money = {name: Growing(np.int64, room) for name in MONEY}
        self._held: dict[str, TailColumn] = {}

    def __len__(self) -> int:
        return self._rows

    def fits(self, batch: Batch) -> tuple[int, str | None]:
        """Return how many events, from the first on, the shards can hold, and the property that stops the next."""
        fit, stops = len(batch), None
        for name, texts in _said(batch).items():
            here = self._fit(name, texts)
            fit, stops = (here, name) if here < fit else (fit, stops)
        return fit, stops

    def _fit(self, name: str, texts: pa.Array) -> int:
        if name not in self._base.torn:
            return self._column(name).fits(texts)
        # Which events of the base hold the one text that there is, only the lake knows.
        return _first(pc.not_equal(texts, self._base.alone[name]))

    def add(self, batch: Batch) -> None:
        """Append events that fit."""
        said = _said(batch)
        for name in said:
            self._column(name)
        for name, column in self._held.items():
            column.add(said.get(name), len(batch))
        self._money["value"].append(batch.value)
        self._money["cost"].append(batch.cost)
        self._rows += len(batch)

    def _column(self, name: str) -> TailColumn:
        if name not in self._held:
            self._held[name] = self._new(name)
        return self._held[name]

    def _new(self, name: str) -> TailColumn:
        return TailColumn(self._base, name, rows=self._rows, room=self._room)

    def values(self) -> dict[str, Values]:
        """Return every column that the shards have now, in the order in which a build would put them."""
        known = self._base.promoted
        found = {name: self._values(name) for name in known if name not in QUIET}
        own = sum(name not in MONEY for name in found)
        new = [one for one in self._held.values() if self._is_new(one)]
        for column in sorted(new, key=lambda one: one.rank)[: max(promoted.PROMOTED - own, 0)]:
            found[column.name] = column.values()
        for name in QUIET:
            if name in known or (name in self._held and self._held[name].shown):
                found[name] = self._values(name)
        return found

    def _is_new(self, column: TailColumn) -> bool:
        known = (self._base.promoted, self._base.further, QUIET)
        return column.shown and not any(column.name in one for one in known)

    def _values(self, name: str) -> Values:
        if name in MONEY:
            return Values(ColumnInfo("money"), None, self._money[name].array)
        if name in self._held:
            return self._held[name].values()
        info, nothing = self._base.promoted[name], np.zeros(self._rows, np.uint8)
        if info.kind == "text":
            return Values(info, None, nothing)
        return Values(info, None, nothing, np.array([NULLS[info.kind]], TYPES[info.kind]))

    def quiet(self) -> tuple[dict[str, str], frozenset[str]]:
        """Return the one text of a source or currency that is no column, and which of them some events lack."""
        alone, torn, base = {}, set(), self._base
        for name in (name for name in QUIET if base.info(name) is None):
            column = self._held.get(name) or self._new(name)
            only = column.only
            if column.shown or only is None:
                continue
            alone[name] = only
            old = base.snapshot.events > 0 and (name in base.torn or base.alone.get(name) is None)
            if old or not column.filled:
                torn.add(name)
        return alone, frozenset(torn)

    def said(self, shown: Collection[str]) -> dict[str, Said]:
        """Return what events say, as of now, of the properties that are not among the columns that are shown."""
        apart = {*shown, *QUIET, *self._base.promoted}
        held = self._held.items()
        return {name: one.said() for name, one in held if name not in apart and not one.empty}

    @property
    def currency(self) -> str:
        """Return the one currency of all events, or the workspace's when there are several."""
        column = self._held.get("currency")
        if column is None:
            return self._base.snapshot.currency
        return column.only or self._base.currency


def _said(batch: Batch) -> dict[str, pa.Array]:
    """Return the texts of every column of which some event says something."""
    return {name: held for name, held in batch.texts.items() if held.null_count < len(held)}


def _first(holds: pa.Array) -> int:
    """Return the place of the first row that holds, how many there are when none does."""
    places = np.flatnonzero(pc.fill_null(holds, fill_value=False).to_numpy(zero_copy_only=False))
    return int(places[0]) if len(places) else len(holds)


def traits_of(infos: Mapping[str, ColumnInfo]) -> dict[str, ColumnInfo]:
    """Return the columns that are traits too."""
    return {name: info for name, info in infos.items() if info.kind in TRAIT_KINDS}
