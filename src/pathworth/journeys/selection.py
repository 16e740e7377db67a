"""Which events of a part hold a predicate, take a step, or belong to a selection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pathworth.base.predicate import Predicate, parse
from pathworth.journeys.contracts import Journeys, Part, Step
from pathworth.journeys.fields import EventArrays, EventFields, TraitArrays, TraitFields
from pathworth.journeys.predicates.bind import Bound, bind
from pathworth.journeys.predicates.masks import mask, write_mask
from pathworth.journeys.predicates.names import Names
from pathworth.journeys.predicates.terms import StepPlan, plan_steps
from pathworth.kernels.select import leave_out
from pathworth.store import Shard, Snapshot

T = TypeVar("T")
ALL = np.empty(0, np.uint8)
_KEPT_PLANS = 512
_lock = Lock()
_plans: dict[tuple[object, ...], tuple[object, object]] = {}


def _once(snapshot: Snapshot, question: tuple[object, ...], make: Callable[[], T]) -> T:
    """Return what was made for these dictionaries before, or make it.

    Folds ask part by part; binding a rule walks whole dictionaries. Dictionaries are told apart by identity
    (hashing 65,000 names per part would cost more than the fold) and held, so that no identity is reused.
    """
    held = (snapshot.names, snapshot.columns, snapshot.traits, snapshot.segments)
    key = (*map(id, held), snapshot.timezone, *question)
    found = _plans.get(key)
    if found is None:
        found = (held, make())
        with _lock:
            while len(_plans) >= _KEPT_PLANS:
                del _plans[next(iter(_plans))]
            _plans[key] = found
    return found[1]  # type: ignore[return-value]


def forget_plans() -> None:
    """Drop what predicates were bound to: the next question reads its dictionaries anew."""
    with _lock:
        _plans.clear()


def whole(snapshot: Snapshot, shard: Shard) -> Part:
    """Return all entities of a shard as one part, with every event kept."""
    return Part(-1, shard, snapshot, 0, shard.entities, ALL)


def cut_entities(shard: Shard, aim: int) -> Iterator[tuple[int, int]]:
    """Yield the first entity of each piece of about so many events, and the one behind its last."""
    cuts = np.arange(1, max(shard.events // aim, 1)) * aim
    edges = [0, *np.unique(np.searchsorted(shard.offset, cuts)).tolist(), shard.entities]
    return ((first, last) for first, last in pairwise(edges) if last > first)


def event_rule(
    snapshot: Snapshot, predicate: str | Predicate, *, steps: tuple[Step, ...] = ()
) -> Bound:
    """Return the tests of a predicate over events; raises as ``bind`` and ``parse``."""

    def make() -> Bound:
        read = parse(predicate) if isinstance(predicate, str) else predicate
        return bind(read, EventFields(snapshot), names=Names.of(snapshot, steps))

    return _once(snapshot, ("event", predicate, steps), make)


def trait_rule(
    snapshot: Snapshot, predicate: str | Predicate, *, steps: tuple[Step, ...] = ()
) -> Bound:
    """Return the tests of a predicate over people; raises as ``bind`` and ``parse``."""

    def make() -> Bound:
        read = parse(predicate) if isinstance(predicate, str) else predicate
        return bind(read, TraitFields(snapshot), names=Names.of(snapshot, steps))

    return _once(snapshot, ("trait", predicate, steps), make)


def step_plan(snapshot: Snapshot, steps: tuple[Step, ...]) -> StepPlan:
    """Return how the steps of a snapshot's events are found."""

    def make() -> StepPlan:
        return plan_steps([event_rule(snapshot, step.rule) for step in steps], snapshot)

    return _once(snapshot, ("steps", steps), make)


def event_mask(
    part: Part, predicate: str | Predicate, *, steps: tuple[Step, ...] = ()
) -> NDArray[np.uint8]:
    """Return which events of a part hold a predicate, kept or not.

    Parameters
    ----------
    part
        Whole entities; ``whole(snapshot, shard)`` for a shard.
    predicate
        Over the events' columns, and what their people had done by then.
    steps
        What the functions may name beside events; nothing in the rule of a step.

    Returns
    -------
    uint8[events of the part], aligned with ``[offset[0]:offset[-1]]`` of the shard.
    """
    return mask(event_rule(part.snapshot, predicate, steps=steps), EventArrays(part))


def entity_mask(
    snapshot: Snapshot,
    shard: Shard,
    *,
    who: str | Predicate,
    until_us: int | None = None,
    steps: tuple[Step, ...] = (),
) -> NDArray[np.uint8]:
    """Return which entities of a shard hold a predicate over people.

    Parameters
    ----------
    snapshot, shard
        Whose entities.
    who
        Over traits, and what people did.
    until_us
        Values and events from this instant on do not count; null for the very end.
    steps
        What the functions may name beside events.

    Returns
    -------
    uint8[entities of the shard].
    """
    return mask(trait_rule(snapshot, who, steps=steps), TraitArrays(shard, until_us, snapshot))


def step_codes(part: Part, steps: tuple[Step, ...]) -> NDArray[np.int16]:
    """Return the step of every event of a part.

    Parameters
    ----------
    part
        Whole entities; events that it does not keep get -1.
    steps
        In the order in which their rules are tried.

    Returns
    -------
    int16[events of the part]: index of the first step whose rule holds, -1 for none, aligned with
    ``[offset[0]:offset[-1]]`` of the shard.
    """
    codes = step_plan(part.snapshot, steps).codes(EventArrays(part))
    if part.keep.size:
        offset = part.offset
        codes[part.keep[int(offset[0]) : int(offset[-1])] == 0] = -1
    return codes


def fill_keep(
    journeys: Journeys, part: Part, *, entities: NDArray[np.uint8] | None, out: NDArray[np.uint8]
) -> None:
    """Write which events of a part belong to a selection into the shard's mask.

    Parameters
    ----------
    journeys
        The selection.
    part
        Whole entities, the range of the mask to write.
    entities
        uint8[entities of the shard] from ``entity_mask``; null when all are chosen.
    out
        uint8[events of the shard].
    """
    first, last = int(part.offset[0]), int(part.offset[-1])
    view = out[first:last]
    if journeys.where is None:
        view[:] = 1
    else:
        rule = event_rule(part.snapshot, journeys.where, steps=journeys.steps)
        write_mask(rule, EventArrays(part), out=view)
    period = journeys.period
    if not period.everything:
        time_us = part.shard.time_us[first:last]
        view &= ((time_us >= period.from_us) & (time_us < period.to_us)).view(np.uint8)
    if entities is not None:
        leave_out(part.offset - first, entities[part.first : part.last], view)
