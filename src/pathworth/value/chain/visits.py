"""Visits of steps: consecutive events of one step, what came next, after how long, and what it earned.

Events of no step between two events of one step do not separate them, and only the step's own
events measure the gap. A move comes before the age tau of its step; at that age without one the
visit is an exit, and whoever is younger at the end of the priced period is censored. A visit that
begins after an exit is a new entry. A step that means leaving ends the journey at once: what
follows within its tau is no part of it, what follows later is a new entry. From the step that
begins a contract on nothing is part of the chain, because its worth at purchase holds the rest; who
pays for a contract older than the data never enters it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part
from pathworth.kernels.visits import (
    CENSORED,
    CONTRACT,
    ENTRY,
    EXIT,
    IN_CHAIN,
    find_visits,
    follow_visits,
    sum_money,
)
from pathworth.value.chain.known import coded, earned, persona_codes
from pathworth.value.chain.plan import Plan

__all__ = ["CENSORED", "CONTRACT", "ENTRY", "EXIT", "IN_CHAIN", "Visits", "VisitsOf", "part_visits"]


@dataclass(frozen=True)
class Visits:
    """Visits as columns, one row each, ordered by group, shard, entity and time.

    Parameters
    ----------
    group, shard
        int16: of the entity; ``shard`` is its place in ``Snapshot.shards``, or -1 where one part is meant.
    entity
        int64: place of the entity in its shard.
    step
        int16: place of the step in ``MapDocument.steps``.
    start_us, end_us
        int64: time of the first and of the last event of the visit.
    first_event, last_event
        int64: half-open places in the shard's event arrays, from the first to the last event of the step.
    place
        uint8: ``IN_CHAIN`` for a sojourn of the priced chain, plus ``ENTRY`` for a first visit or one that
        begins after an exit; 0 outside of the priced period, under a contract and just after leaving.
    cause
        int16: the next visit's step, or ``EXIT``, or ``CENSORED``.
    sojourn_ms
        int64: to the start of the next visit, to tau, or to the end of the period; 0 at a leaving step.
    money_micro
        int64: net money of all the entity's events from this visit's start to the next one's, or to the exit,
        payments of a contract aside.
    persona
        uint8: stratum of the journey, known at its entry; a place in ``Plan.personas``.
    """

    group: NDArray[np.int16]
    shard: NDArray[np.int16]
    entity: NDArray[np.int64]
    step: NDArray[np.int16]
    start_us: NDArray[np.int64]
    end_us: NDArray[np.int64]
    first_event: NDArray[np.int64]
    last_event: NDArray[np.int64]
    place: NDArray[np.uint8]
    cause: NDArray[np.int16]
    sojourn_ms: NDArray[np.int64]
    money_micro: NDArray[np.int64]
    persona: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.step)

    @property
    def entry(self) -> NDArray[np.bool_]:
        """Return which visits begin a journey of the priced chain."""
        return (self.place & ENTRY) > 0

    @property
    def in_chain(self) -> NDArray[np.bool_]:
        """Return which visits are sojourns of the priced chain."""
        return (self.place & IN_CHAIN) > 0

    def where(self, rows: NDArray) -> Visits:
        """Return the given rows (a mask or places)."""
        return Visits(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @staticmethod
    def together(parts: list[Visits]) -> Visits:
        """Return the rows of several, in order."""
        return Visits(
            **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Visits)}
        )


@dataclass(frozen=True)
class VisitsOf:
    """The question for every visit of a map, with everything that decides them."""

    plan: Plan

    def fold(self, part: Part) -> Visits:
        """Return the visits of the part."""
        return part_visits(part, self.plan)

    def merge(self, left: Visits, right: Visits) -> Visits:
        """Put the visits of two parts one after the other."""
        return Visits.together([left, right])


def all_visits(journeys: Journeys, plan: Plan, *, engine: Engine) -> Visits:
    """Return every visit of the selection, group by group."""
    return Visits.together(engine.fold(plan.whole(journeys), VisitsOf(plan)))


def part_visits(part: Part, plan: Plan) -> Visits:
    """Fold the events of a part into visits.

    Parameters
    ----------
    part
        Whole entities; its selection must not cut time, since what came before and after decides.
    rules
        The map with tau, period and personas decided.
    """
    low, high = int(part.offset[0]), int(part.offset[-1])
    offset = part.offset - low
    time_us = part.shard.time_us[low:high]
    codes = coded(part, plan)
    entity, first, last = (np.empty(high - low, np.int64) for _ in range(3))
    step = np.empty(high - low, np.int16)
    n = find_visits(offset, codes, time_us, plan.gap_us, entity, step, first, last)
    entity, step, first, last = entity[:n], step[:n], first[:n], last[:n]
    start_us = time_us[first]
    place, cause = np.zeros(n, np.uint8), np.zeros(n, np.int16)
    sojourn_ms, money = np.zeros(n, np.int64), np.zeros(n, np.int64)
    net, under_contract = earned(part, plan)
    table = np.stack([plan.tau_ms, plan.ends])
    end_us = plan.span.to_us
    follow_visits(entity, step, start_us, table, under_contract, end_us, place, cause, sojourn_ms)
    until_us = np.where(cause >= 0, np.iinfo(np.int64).max, start_us + sojourn_ms * 1000)
    sum_money(offset, time_us, net, entity, first, last, until_us, money)
    persona = _personas(part, plan, entity, last, place)
    place[(start_us < plan.span.from_us) | (start_us >= end_us)] = 0
    return Visits(
        group=np.full(n, part.group, np.int16),
        shard=np.full(n, part.place, np.int16),
        entity=entity + part.first,
        step=step,
        start_us=start_us,
        end_us=time_us[last - 1],
        first_event=first + low,
        last_event=last + low,
        place=place,
        cause=cause,
        sojourn_ms=sojourn_ms,
        money_micro=money,
        persona=persona,
    )


def _personas(
    part: Part,
    plan: Plan,
    entity: NDArray[np.int64],
    last: NDArray[np.int64],
    place: NDArray[np.uint8],
) -> NDArray[np.uint8]:
    """Return every visit's stratum: the persona known by the end of the visit that began its journey."""
    known, since = persona_codes(part, plan.document.persona)
    strata = np.where(since[entity] < last, plan.stratum[known[entity]], plan.stratum[0])
    entry = np.where((place & ENTRY) > 0, np.arange(len(entity)), 0)
    begins = np.maximum.accumulate(np.maximum(entry, _first_of_entity(entity)))
    return strata[begins].astype(np.uint8)


def _first_of_entity(entity: NDArray[np.int64]) -> NDArray[np.int64]:
    starts = np.flatnonzero(np.diff(entity, prepend=-1))
    rows = np.zeros(len(entity), np.int64)
    rows[starts] = starts
    return rows
