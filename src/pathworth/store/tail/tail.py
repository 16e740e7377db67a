"""The tail of a snapshot: events that its shards lack, and the whole journeys of whoever they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.store.arrays import shard_of
from pathworth.store.contracts import ColumnInfo, Kind, Replaced, Shard, Snapshot
from pathworth.store.identity.changes import changed
from pathworth.store.identity.persons import NOBODY_JOINED, Persons
from pathworth.store.shards.dictionaries import Dictionary
from pathworth.store.shards.further import Further, Named, NamedTraits
from pathworth.store.shards.snapshots import name_of
from pathworth.store.tail.batch import Base, Batch, Growing
from pathworth.store.tail.columns import TailColumns, Values, traits_of
from pathworth.store.tail.further import Filled, TailMaker, kinds_of, reaching
from pathworth.store.tail.room import Room
from pathworth.store.tail.scratch import Fields, Pieces, Places, Scratch, origins, widened
from pathworth.store.texts import hash64, places_in

SCRATCH_EVENTS = 2_000_000
"""Journeys that are gathered grow together to about so many events; then others begin beside them."""
NOWHERE = -1
RawIds = Callable[[NDArray[np.int64], pa.Array], pa.Array | None]
"""Returns the raw id of each event by ascending numbers, given the ids that come into question; or null."""


@dataclass(frozen=True)
class Still:
    """A snapshot with what new shards can be made of.

    Parameters
    ----------
    snapshot, values
        Everybody, and what each column holds.
    alone, torn
        As in the manifest of shards.
    kinds
        The properties that are no columns from the beginning, with their kinds where known.
    persons
        Whose each raw id is.
    """

    snapshot: Snapshot
    values: Mapping[str, Values]
    alone: dict[str, str]
    torn: frozenset[str]
    kinds: Mapping[str, Kind | None]
    persons: Persons


@dataclass(frozen=True)
class _Lies:
    """Journeys and where they lie: int64[n] each of whose they are, their shard, and their place there."""

    who: Places
    shard: Places
    entity: Places


class Tail:
    """Takes new events and lays the whole journeys of the people whom they touch out as further shards.

    Every change gives another snapshot: an entity's journey lies in the newest shard that holds it and is
    replaced in the others. Snapshots that were handed out stay as they are.

    Parameters
    ----------
    base
        What the tail stands on; nothing of it is copied before somebody of it is touched.
    room
        Where large arrays lie; null for memory.
    """

    def __init__(self, base: Base, room: Room | None = None) -> None:
        self.base, self.snapshot, self._room = base, base.snapshot, room or Room()
        self.stuck: str | None = None
        self.erased = 0
        held = base.snapshot.persons
        self.persons = held if isinstance(held, Persons) else NOBODY_JOINED
        self._columns = TailColumns(base, self._room)
        self._fields = Fields(tuple(one.columns for one in base.snapshot.shards), {}, self._room)
        self._shards = base.snapshot.shards
        self._scratch: tuple[Scratch, ...] = ()
        self._replaced = [_Mask(one) for one in base.snapshot.shards]
        self._names = Dictionary(base.snapshot.names)
        self._ids = Dictionary(empty=self._room.empty)
        self._shard = Growing(np.int64, self._room)
        self._entity = Growing(np.int64, self._room)
        self._infos: Mapping[str, ColumnInfo] = base.promoted
        self._filled: Filled = {}

    @property
    def scratch_events(self) -> int:
        """Return how many events lie in gathered journeys, those that were replaced since included."""
        return sum(len(one.origin) for one in self._scratch)

    def still(self) -> Still:
        """Return the snapshot as it is now, to be written."""
        return Still(
            self.snapshot,
            self._columns.values(),
            *self._columns.quiet(),
            kinds=self._further().kinds,
            persons=self.persons,
        )

    def add(self, batch: Batch) -> None:
        """Take events in, up to the first that the shards cannot hold; ``stuck`` then says for which property.

        Parameters
        ----------
        batch
            Events whose numbers follow those of the events before.
        """
        fit, stops = self._columns.fits(batch) if self.stuck is None else (0, self.stuck)
        if stops is not None:
            self.stuck, batch = stops, batch.cut(0, fit)
        if not len(batch):
            return
        rows = np.arange(len(self._columns), len(self._columns) + len(batch))
        self._columns.add(batch)
        who = self._numbers(self.persons.of(batch.entity))
        names = self._names.codes(batch.name)
        origin = origins(len(self.base.snapshot.shards), rows)
        names = names.astype(np.uint32)
        news = Pieces(self._room, [who], [batch.time_us], [batch.seq], [names], [origin])
        self._gather(self._lie(self._each([who])), news)
        spans = [int(batch.time_us.min()), int(batch.time_us.max())]
        if self.snapshot.events:
            spans += [self.snapshot.first_us, self.snapshot.last_us]
        self._show(int(batch.seq[-1]), min(spans), max(spans))

    def erase(self, gone: Iterable[str], *, until: int = 0) -> None:
        """Let the journeys of whoever bears some raw ids go.

        Parameters
        ----------
        gone
            The ids.
        until
            Number of the last erasure, which tells this snapshot from one that holds them still.
        """
        people = self.persons.of(pa.array(list(gone), pa.large_string())).unique()
        self._renew()
        self._leave(self._lie(self._each([self._numbers(people)])))
        self.erased = max(self.erased, until)
        self._show(self.snapshot.seq, *self._span())

    def join(self, persons: Persons, raw: RawIds) -> bool:
        """Let raw ids be other people's from now on: journeys are put together, and taken apart by their events.

        Parameters
        ----------
        persons
            Whose each raw id is now.
        raw
            Says under which id events were said, of journeys that are taken apart.

        Returns
        -------
        Whether it was done; not where the events of a journey are not found, and nothing has changed then.
        """
        held = changed(self.persons, persons)
        froms = self._numbers(pa.concat_arrays([held.whole, held.torn]))
        torn = froms[len(held.whole) :]
        takers = np.concatenate([self._numbers(held.takers), torn])
        pieces = Pieces(self._room)
        self._take(self._lie(froms), pieces, whose=takers)
        if len(torn) and not self._tear(pieces, torn, persons=persons, held=held.ids, raw=raw):
            return False
        self._lay(self._lie(froms), pieces)
        self.persons = persons
        self._show(self.snapshot.seq, self.snapshot.first_us, self.snapshot.last_us)
        return True

    def _tear(
        self, pieces: Pieces, torn: Places, *, persons: Persons, held: pa.Array, raw: RawIds
    ) -> bool:
        """Give every event of journeys that are taken apart to whose it is; false when one is not found."""
        mine = [np.flatnonzero(np.isin(whose, torn)) for whose in pieces.whose]
        own = [seq[chosen] for seq, chosen in zip(pieces.seq, mine, strict=True)]
        seqs = np.sort(np.concatenate([np.zeros(0, np.int64), *own])).astype(np.int64)
        ids = raw(seqs, held)
        if ids is None:
            return False
        takers = self._numbers(persons.of(ids))
        for whose, chosen, seq in zip(pieces.whose, mine, own, strict=True):
            whose[chosen] = takers[np.searchsorted(seqs, seq)]
        return True

    def _numbers(self, ids: pa.Array) -> Places:
        """Return int64[n]: the number of each entity in the tail; who is new is looked for in the base."""
        known = len(self._ids)
        codes = self._ids.codes(ids).astype(np.int64)
        new = self._ids.values(known)
        shards = self.base.snapshot.shards
        entity = np.full(len(new), NOWHERE, np.int64)
        shard = shard_of(hash64(new), max(len(shards), 1))
        for number in np.unique(shard).tolist() if shards else ():
            entity[shard == number] = places_in(
                shards[number], new.filter(pa.array(shard == number))
            )
        shard = np.where(entity >= 0, shard, NOWHERE)
        self._shard.append(shard)
        self._entity.append(entity)
        return codes

    def _each(self, whose: Iterable[Places]) -> Places:
        """Return every number once, rising: marked instead of sorted, since events are many times as many."""
        there = np.zeros(len(self._ids), np.bool_)
        for some in whose:
            there[some] = True
        return np.flatnonzero(there)

    def _lie(self, who: Places) -> _Lies:
        return _Lies(who, self._shard.array[who], self._entity.array[who])

    def _leave(self, lies: _Lies) -> None:
        """Replace journeys where they lie."""
        self._shard.array[lies.who] = NOWHERE
        for number in np.unique(lies.shard[lies.shard >= 0]).tolist():
            self._replaced[number].set(lies.entity[lies.shard == number])

    def _gather(self, lies: _Lies, pieces: Pieces) -> None:
        """Lay journeys out anew from where they lie and from new events."""
        self._take(lies, pieces, whose=lies.who)
        self._lay(lies, pieces)

    def _take(self, lies: _Lies, pieces: Pieces, *, whose: Places) -> None:
        """Take the events of journeys from where they lie, each journey for somebody."""
        shards = (*self.base.snapshot.shards, *(one.shard for one in self._scratch))
        for number in np.unique(lies.shard[lies.shard >= 0]).tolist():
            mine = lies.shard == number
            origin = self._origin(number)
            pieces.take(shards[number], lies.entity[mine], whose=whose[mine], origin=origin)

    def _lay(self, lies: _Lies, pieces: Pieces) -> None:
        """Let journeys leave where they lie, and lay out what was taken of them and what is new."""
        fields = self._renew()
        self._leave(lies)
        self._absorb(pieces)
        if not pieces.events:
            return
        who = self._each(pieces.whose)
        ids = self._ids.values().take(pa.array(who))
        made = pieces.laid_out(who, ids, names=len(self._names), fields=fields)
        number = len(self._shards) + len(self._scratch)
        self._shard.array[made.who] = number
        self._entity.array[made.who] = np.arange(len(made.who))
        self._scratch = (*self._scratch, made)
        self._replaced.append(_Mask(made.shard))

    def _origin(self, number: int) -> Places | int:
        base = len(self._shards)
        return number if number < base else self._scratch[number - base].origin

    def _absorb(self, pieces: Pieces) -> None:
        """Take in gathered journeys of which most are replaced, and the newest that are not much more than what comes.

        So few shards remain, and of the events in them no more are replaced than are not.
        """
        for place in reversed(range(len(self._scratch))):
            if 2 * self._mask_of(place).events > len(self._scratch[place].origin):
                self._let_in(place, pieces)
        while self._scratch:
            place = len(self._scratch) - 1
            live = len(self._scratch[place].origin) - self._mask_of(place).events
            if live > 2 * pieces.events or live + pieces.events > SCRATCH_EVENTS:
                return
            self._let_in(place, pieces)

    def _mask_of(self, place: int) -> _Mask:
        return self._replaced[len(self._shards) + place]

    def _let_in(self, place: int, pieces: Pieces) -> None:
        """Take what is live of gathered journeys, and let go of them; those behind them move up."""
        held, number = self._scratch[place], len(self._shards) + place
        stay = np.flatnonzero(self._replaced[number].live())
        pieces.take(held.shard, stay, whose=held.who[stay], origin=held.origin)
        self._scratch = (*self._scratch[:place], *self._scratch[place + 1 :])
        del self._replaced[number]
        lies = self._shard.array
        lies[lies > number] -= 1

    def _renew(self) -> Fields:
        """Return where columns come from now; what was laid out follows when there are others than before."""
        values, before = self._columns.values(), self._fields.values
        fields = replace(self._fields, values=values)
        if _keys(values) != _keys(before):
            self._shards = widened(self.base.snapshot.shards, values)
            self._scratch = tuple(one.renewed(fields) for one in self._scratch)
        self._fields = fields
        return fields

    def _show(self, seq: int, first_us: int, last_us: int) -> None:
        """Make the snapshot of what there is now; descriptions that are the same stay the same objects."""
        held = self.snapshot
        now = {name: one.info for name, one in self._fields.values.items()}
        if list(now) != list(self._infos) or now != self._infos:
            self._infos = now
        infos, traits = self._infos, traits_of(self._infos)
        further = self._further()
        shards = (*self._shards, *(one.shard for one in self._scratch))
        names = held.names
        if len(self._names) > len(names):
            names = (*names, *self._names.values(len(names)).to_pylist())
        self.snapshot = replace(
            held,
            id=name_of(held.home, self.persons.change, erased=self.erased),
            seq=seq,
            shards=reaching(shards, further, columns=infos, traits=traits),
            names=names,
            columns=Named(infos, further, lambda found: found.info),
            traits=NamedTraits(traits, further, lambda found: found.info if found.traits else None),
            first_us=first_us,
            last_us=last_us,
            currency=self._columns.currency,
            replaced=self._all_replaced(),
            on_use=further,
            persons=self.persons,
        )

    def _further(self) -> Further:
        """Return the properties that are no columns from the beginning, as of now."""
        base, said = self.base.further, self._columns.said(self._fields.values)
        maker = TailMaker(
            base,
            self.base.snapshot.shards,
            said,
            rows=len(self._columns),
            scratch=self._scratch,
            timezone=self.base.snapshot.timezone,
            filled=self._filled,
            room=self._room,
        )
        return Further(kinds_of(base, said), {}, maker=maker)

    def _all_replaced(self) -> Replaced | None:
        entities = sum(one.entities for one in self._replaced)
        events = sum(one.events for one in self._replaced)
        masks = tuple(one.mask for one in self._replaced)
        return Replaced(masks, entities, events) if entities else None

    def _span(self) -> tuple[int, int]:
        """Return the time of the first and of the last event of whoever is left; 0 and 0 when nobody is."""
        times = [
            shard.time_us[np.repeat(mask.live(), np.diff(shard.offset))]
            for shard, mask in zip(
                (*self._shards, *(one.shard for one in self._scratch)), self._replaced, strict=True
            )
        ]
        every = np.concatenate([np.zeros(0, np.int64), *times])
        return (int(every.min()), int(every.max())) if len(every) else (0, 0)


class _Mask:
    """Who is replaced in one shard; an array that was handed out is never written to."""

    def __init__(self, shard: Shard) -> None:
        self._shard = shard
        self.mask: NDArray[np.uint8] = np.empty(0, np.uint8)
        self.entities = self.events = 0

    def set(self, entities: Places) -> None:
        """Note that entities who were live are replaced."""
        held = self.mask if self.mask.size else np.zeros(self._shard.entities, np.uint8)
        self.mask = held.copy()
        self.mask[entities] = 1
        self.entities += len(entities)
        offset = self._shard.offset
        self.events += int((offset[entities + 1] - offset[entities]).sum())

    def live(self) -> NDArray[np.bool_]:
        """Return bool[n_entity]: who is not replaced."""
        return self.mask == 0 if self.mask.size else np.ones(self._shard.entities, np.bool_)


def _keys(values: Mapping[str, Values]) -> list[tuple[object, ...]]:
    return [(name, *one.key) for name, one in values.items()]
