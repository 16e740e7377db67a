"""Properties that are no columns from the beginning: what shards and tail hold of them together, when asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.store.arrays import TRAIT_KINDS, code_type, frozen
from pathworth.store.contracts import ColumnInfo, Columns, Kind, Shard
from pathworth.store.shards.dictionaries import NULLS, parse
from pathworth.store.shards.further import Followed, Further, FurtherColumn
from pathworth.store.shards.word_files import Words, texts_of
from pathworth.store.tail.columns import TYPES, Said, Values
from pathworth.store.tail.room import Room
from pathworth.store.tail.scratch import Fields, Picks, Scratch

Filled = dict[str, tuple[tuple[Kind, bool], FurtherColumn]]
_NOTHING = pa.array([], pa.large_string())


def kinds_of(base: Further, said: Mapping[str, Said]) -> dict[str, Kind | None]:
    """Return every property of shards or tail that is no column from the beginning, with its kind where known."""
    found = dict(base.kinds)
    for name, one in said.items():
        before = found.get(name, one.kind)
        found[name] = before if before in (None, one.kind) else "text"
    return found


@dataclass(frozen=True)
class TailMaker:
    """Makes columns of one snapshot with a tail, of what its base makes and of what the tail says.

    Parameters
    ----------
    base
        The properties of the base.
    shards
        Its shards.
    said
        What the events of the tail say, as of the snapshot.
    rows
        How many events those are.
    scratch
        The journeys that were gathered.
    timezone
        Of the workspace.
    filled
        Columns that the base lacks, kept for the snapshots that follow.
    room
        Where columns of gathered journeys lie.
    """

    base: Further
    shards: tuple[Shard, ...]
    said: Mapping[str, Said]
    rows: int
    scratch: tuple[Scratch, ...]
    timezone: str
    filled: Filled
    room: Room

    def there(self, name: str) -> bool:
        """Return whether the column of a property lies on the disk, or needs none of it."""
        return name not in self.base or self.base[name].built

    def make(self, name: str) -> FurtherColumn:
        """Return the column of a property, made first when it is not there."""
        base, said = self.base.find(name), self.said.get(name)
        if base is not None and said is not None and base.info.kind not in ("text", said.kind):
            return self.texts(name)
        return self._made(name, base, said)

    def texts(self, name: str) -> FurtherColumn:
        """Return the column of a property as texts, whatever they look like."""
        said = self.said.get(name)
        return self._made(name, self.base.texts(name), said and replace(said, kind="text"))

    def _made(self, name: str, base: FurtherColumn | None, said: Said | None) -> FurtherColumn:
        info = (
            base.info if base is not None else ColumnInfo(said.kind) if said is not None else None
        )
        if info is None:
            raise KeyError(name)
        fill = None if base is not None else 0 if info.kind == "text" else NULLS[info.kind]
        values = self._values(info, said, fill)
        held = base or self._filled(name, values)
        fields = Fields(tuple({name: one} for one in held.columns), {name: values}, self.room)
        made = [one.further(name, fields) for one in self.scratch]
        traits = None
        if held.traits is not None:
            traits = Followed(held.traits, [one for _, one in made if one is not None])
        columns = Followed(held.columns, [one for one, _ in made])
        return FurtherColumn(values.info, columns, traits)

    def _values(self, info: ColumnInfo, said: Said | None, fill: float | int | None) -> Values:
        """Return what the events of the tail hold, in the codes and of the kind that the base has."""
        texts = _NOTHING if said is None else said.texts
        held = np.zeros(self.rows, np.uint32) if said is None else said.codes
        if info.kind == "text":
            info, table = _coded(info, texts)
        else:
            known = parse(texts, info.kind, timezone=self.timezone)
            table = np.concatenate([np.array([NULLS[info.kind]], TYPES[info.kind]), known])
        return Values(info, fill, held, table)

    def _filled(self, name: str, values: Values) -> FurtherColumn:
        """Return a column that the base lacks: everywhere the same value."""
        kept = self.filled.get(name)
        if kept is None or kept[0] != values.key:
            traits = None
            if values.info.kind in TRAIT_KINDS:
                traits = tuple(frozen(values.filled(one.entities)) for one in self.shards)
            columns = tuple(frozen(values.filled(one.events)) for one in self.shards)
            kept = self.filled[name] = (
                values.key,
                FurtherColumn(values.info, columns, traits),
            )
        return kept[1]


def _coded(base: ColumnInfo, texts: pa.Array) -> tuple[ColumnInfo, NDArray]:
    """Return a column of texts with those of a tail behind the base's, and the code of each of the tail's from 1."""
    old = texts_of(base.values)
    place = pc.index_in(texts, value_set=old)
    known = place.is_valid().to_numpy(zero_copy_only=False)
    new = texts.filter(place.is_null())
    codes = np.zeros(len(texts) + 1, np.int64)
    codes[1:][known] = place.drop_null().to_numpy() + 1
    codes[1:][~known] = len(old) + 1 + np.arange(len(new))
    info = base
    if len(new):
        info = ColumnInfo("text", Words(pa.chunked_array([old, new])))
    return info, codes.astype(code_type(len(info.values)))


class Reached:
    """Columns of a shard that are there from the beginning, and by name the others too.

    Parameters
    ----------
    own, names
        Those that are there, and how they are called.
    further
        The others.
    pick
        What of a column is wanted; null where it has none.
    """

    def __init__(
        self,
        own: Columns,
        names: Collection[str],
        further: Further,
        pick: Callable[[FurtherColumn], NDArray | None],
    ) -> None:
        self._own, self._names = own, names
        self._further, self._pick = further, pick

    def __contains__(self, name: object) -> bool:
        return name in self._names or name in self._further

    def __getitem__(self, name: str, /) -> NDArray:
        if name in self._names:
            return self._own[name]
        column = self._further.find(name)
        found = None if column is None else self._pick(column)
        if found is None:
            raise KeyError(name)
        return found

    def pick(self, name: str, places: NDArray[np.int64]) -> NDArray:
        """Return some values of a column."""
        own = self._own
        if name in self._names and isinstance(own, Picks):
            return own.pick(name, places)
        return self[name][places]


class ReachedTraits(Reached):
    """Traits of a shard; whether a property makes one is known only when its column is there."""

    def __contains__(self, name: object) -> bool:
        if name in self._names:
            return True
        found = self._further.find(name) if isinstance(name, str) else None
        return found is not None and self._pick(found) is not None


def reaching(
    shards: Sequence[Shard],
    further: Further,
    *,
    columns: Collection[str],
    traits: Collection[str],
) -> tuple[Shard, ...]:
    """Return shards whose further columns are found by name."""
    return tuple(
        shard.with_columns(
            columns=Reached(shard.columns, columns, further, _column_of(place)),
            traits=ReachedTraits(shard.traits, traits, further, _trait_of(place)),
        )
        for place, shard in enumerate(shards)
    )


def _column_of(place: int) -> Callable[[FurtherColumn], NDArray | None]:
    return lambda found: found.columns[place]


def _trait_of(place: int) -> Callable[[FurtherColumn], NDArray | None]:
    return lambda found: None if found.traits is None else found.traits[place]
