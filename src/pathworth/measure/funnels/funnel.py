"""Who takes some steps one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypedDict, Unpack

from pathworth.base.durations import Duration, as_text
from pathworth.base.period import FOREVER_US
from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.measure import rules
from pathworth.measure.asking import Behind, Pair, as_of, param
from pathworth.measure.funnels.answer import Funnel, FunnelDiff, FunnelOf
from pathworth.measure.funnels.behind import in_funnel
from pathworth.measure.funnels.differ import compared
from pathworth.measure.funnels.plan import (
    FunnelPlan,
    check_optional,
    check_together,
    end_of,
    funnel_steps,
    read_breaks,
)
from pathworth.measure.funnels.rows import Making
from pathworth.measure.funnels.timing import with_medians, with_survival
from pathworth.measure.funnels.words import ExclusionWord, StepWord
from pathworth.measure.split import parts_by


@dataclass(frozen=True, kw_only=True)
class AskFunnel:
    """Count who takes the steps one after the other; of everybody the best attempt counts."""

    word: ClassVar[str] = "funnel"
    steps: tuple[StepWord, ...] = param(
        (),
        "Event names, name := predicate, a | b for either, ? at the end where a step may be left out; in order.",
        kind="steps",
        address="step",
    )
    within: str | None = param(
        None, "Longest time from the first step to any other, itself included: 7d."
    )
    step_within: str | None = param(
        None, "Longest time from one step to the next, itself included: 1d."
    )
    order: str = param(
        "ordered",
        "ordered: other events may lie between; strict: none may; any: in any order.",
    )
    exclude: tuple[ExclusionWord, ...] = param(
        (),
        "What ends an attempt: a step, with after 1 before 3 for between which steps; may be repeated.",
        kind="exclusions",
    )
    count: str = param(
        "entities", "entities: the best attempt of each; occurrences: every attempt."
    )
    by: str | None = param(None, "Breaks the answer down by a trait.")
    times: str = param(
        "none",
        "quantiles: median time of those who get there; survival: when, with the others as censored.",
    )

    def answer(self, journeys: Journeys, *, engine: Engine) -> Funnel:
        """Return the steps of a selection; raises as ``funnel``."""
        making = self._making(journeys, engine)
        counts, intervals = making.counts()
        rows = [making.rows(counts[:, part], one) for part, one in enumerate(intervals)]
        if self.times == "quantiles":
            rows = with_medians(making, rows, owners=counts[1])
        elif self.times == "survival":
            rows = with_survival(making, rows, owners=counts[1])
        split = None if making.parts is None else making.parts.split
        return Funnel(
            rows[-1],
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            by=None
            if split is None
            else tuple(
                FunnelOf(value, row, others)
                for value, row, others in zip(split.labels, rows, split.others, strict=False)
                if row[0].entities
            ),
            overlap=None if split is None else 0,
            count="occurrences" if making.plan.each else None,
        )

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell counts; see ``in_funnel``."""
        making = self._making(journeys, engine)
        end_us = end_of(journeys)
        return Behind(in_funnel(cell, making.plan, parts=making.parts, end_us=end_us), journeys)

    def differ(self, pair: Pair, *, engine: Engine) -> FunnelDiff:
        """Return how the shares differ between two selections, B less A."""
        a, b = (self.answer(one, engine=engine) for one in pair)
        making = self._making(pair[0], engine), self._making(pair[1], engine)
        return compared((a, b), making)

    def _making(self, journeys: Journeys, engine: Engine) -> Making:
        rules.check_period(journeys)
        rules.check_funnel_times(self.times)
        plan = self.plan(journeys)
        trait = None if self.by is None else rules.split_trait(self.by, journeys.snapshot)
        return Making(plan, parts_by(journeys, trait, engine=engine), journeys, engine)

    def plan(self, journeys: Journeys) -> FunnelPlan:
        """Return the funnel as it can be folded; raises as ``funnel``."""
        rules.check_order(self.order)
        rules.check_count(self.count)
        snapshot = journeys.snapshot
        steps = funnel_steps(self.steps, snapshot)
        check_optional(steps)
        breaks = read_breaks(self.exclude, steps, snapshot=snapshot)
        within, step_within = (rules.check_window(one) for one in (self.within, self.step_within))
        plan = FunnelPlan(
            steps,
            breaks,
            self.order,
            FOREVER_US if within is None else within,
            FOREVER_US if step_within is None else step_within,
            each=self.count == "occurrences",
        )
        check_together(plan)
        return plan


class FunnelParts(TypedDict, total=False):
    """What a funnel may be asked beside its steps; what is left out keeps the default of ``AskFunnel``."""

    within: Duration | None
    step_within: Duration | None
    order: str
    exclude: Sequence[ExclusionWord]
    count: str
    by: str | None
    times: str


def funnel(
    journeys: Journeys,
    steps: Sequence[StepWord],
    *,
    engine: Engine | None = None,
    **asked: Unpack[FunnelParts],
) -> Funnel:
    """Count who takes steps one after the other; of every entity the best attempt counts.

    Parameters
    ----------
    journeys
        Whose, and which events.
    steps
        Event names, ``a | b`` for either, ``name := predicate``, or objects with a name and a rule; with ``?`` at
        the end a step that may be left out (an object: ``optional(step)``).
    engine
        Where folds run; threads of this process unless given.
    within, step_within
        Longest time from the first step to any other, and from one step to the next, themselves included; null for
        no limit.
    order
        ``ordered``: other events may lie between. ``strict``: no other kept event may. ``any``: step k
        counts who took any k of the steps within the window.
    exclude
        What ends an attempt: ``refund``, ``refund after 1 before 3``, ``name := predicate after 2``.
    count
        ``entities``: the best attempt of each. ``occurrences``: every attempt; they do not overlap, and as many as
        can are complete.
    by
        Splits entities by their last known value of a trait.
    times
        ``quantiles`` adds the median time from the first step to each other, of those who got there: to the moment
        at which the step is first reached, in the attempt that began last. ``survival`` adds when each step is
        reached since the first step was first taken, with those who have not (yet) as censored.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` and ``measure.funnels.plan`` say.
    """
    return ask_funnel(steps, **asked).answer(journeys, engine=engine or local_engine())


def funnel_diff(
    pair: Pair,
    steps: Sequence[StepWord],
    *,
    engine: Engine | None = None,
    **asked: Unpack[FunnelParts],
) -> FunnelDiff:
    """Compare the shares of a funnel between two selections of one snapshot, B less A; takes what ``funnel`` takes."""
    return ask_funnel(steps, **asked).differ(pair, engine=engine or local_engine())


def ask_funnel(steps: Sequence[StepWord], **asked: Unpack[FunnelParts]) -> AskFunnel:
    """Return the question of ``funnel``."""
    given: dict[str, Any] = {**asked, "steps": tuple(steps)}
    given["exclude"] = tuple(asked.get("exclude", ()))
    for name in ("within", "step_within"):
        if given.get(name) is not None:
            given[name] = as_text(given[name])
    return AskFunnel(**given)
