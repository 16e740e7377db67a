"""Which events of each shard belong to a selection, kept for the questions that follow."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from pathworth.base.period import FOREVER_US
from pathworth.journeys.contracts import Journeys, Part
from pathworth.journeys.selection import ALL, cut_entities, entity_mask, fill_keep, whole
from pathworth.kernels.select import keep_shown
from pathworth.store import Shard, Snapshot

Keep = NDArray[np.uint8]
P = TypeVar("P")
_KEPT_BYTES = 1 << 30
"""Masks of earlier selections are kept for the next question up to this size together."""
_PIECE = 1 << 18


class Each(Protocol):
    """Runs a task for every part, in threads when there is enough to do; results come in order."""

    def __call__(self, tasks: Sequence[Part], run: Callable[[Part], P], /) -> list[P]:
        """Return what every task gave."""
        ...


class Masks:
    """The masks of selections that were asked for lately.

    What a selection chooses of a shard is kept apart from whom a snapshot leaves out, so that a snapshot
    that differs from the one before in a few people makes no shard evaluate a predicate again.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._chosen: dict[Hashable, tuple[weakref.ref[NDArray], Keep]] = {}
        self._shown: dict[Hashable, tuple[weakref.ref[Snapshot], tuple[Keep, ...]]] = {}

    def of(self, journeys: Journeys, each: Each) -> tuple[Keep, ...]:
        """Return the mask of the kept events of each shard, empty arrays where all are kept."""
        snapshot = journeys.snapshot
        if snapshot.hidden is None and snapshot.replaced is None:
            return self._chosen_of(journeys, each)
        key = (id(snapshot), *(() if _all(journeys) else _asked(journeys)))
        found = self._shown.get(key)
        if found is not None and found[0]() is snapshot:
            return found[1]
        with self._lock:
            # A byte an event: of the snapshot before there is none any more when this one's are made.
            self._make_room()
        made = _without(snapshot, self._chosen_of(journeys, each), each)
        with self._lock:
            self._shown[key] = (weakref.ref(snapshot), made)
            self._make_room()
        return made

    def forget(self) -> None:
        """Drop every mask."""
        with self._lock:
            self._chosen.clear()
            self._shown.clear()

    def _chosen_of(self, journeys: Journeys, each: Each) -> tuple[Keep, ...]:
        """Return what the selection chooses of each shard, whoever is left out."""
        shards = journeys.snapshot.shards
        if _all(journeys):
            return (ALL,) * len(shards)
        asked = _asked(journeys)
        found: dict[int, Keep] = {}
        for place, shard in enumerate(shards):
            held = self._chosen.get((id(shard.time_us), *asked))
            if held is not None and held[0]() is shard.time_us:
                found[place] = held[1]
        missing = [place for place in range(len(shards)) if place not in found]
        if missing:
            made = _evaluated(journeys, [shards[place] for place in missing], each)
            found.update(zip(missing, made, strict=True))
            with self._lock:
                for place in missing:
                    times = shards[place].time_us
                    self._chosen[id(times), *asked] = (weakref.ref(times), found[place])
                self._make_room()
        return tuple(found[place] for place in range(len(shards)))

    def _make_room(self) -> None:
        """Let go of masks of what is no longer there, then of the oldest; the newest stays."""
        for held in (self._shown, self._chosen):
            for key in [key for key, (there, _) in held.items() if there() is None]:
                del held[key]
        size = sum(mask.nbytes for _, masks in self._shown.values() for mask in masks)
        size += sum(mask.nbytes for _, mask in self._chosen.values())
        while size > _KEPT_BYTES and len(self._shown) > 1:
            size -= sum(mask.nbytes for mask in self._shown.pop(next(iter(self._shown)))[1])
        while size > _KEPT_BYTES and len(self._chosen) > 1:
            size -= self._chosen.pop(next(iter(self._chosen)))[1].nbytes


def _all(journeys: Journeys) -> bool:
    """Return whether every event is chosen."""
    return journeys.where is None and journeys.who is None and journeys.period.everything


def _asked(journeys: Journeys) -> tuple[Hashable, ...]:
    """Return what decides which events of a shard are chosen."""
    who, period, segments = journeys.who, journeys.period, journeys.snapshot.segments
    # What somebody did within a time counts back from the last event when no period ends before.
    says = (who or "").lower()
    counts_back = ("did" in says or "in_segment" in says) and period.to_us >= FOREVER_US
    end = journeys.snapshot.last_us if counts_back else None
    # Whose raw ids are asked for are others when links are said.
    links = journeys.snapshot.links if "person" in says or "in_segment" in says else 0
    return journeys.where, who, period, journeys.steps, segments, end, links


def _evaluated(journeys: Journeys, shards: Sequence[Shard], each: Each) -> list[Keep]:
    """Evaluate the selection over shards, in pieces."""
    snapshot, who = journeys.snapshot, journeys.who
    until = None if journeys.period.to_us >= FOREVER_US else journeys.period.to_us

    def people(shard: Shard) -> Keep | None:
        if who is None:
            return None
        return entity_mask(snapshot, shard, who=who, until_us=until, steps=journeys.steps)

    masks = {id(one): (np.empty(one.events, np.uint8), people(one)) for one in shards}

    def fill(piece: Part) -> None:
        out, entities = masks[id(piece.shard)]
        fill_keep(journeys, piece, entities=entities, out=out)

    tasks = [
        Part(-1, one, snapshot, a, b, ALL) for one in shards for a, b in cut_entities(one, _PIECE)
    ]
    each(tasks, fill)
    return [masks[id(shard)][0] for shard in shards]


def _without(snapshot: Snapshot, chosen: tuple[Keep, ...], each: Each) -> tuple[Keep, ...]:
    """Take whoever is left out from what is chosen of each shard."""

    def take(part: Part) -> Keep:
        place = part.place
        left_out = snapshot.left_out(place)
        if not left_out.size:
            return chosen[place]
        out = np.zeros(part.shard.events, np.uint8)
        keep_shown(part.shard.offset, left_out, chosen[place], out)
        return out

    return tuple(each([whole(snapshot, shard) for shard in snapshot.shards], take))
