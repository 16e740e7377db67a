"""Which ways journeys take from an anchor, to an anchor, or between two, level by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.measure import rules as general
from pathworth.measure.asking import Behind, Pair, as_of, param
from pathworth.measure.contracts import Difference
from pathworth.measure.paths import rules
from pathworth.measure.paths.answer import (
    PathLinkDiff,
    PathNodeDiff,
    Paths,
    PathsDiff,
    PathsOf,
)
from pathworth.measure.paths.rules import LAST
from pathworth.measure.paths.walks.asked import (
    AskWalks,
    Ends,
    counted,
    depth_of,
    labels_of,
    look,
)
from pathworth.measure.paths.walks.book import At, Book, Move, named_in
from pathworth.measure.paths.walks.layout import EVERY_WALK, lay_out
from pathworth.measure.paths.walks.levels import Rows, compared, medians_of
from pathworth.measure.paths.walks.passes import Plan
from pathworth.measure.paths.walks.walks import Sight, Walks
from pathworth.measure.shares import TIMES, UNITS, Asked

NOTHING: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class AskPaths(AskWalks):
    """Which ways journeys take from an anchor, to an anchor, or between two, level by level."""

    word: ClassVar[str] = "paths"
    direction: str = param("forward", "forward or backward from the anchor.")
    until: general.StepWord | None = param(  # noqa: RUF009  # a field
        None, "Paths end at the next of this step; only those that arrive count.", kind="step"
    )
    times: str = param("none", "quantiles adds the median time of every move.")
    opened: tuple[str, ...] = param((), "Levels that show every state, such as 2.")

    def answer(self, journeys: Journeys, *, engine: Engine) -> Paths:
        """Return the paths of a selection; raises as the rules of ``measure.paths.rules`` say."""
        walks = self._walks(journeys)
        sight = look(journeys, walks, engine=engine)
        plan = self._plan(walks, [sight])
        plan = replace(plan, parts=self.parts(journeys, engine=engine))
        return self.passing(journeys, plan, sight=sight, engine=engine)

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell counts, written as ``Paths.cells`` writes it."""
        walks = self._walks(journeys)
        named = named_in(cell, way=self._way, first=0)
        plan = self._plan(walks, [look(journeys, walks, engine=engine)], named)
        plan = replace(plan, parts=self.parts(journeys, engine=engine))
        return Behind(Book(plan, self._way).behind(cell), journeys)

    def differ(self, pair: Pair, *, engine: Engine) -> PathsDiff:
        """Return how the paths of two selections differ, B less A, over the states common in both together."""
        walks = [self._walks(one) for one in pair]
        sights = [look(one, how, engine=engine) for one, how in zip(pair, walks, strict=True)]
        plan = self._plan(walks[0], sights)
        a, b = (
            replace(self, by=None).passing(one, plan, sight=sight, engine=engine)
            for one, sight in zip(pair, sights, strict=True)
        )
        rows, both = compared(pair, plan, every=self.every, engine=engine)
        book = Book(plan, self._way)
        return PathsDiff(
            a,
            b,
            tuple(_node(book, one, share) for one, share in rows if isinstance(one, At)),
            tuple(_link(book, one, share) for one, share in rows if isinstance(one, Move)),
            both,
        )

    @property
    def _way(self) -> int:
        return rules.check_direction(self.direction)

    def _walks(self, journeys: Journeys) -> Walks:
        """Return how the walks are made."""
        way = self._way
        if self.until is not None:
            rules.check_forward(way)
        last = way < 0 and self.anchor is None
        ends = Ends(self.until, LAST if last else 1)
        # One column more says which walks go on beyond the depth.
        return self.walks(journeys, sides=(way,), reach=depth_of(self) + 2, ends=ends)

    def _plan(self, walks: Walks, sights: list[Sight], named: Mapping[int, str] = NOTHING) -> Plan:
        """Return the walks with the states that are common in all that was seen, and those that a cell names."""
        states = sum((one.states for one in sights), np.zeros_like(sights[0].states))
        opened = rules.check_levels(self.opened, depth=self.depth)
        layout = lay_out(walks, states, most=self.most, opened=opened, beyond=True, asked=named)
        return Plan(walks, layout, None, throughout=False)

    def passing(self, journeys: Journeys, plan: Plan, *, sight: Sight, engine: Engine) -> Paths:
        """Return the paths that a plan finds."""
        timed = general.check_medians(self.times)
        whole, parts = counted(journeys, plan, every=self.every, engine=engine)
        medians = medians_of(whole, plan, engine=engine) if timed else None
        rows = Rows(Book(plan, self._way), self.every, medians)
        [(nodes, links)] = rows.of(whole, engine=engine)
        return Paths(
            "forward" if self._way > 0 else "backward",
            sight.units,
            sight.anchored,
            int(whole.totals[0, EVERY_WALK, TIMES]),
            nodes,
            links,
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            by=None if parts is None else _parts(replace(rows, medians=None), parts, engine),
            overlap=None if parts is None else 0,
        )


def _parts(rows: Rows, asked: Asked, engine: Engine) -> tuple[PathsOf, ...]:
    """Return the paths of every part with an anchor."""
    found = zip(labels_of(rows.plan), asked.totals, rows.of(asked, engine=engine), strict=True)
    return tuple(
        PathsOf(value, int(cells[EVERY_WALK, UNITS]), int(cells[EVERY_WALK, TIMES]), *made, others)
        for (value, others), cells, made in found
        if cells[EVERY_WALK, TIMES]
    )


def _node(book: Book, one: At, share: Difference) -> PathNodeDiff:
    named = book.named(one.column, one.label)
    return PathNodeDiff(named.level, named.name, share, named.joins)


def _link(book: Book, one: Move, share: Difference) -> PathLinkDiff:
    before, after = book.ends(one)
    return PathLinkDiff(before.level, before.name, after.name, share, before.joins, after.joins)


def paths(
    journeys: Journeys,
    *,
    anchor: general.StepWord | None = None,
    which: str | None = None,
    direction: str = "forward",
    until: general.StepWord | None = None,
    depth: int = 5,
    states: Sequence[general.StepWord] = (),
    repeats: str = "fold",
    within: str | None = None,
    count: str = "entities",
    times: str = "none",
    most: int = 12,
    opened: Sequence[str] = (),
    by: str | None = None,
    engine: Engine | None = None,
) -> Paths:
    """Return which ways journeys take from an anchor, to an anchor, or between two, level by level.

    Parameters
    ----------
    journeys
        Whose, and which events.
    anchor
        Event, step or ``name := predicate``; the journey's start unless given, or its end looking back.
    which
        ``first``, ``last``, or a number: the occurrence of the anchor in a journey; the first unless given.
    direction
        ``forward`` from the anchor, or ``backward``.
    until
        Paths end at the next of these after the anchor; an anchor that none follows in time is left out.
    depth
        How many states are walked from the anchor.
    states
        Events or steps that stand for the events; all events under their own names unless given.
    repeats
        ``fold`` makes a state straight after itself one, ``keep`` does not.
    within
        Longest time from the anchor, itself included.
    count
        ``entities``: one walk of each. ``occurrences``: one from every occurrence of the anchor.
    times
        ``quantiles`` adds the median time of every move, from the first event of a state to that of the next.
    most
        States shown at a level; the others are one, counted, and told how many they are.
    opened
        Levels that show up to a thousand states.
    by
        Splits entities by their last known value of a trait.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` and ``measure.paths.rules`` say.
    """
    ask = AskPaths(
        anchor=anchor,
        which=which,
        direction=direction,
        until=until,
        depth=depth,
        states=tuple(states),
        repeats=repeats,
        within=within,
        count=count,
        times=times,
        most=most,
        opened=tuple(opened),
        by=by,
    )
    return ask.answer(journeys, engine=engine or local_engine())
