"""How many people of a step did its signs, the small events that tell of progress in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.atlas import MapDocument
from pathworth.base.errors import UnknownName
from pathworth.journeys import Engine, Journeys, Part, event_mask, local_engine
from pathworth.value.chain import Plan, Visits, decide
from pathworth.value.chain.visits import part_visits

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class SignCount:
    """A sign of a step, and who did it.

    Parameters
    ----------
    step, name, rule
        Id of the step, and the sign.
    people
        How many of the step's people did it in the period, once they had come to the step or as they came.
    of
        How many people the step has in the period.
    events
        How often it came at all, whatever is selected; none is a hole in what is recorded.
    """

    step: str
    name: str
    rule: str
    people: int
    of: int
    events: int


def count_signs(
    journeys: Journeys, document: MapDocument, *, engine: Engine | None = None
) -> tuple[SignCount, ...]:
    """Count the people of each step who did each of its signs.

    Parameters
    ----------
    journeys
        Whose, and in which period.
    document
        The map; its rules must fit the data.
    engine
        Runs the folds; this process's own when null.
    """
    engine, asked = engine or local_engine(), document.signs()
    if not asked:
        return ()
    plan, _ = decide(journeys, document, engine=engine)
    places = {step.id: place for place, step in enumerate(document.steps)}
    question = SignsOf(plan, tuple((places[step.id], sign.rule) for step, sign in asked))
    counts = engine.total(plan.whole(journeys), question)
    came = CameOf(tuple(sign.rule for _, sign in asked))
    events = engine.total(Journeys(journeys.snapshot), came)
    return tuple(
        SignCount(step.id, sign.name, sign.rule, did, of, ever)
        for (step, sign), (did, of), ever in zip(
            asked, counts.tolist(), events.tolist(), strict=True
        )
    )


@dataclass(frozen=True)
class SignsOf:
    """The question for people by sign, int64[signs, 2]: who did it, and who is at its step."""

    plan: Plan
    asked: tuple[tuple[int, str], ...]

    def fold(self, part: Part) -> NDArray[np.int64]:
        """Count the people of a part."""
        found, span = part_visits(part, self.plan), self.plan.span
        found = found.where((found.start_us >= span.from_us) & (found.start_us < span.to_us))
        out = np.zeros((len(self.asked), 2), np.int64)
        for row, (step, rule) in enumerate(self.asked):
            here = found.where(found.step == step)
            did = did_since(part, here, rule=rule, plan=self.plan)
            out[row] = len(np.unique(here.entity[did])), len(np.unique(here.entity))
        return out

    def merge(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add two counts."""
        return left + right


@dataclass(frozen=True)
class CameOf:
    """The question for events by rule, int64[rules]."""

    rules: tuple[str, ...]

    def fold(self, part: Part) -> NDArray[np.int64]:
        """Count the kept events of a part."""
        return np.array([len(_places(part, rule)) for rule in self.rules], np.int64)

    def merge(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add two counts."""
        return left + right


def did_since(part: Part, visits: Visits, *, rule: str, plan: Plan) -> NDArray[np.bool_]:
    """Return of which visits the person did something in the period, from their first one of these on."""
    first = np.full(part.last - part.first, NEVER, np.int64)
    np.minimum.at(first, visits.entity - part.first, visits.start_us)
    at = _places(part, rule)
    time_us = part.shard.time_us[at]
    owner = np.searchsorted(part.offset, at, side="right") - 1
    did = np.zeros(len(first), np.bool_)
    did[owner[(time_us >= first[owner]) & (time_us < plan.span.to_us)]] = True
    chosen: NDArray[np.bool_] = did[visits.entity - part.first]
    return chosen


def _places(part: Part, rule: str) -> NDArray[np.int64]:
    """Return the places of the kept events of a part that hold a rule."""
    low, high = int(part.offset[0]), int(part.offset[-1])
    try:
        held = event_mask(part, rule) != 0
    except UnknownName:
        # A sign may be declared before anything sends what its rule asks for.
        return np.zeros(0, np.int64)
    if part.keep.size:
        held &= part.keep[low:high] != 0
    return np.flatnonzero(held) + low
