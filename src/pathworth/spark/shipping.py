"""A selection in two parts that can be sent: what all tasks know of it, and its shards, one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Journeys, nothing
from pathworth.spark.sending import InFile, mapped_by
from pathworth.store import (
    PARTS,
    Awaited,
    Block,
    Columns,
    Hidden,
    Replaced,
    Shard,
    Snapshot,
    at_hand,
    carried_at,
)

Left = TypeVar("Left", Hidden, Replaced)
_NOBODY = np.empty(0, np.uint8)


@dataclass(frozen=True)
class OneShard:
    """A shard, which of how many it is, and who is left out of it: one mask each, uncounted, or null."""

    place: int
    count: int
    shard: Shard | AwayShard
    hidden: Hidden | None
    replaced: Replaced | None

    def of(self, journeys: Journeys) -> Journeys:
        """Return the selection of this shard alone, with nobody in the others."""
        shard = self.shard.open() if isinstance(self.shard, AwayShard) else self.shard
        none = _emptied(shard)
        shards = tuple(shard if k == self.place else none for k in range(self.count))
        alone = replace(
            journeys.snapshot,
            shards=shards,
            hidden=_padded(self.hidden, self.place, shards),
            replaced=_padded(self.replaced, self.place, shards),
        )
        return replace(journeys, snapshot=alone)


@dataclass(frozen=True)
class AwayShard:
    """A shard whose file lies at an address and need not be here: what is found where in it.

    Parameters
    ----------
    found
        Where the file is found.
    parts
        What it holds of every shard.
    columns, traits
        By name: where each lies in the file, or the values of one that lies elsewhere.
    """

    found: str
    parts: Mapping[str, Block]
    columns: Mapping[str, Block | NDArray]
    traits: Mapping[str, Block | NDArray]

    @classmethod
    def of(cls, snapshot: Snapshot, place: int, *, shard: Awaited) -> AwayShard:
        """Return a shard with the columns that are there; nothing that lies in its file is read."""
        lies = shard.lies
        columns: dict[str, Block | NDArray] = {}
        traits: dict[str, Block | NDArray] = {}
        for name in at_hand(snapshot):
            carried, last = carried_at(snapshot, name, place=place)
            columns[name] = lies.column(name) or carried or shard.columns[name]
            if name in snapshot.traits:
                traits[name] = lies.trait(name) or last or shard.traits[name]
        parts = {name: lies.blocks[name] for name in PARTS}
        return cls(lies.found, parts, columns, traits)

    def open(self) -> Shard:
        """Return the shard, which is fetched when it is not on this machine."""
        return Shard(
            columns={name: self._read(place) for name, place in self.columns.items()},
            traits={name: self._read(place) for name, place in self.traits.items()},
            **{name: self._read(place) for name, place in self.parts.items()},
        )

    def _read(self, place: Block | NDArray) -> NDArray:
        if isinstance(place, Block):
            return InFile(self.found, place.at, place.dtype, place.count).open()
        return place


def lies_in_files(shard: Shard) -> bool:
    """Return whether another machine can open a shard: none can open what came in since shards were written."""
    return isinstance(shard, Awaited) or mapped_by(shard.time_us) is not None


def bare(journeys: Journeys) -> Journeys:
    """Return a selection without its shards, and with the columns that are there.

    Columns that are made on demand and were not asked for yet do not come along: whoever asks a question makes them
    first.
    """
    snapshot = journeys.snapshot
    columns = {name: snapshot.columns[name] for name in at_hand(snapshot)}
    traits = {name: snapshot.traits[name] for name in columns if name in snapshot.traits}
    known = replace(
        snapshot,
        shards=(),
        columns=columns,
        traits=traits,
        hidden=None,
        replaced=None,
        on_use={},
    )
    return replace(journeys, snapshot=known)


def one_shard(snapshot: Snapshot, place: int) -> OneShard:
    """Return a shard with the columns that are there."""
    shard = snapshot.shards[place]
    plain: Shard | AwayShard
    if isinstance(shard, Awaited):
        plain = AwayShard.of(snapshot, place, shard=shard)
    else:
        columns = at_hand(snapshot)
        traits = [name for name in columns if name in snapshot.traits]
        plain = shard.with_columns(
            columns={name: shard.columns[name] for name in columns},
            traits={name: shard.traits[name] for name in traits},
        )
    left_out = _only(snapshot.hidden, place), _only(snapshot.replaced, place)
    return OneShard(place, len(snapshot.shards), plain, *left_out)


def some(journeys: Journeys, places: Collection[int]) -> Journeys:
    """Return a selection of some shards as they are, with nobody in the others."""
    snapshot = journeys.snapshot
    none = _emptied(snapshot.shards[min(places)])
    shards = [one if k in places else none for k, one in enumerate(snapshot.shards)]
    part = replace(
        snapshot,
        shards=tuple(shards),
        hidden=_among(snapshot.hidden, snapshot, places),
        replaced=_among(snapshot.replaced, snapshot, places),
    )
    return replace(journeys, snapshot=part)


class _First:
    """The first values of the columns of a shard."""

    def __init__(self, held: Columns, count: int) -> None:
        self._held, self._count = held, count

    def __contains__(self, name: object) -> bool:
        return name in self._held

    def __getitem__(self, name: str, /) -> NDArray:
        return self._held[name][: self._count]


def _emptied(shard: Shard) -> Shard:
    """Return a shard with the columns of another one and nobody in it."""
    none = nothing()
    return replace(none, columns=_First(shard.columns, 0), traits=_First(shard.traits, 0))


def _first_of(shard: Shard) -> Shard:
    """Return a shard with its first entity alone."""
    events, letters = int(shard.offset[1]), int(shard.id_offset[1])
    return Shard(
        group_start=np.minimum(shard.group_start, 1),
        offset=shard.offset[:2],
        name=shard.name[:events],
        time_us=shard.time_us[:events],
        seq=shard.seq[:events],
        columns=_First(shard.columns, events),
        traits=_First(shard.traits, 1),
        id_offset=shard.id_offset[:2],
        id_bytes=shard.id_bytes[:letters],
    )


def sample(journeys: Journeys, place: int) -> Journeys:
    """Return a selection of the first entity of a shard that has one, with nobody in the others."""
    snapshot = journeys.snapshot
    shard, none = _first_of(snapshot.shards[place]), _emptied(snapshot.shards[place])
    shards = [shard if k == place else none for k in range(len(snapshot.shards))]
    everybody = replace(snapshot, shards=tuple(shards), hidden=None, replaced=None)
    return replace(journeys, snapshot=everybody)


def _among(left_out: Left | None, snapshot: Snapshot, places: Collection[int]) -> Left | None:
    """Return who is left out of some shards, in the places of all of them."""
    if left_out is None:
        return None
    masks = {k: left_out.masks[k] for k in places}
    return _counted(left_out, masks, {k: snapshot.shards[k] for k in places}, snapshot.shards)


def _only(left_out: Left | None, place: int) -> Left | None:
    """Return who is left out of one shard, as one mask; whoever opens the shard counts them."""
    if left_out is None:
        return None
    return replace(left_out, masks=(left_out.masks[place],), entities=0, events=0)


def _padded(left_out: Left | None, place: int, shards: Sequence[Shard]) -> Left | None:
    """Return who is left out of one shard among all."""
    if left_out is None:
        return None
    return _counted(left_out, {place: left_out.masks[0]}, {place: shards[place]}, shards)


def _counted(
    left_out: Left,
    masks: Mapping[int, NDArray[np.uint8]],
    shards: Mapping[int, Shard],
    every: Collection[Shard],
) -> Left:
    entities = sum(int(mask.sum()) for mask in masks.values())
    events = sum(
        int(np.diff(shards[k].offset)[mask > 0].sum()) for k, mask in masks.items() if mask.size
    )
    held = tuple(masks.get(k, _NOBODY) for k in range(len(every)))
    return replace(left_out, masks=held, entities=entities, events=events)
