"""What questions about walks have alike: an anchor, how far to go, which states, how to count."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pathworth.base.period import FOREVER_US
from pathworth.journeys import Engine, Journeys
from pathworth.measure import rules as general
from pathworth.measure.asking import param
from pathworth.measure.paths import rules
from pathworth.measure.paths.walks.anchors import Occurrences
from pathworth.measure.paths.walks.layout import EVERY_WALK
from pathworth.measure.paths.walks.passes import Passed, Plan
from pathworth.measure.paths.walks.walks import Seen, Sight, Walks
from pathworth.measure.shares import ENTITIES, Asked
from pathworth.measure.split import Parts, parts_by


@dataclass(frozen=True)
class Ends:
    """What ends a path, and which occurrence an anchor is unless said."""

    word: general.StepWord | None = None
    otherwise: int = 1


@dataclass(frozen=True, kw_only=True)
class AskWalks:
    """What every question about walks takes."""

    anchor: general.StepWord | None = param(  # noqa: RUF009  # a field
        None,
        "Event, step or name := predicate that walks begin at; paths begin at the journey's edge unless given.",
        kind="step",
    )
    which: str | None = param(
        None, "Which occurrence of the anchor: first, last, or a number such as 2."
    )
    depth: int = param(5, "How many states are walked from the anchor.")
    states: tuple[general.StepWord, ...] = param(
        (), "Events or steps that stand for the events; all events unless given.", kind="steps"
    )
    repeats: str = param("fold", "fold makes a state straight after itself one, keep does not.")
    within: str | None = param(None, "Longest time from the anchor, such as 30m or 7d.")
    count: str = param(
        "entities", "entities: one walk of each. occurrences: one from every anchor."
    )
    most: int = param(12, "States shown; all others are counted together.")
    by: str | None = param(None, "Breaks the answer down by a trait.")

    @property
    def every(self) -> bool:
        """Return whether every occurrence of the anchor counts."""
        return rules.check_count(self.count)

    def walks(self, journeys: Journeys, *, sides: tuple[int, ...], reach: int, ends: Ends) -> Walks:
        """Return how the walks are made; raises as the rules of paths say."""
        general.check_period(journeys)
        snapshot = journeys.snapshot
        rules.check_size("most", self.most, most=rules.MOST_SHOWN)
        steps = rules.check_states(self.states, snapshot)
        names = snapshot.names if steps is None else tuple(step.name for step in steps)
        window = general.check_window(self.within)
        within_us = FOREVER_US if window is None else window
        fold = rules.check_repeats(self.repeats)
        anchors = Occurrences(
            None if self.anchor is None else general.as_step(self.anchor, snapshot),
            rules.check_nth(self.which, every=self.every, otherwise=ends.otherwise),
            None if ends.word is None else general.as_step(ends.word, snapshot),
            within_us,
            fold,
        )
        return Walks(steps, names, anchors, sides, reach, fold, within_us)

    def parts(self, journeys: Journeys, *, engine: Engine) -> Parts | None:
        """Return the parts of a breakdown; null when there is none."""
        trait = None if self.by is None else general.split_trait(self.by, journeys.snapshot)
        return parts_by(journeys, trait, engine=engine)


def depth_of(asked: AskWalks) -> int:
    """Return how far walks go; raises ``BAD_SIZE``."""
    return rules.check_size("depth", asked.depth, most=rules.MOST_DEPTH)


def look(journeys: Journeys, walks: Walks, *, engine: Engine) -> Sight:
    """Return what a first pass over walks sees."""
    return engine.total(journeys, Seen(walks))


def counted(
    journeys: Journeys, plan: Plan, *, every: bool, engine: Engine
) -> tuple[Asked, Asked | None]:
    """Return the cells of all walks of a selection, int64[1, cells, 3], and of each part of a breakdown."""
    totals = engine.total(journeys, Passed(plan))
    whole = totals.sum(axis=0, keepdims=True)
    plain = journeys.slicing is None and not every
    entities = int(whole[0, EVERY_WALK, ENTITIES])
    alone = Passed(replace(plan, parts=None))
    parts = None
    if plan.parts is not None:
        parts = Asked(journeys, Passed(plan), totals, entities, plain)
    return Asked(journeys, alone, whole, entities, plain), parts


def labels_of(plan: Plan) -> tuple[tuple[str | None, int | None], ...]:
    """Return value and number of joined values of each part of a breakdown."""
    if plan.parts is None:
        return ()
    split = plan.parts.split
    return tuple(zip(split.labels, split.others, strict=True))
