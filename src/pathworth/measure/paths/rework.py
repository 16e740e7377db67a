"""Who comes back to a state that they had left, how often and how soon, and loops through another state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.kernels.folds.rework import AGAIN, RETURN, VISIT
from pathworth.measure import cells as words, rules as general
from pathworth.measure.asking import Behind, Pair, as_of, param, unknown_cell
from pathworth.measure.contracts import Interval
from pathworth.measure.diff.sides import marks, shared
from pathworth.measure.intervals import medians
from pathworth.measure.paths import rules
from pathworth.measure.paths.returning import (
    Counts,
    Glance,
    InRework,
    Returned,
    Reworked,
    ReworkPlan,
    Seen,
    States,
)
from pathworth.measure.paths.rework_answer import (
    OtherLoops,
    Rework,
    ReworkDiff,
    ReworkLoop,
    ReworkLoopDiff,
    ReworkOf,
    ReworkState,
    ReworkStateDiff,
)
from pathworth.measure.shares import (
    ENTITIES,
    TIMES,
    UNITS,
    Asked,
    CellsOf,
    Share,
    differences,
    shares,
)
from pathworth.measure.split import Parts, parts_by

_MS = 1_000.0
Middle = tuple[float | None, Interval | None]


@dataclass(frozen=True)
class Shown:
    """What is shown: the plan of the second pass, names of states and loops, and how many there are besides."""

    plan: ReworkPlan
    states: tuple[str, ...]
    joined: int
    loops: tuple[tuple[str, str], ...]
    rarer: int

    @property
    def labels(self) -> range:
        """Return the labels of states: the shown ones, and that of the others where there are any."""
        return range(len(self.states) + (self.joined > 0))

    def state(self, label: int) -> tuple[str, int | None]:
        """Return the name of a label, and how many states it joins."""
        shown = label < len(self.states)
        return (self.states[label], None) if shown else ("other", self.joined)

    @property
    def over(self) -> list[tuple[int, int]]:
        """Return cells with the cell they are a share of: returns of each label, then each loop and the others."""
        plan = self.plan
        states = [(plan.cell(k, RETURN), plan.cell(k, VISIT)) for k in self.labels]
        return states + [(plan.loop(k), plan.every) for k in range(len(self.loops) + 1)]


@dataclass(frozen=True, kw_only=True)
class AskRework:
    """Who comes back to a state that they had left, how often and how soon, and loops through another."""

    word: ClassVar[str] = "rework"
    states: tuple[general.StepWord, ...] = param(
        (), "Events or steps that stand for the events; all events unless given.", kind="steps"
    )
    most: int = param(12, "States and loops shown; all others are counted together.")
    by: str | None = param(None, "Breaks the answer down by a trait.")

    def answer(self, journeys: Journeys, *, engine: Engine) -> Rework:
        """Return the rework of a selection; raises as the rules of ``measure.paths.rules`` say."""
        first = self._first(journeys, engine)
        trait = None if self.by is None else general.split_trait(self.by, journeys.snapshot)
        shown = self._shown(journeys, first, parts_by(journeys, trait, engine=engine))
        return told(journeys, shown, engine=engine)

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell counts, written as ``Rework.cells`` writes it."""
        first = self._first(journeys, engine)
        trait = None if self.by is None else general.split_trait(self.by, journeys.snapshot)
        parts_of = parts_by(journeys, trait, engine=engine)
        shown = self._shown(journeys, first, parts_of, words.read_row(cell))
        known, parts = dict(_cells(shown)), _part_words(parts_of)
        said, _, part = cell.rpartition(" | ") if " | " in cell else (cell, "", "")
        if said not in known or (part and part not in parts):
            raise unknown_cell(cell, list(known))
        place = parts.index(part) if part else None
        return Behind(InRework(shown.plan, known[said], place), journeys)

    def differ(self, pair: Pair, *, engine: Engine) -> ReworkDiff:
        """Return how the shares of those who come back and go in loops differ, B less A."""
        a, b = (self._first(one, engine) for one in pair)
        shown = self._shown(pair[0], Seen(self._states(pair[0])).merge(a, b), None)
        answers = [told(one, shown, engine=engine) for one in pair]
        common = 0
        if all(one.slicing is None for one in pair):
            here = InRework(shown.plan, shown.plan.every, None).chosen
            common = shared(*(marks(one, here, engine=engine) for one in pair))
        sides = [_asked(one, shown, engine.total(one, Reworked(shown.plan))) for one in pair]
        found = differences((sides[0], sides[1]), shown.over, shared=common, engine=engine)
        states = zip(map(shown.state, shown.labels), found, strict=False)
        loops = zip(shown.loops, found[len(shown.labels) :], strict=False)
        return ReworkDiff(
            answers[0],
            answers[1],
            tuple(ReworkStateDiff(name, share, joins) for (name, joins), share in states),
            tuple(ReworkLoopDiff(*ends, share) for ends, share in loops),
            common,
        )

    def _states(self, journeys: Journeys) -> States:
        general.check_period(journeys)
        rules.check_size("most", self.most, most=rules.MOST_SHOWN)
        steps = rules.check_states(self.states, journeys.snapshot)
        return States(steps, len(journeys.snapshot.names if steps is None else steps))

    def _first(self, journeys: Journeys, engine: Engine) -> Glance:
        return engine.total(journeys, Seen(self._states(journeys)))

    def _shown(
        self,
        journeys: Journeys,
        first: Glance,
        parts: Parts | None,
        cell: tuple[tuple[str, ...], str | None] | None = None,
    ) -> Shown:
        """Return the states with most returns and the commonest loops, equal ones by name, and what a cell names."""
        states, times = self._states(journeys), first.states
        steps, size = states.steps, states.states
        names = journeys.snapshot.names if steps is None else tuple(one.name for one in steps)
        visited = np.flatnonzero(times[:, VISIT]).tolist()
        visited.sort(key=lambda k: (-int(times[k, RETURN]), -int(times[k, AGAIN]), names[k]))
        named, _ = cell or ((), None)
        best = visited[: self.most]
        best += [k for k in visited[self.most :] if words.quoted(names[k]) in named[:1]]
        label = np.full(size, len(best), np.int32)
        label[best] = np.arange(len(best))
        least = np.sort(first.times)[-self.most :].min(initial=np.iinfo(np.int64).max)
        often = np.flatnonzero(first.times >= least)
        pairs = list(zip(first.keys[often].tolist(), first.times[often].tolist(), strict=True))
        pairs.sort(key=lambda one: (-one[1], names[one[0] // size], names[one[0] % size]))
        keys = np.array([key for key, _ in pairs[: self.most]], np.int64)
        asked = [k for k in first.keys.tolist() if len(named) == 2 and named == _ends(k, names)]
        keys = np.append(keys, np.array([k for k in asked if k not in keys], np.int64))
        return Shown(
            ReworkPlan(states, label, len(best), keys, parts),
            tuple(names[k] for k in best),
            len(visited) - len(best),
            tuple((names[key // size], names[key % size]) for key in keys.tolist()),
            len(first.keys) - len(keys),
        )


def _ends(key: int, names: Sequence[str]) -> tuple[str, str]:
    """Return how the two states of a loop are written."""
    return words.quoted(names[key // len(names)]), words.quoted(names[key % len(names)])


def _cells(shown: Shown) -> Iterator[tuple[str, int]]:
    """Yield cells as they are written, with their places."""
    plan = shown.plan
    yield words.ALL, plan.every
    for label in shown.labels:
        name, joins = shown.state(label)
        word = words.quoted(name) if joins is None else words.OTHER
        yield word, plan.cell(label, VISIT)
        yield f"{word} > {words.BACK}", plan.cell(label, RETURN)
        yield f"{word} > {words.AGAIN}", plan.cell(label, AGAIN)
    for place, (state, through) in enumerate(shown.loops):
        yield f"{words.quoted(state)} > {words.quoted(through)}", plan.loop(place)
    yield f"{words.OTHER} > {words.OTHER}", plan.loop(len(shown.loops))


def _part_words(parts: Parts | None) -> list[str]:
    """Return how the parts of a breakdown are written."""
    if parts is None:
        return []
    labels = zip(parts.split.labels, parts.split.others, strict=True)
    return [words.of_part(value, joins=joins) for value, joins in labels]


def _asked(journeys: Journeys, shown: Shown, second: Returned) -> Asked:
    """Return whose shares are asked, parts of a breakdown together."""
    whole = second.cells.sum(axis=0, keepdims=True)
    alone = CellsOf(Reworked(replace(shown.plan, parts=None)))
    entities = int(whole[0, shown.plan.every, ENTITIES])
    return Asked(journeys, alone, whole, entities, journeys.slicing is None, column=UNITS)


def told(journeys: Journeys, shown: Shown, *, engine: Engine) -> Rework:
    """Return the answer for what is shown."""
    second = engine.total(journeys, Reworked(shown.plan))
    asked = _asked(journeys, shown, second)
    given = shares(asked, shown.over, engine=engine)
    cells = asked.totals[0]
    states, loops, rest = _rows(shown, cells, given, middles=_middles(shown, second, cells))
    parts = shown.plan.parts
    return Rework(
        int(cells[shown.plan.every, UNITS]),
        states,
        loops,
        rest,
        dict(journeys.snapshot.excluded),
        as_of(journeys),
        by=None if parts is None else tuple(_of_parts(shown, asked, second, engine)),
        overlap=None if parts is None else 0,
    )


def _middles(shown: Shown, second: Returned, cells: Counts) -> list[Middle]:
    """Return the median seconds of the returns of each label and of each loop, with Woodruff's interval."""
    plan = shown.plan
    labels, loops = list(shown.labels), range(len(shown.loops) + 1)
    places = [plan.cell(k, RETURN) for k in labels] + [plan.loop(k) for k in loops]
    bins = np.concatenate([second.returns[labels], second.loops])
    middle, low, high = medians(bins, cells[places, ENTITIES])
    return [
        (
            None if np.isnan(m) else float(m) / _MS,
            None if np.isnan(a) else (float(a) / _MS, float(b) / _MS),
        )
        for m, a, b in zip(middle, low, high, strict=True)
    ]


def _rows(
    shown: Shown, cells: Counts, given: list[Share], *, middles: list[Middle]
) -> tuple[tuple[ReworkState, ...], tuple[ReworkLoop, ...], OtherLoops]:
    """Return the rows of states and loops from the cells of all, or of one part."""
    plan, count = shown.plan, len(shown.labels)
    states = []
    for k, share, middle in zip(shown.labels, given, middles, strict=False):
        name, joins = shown.state(k)
        entities, visits = _counts(cells, plan.cell(k, VISIT))
        returning, back = _counts(cells, plan.cell(k, RETURN))
        repeating, again = _counts(cells, plan.cell(k, AGAIN))
        row = ReworkState(
            name,
            entities,
            visits,
            returning,
            back,
            share.value,
            share.interval,
            *middle,
            repeating,
            again,
            share.why,
            joins,
        )
        states.append(row)
    loops: list[ReworkLoop] = []
    for k, share in enumerate(given[count:-1]):
        (state, through), (entities, times) = shown.loops[k], _counts(cells, plan.loop(k))
        median, likely = middles[count + k]
        numbers = share.value, share.interval, median, likely, share.why
        loops.append(ReworkLoop(state, through, entities, times, *numbers))
    rest = *_counts(cells, plan.loop(len(loops))), given[-1].value, given[-1].interval
    others = OtherLoops(shown.rarer, *rest, *middles[-1], given[-1].why)
    return tuple(states), tuple(loops), others


def _counts(cells: Counts, cell: int) -> tuple[int, int]:
    """Return by how many units a cell was counted, and how often."""
    return int(cells[cell, UNITS]), int(cells[cell, TIMES])


def _of_parts(shown: Shown, asked: Asked, second: Returned, engine: Engine) -> Iterator[ReworkOf]:
    """Yield every part of a breakdown in which anybody has a state."""
    plan = shown.plan
    if plan.parts is None:
        return
    split, size = plan.parts.split, plan.cells
    parts = replace(asked, question=CellsOf(Reworked(plan)), totals=second.cells)
    over = [(p * size + a, p * size + b) for p in range(split.parts) for a, b in shown.over]
    given = iter(shares(parts, over, engine=engine))
    nothing: list[Middle] = [(None, None)] * len(shown.over)
    for value, others, cells in zip(split.labels, split.others, second.cells, strict=True):
        mine = [next(given) for _ in shown.over]
        if cells[plan.every, UNITS]:
            rows = _rows(shown, cells, mine, middles=nothing)
            yield ReworkOf(value, int(cells[plan.every, UNITS]), *rows, others)


def rework(
    journeys: Journeys,
    *,
    states: Sequence[general.StepWord] = (),
    most: int = 12,
    by: str | None = None,
    engine: Engine | None = None,
) -> Rework:
    """Return who comes back to a state that they had left, how often and how soon, and loops through another.

    Parameters
    ----------
    journeys
        Whose, and which events.
    states
        Events or steps that stand for the events; all events under their own names unless given.
    most
        States and loops shown, those with most returns and the commonest; all others are counted together.
    by
        Splits entities by their last known value of a trait.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` and ``measure.paths.rules`` say.
    """
    ask = AskRework(states=tuple(states), most=most, by=by)
    return ask.answer(journeys, engine=engine or local_engine())
