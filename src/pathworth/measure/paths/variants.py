"""The commonest whole journeys, how many different ones there are, and how long each takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.measure import rules as general
from pathworth.measure.asking import Behind, Pair, as_of, param, unknown_cell
from pathworth.measure.cells import ALL, GOES_ON, OTHER, of_part, quoted, read_row
from pathworth.measure.diff.sides import marks, shared
from pathworth.measure.intervals import medians
from pathworth.measure.paths import rules
from pathworth.measure.paths.spelling import (
    Apart,
    Different,
    Heaps,
    IsRow,
    Kind,
    Known,
    OfEach,
    RowsOfStates,
    Spelled,
    Told,
    cut_of,
    kind_for,
)
from pathworth.measure.paths.variants_answer import (
    OtherVariants,
    Variant,
    VariantDiff,
    Variants,
    VariantsDiff,
    VariantsOf,
)
from pathworth.measure.shares import ENTITIES, UNITS, Asked, CellsOf, Share, differences, shares
from pathworth.measure.split import Parts, parts_by

Counts = NDArray[np.int64]
_MS = 1_000.0


@dataclass(frozen=True)
class Shown:
    """What is shown of journeys: the second pass, their states by rank, and what the first pass counted."""

    asked: OfEach
    states: tuple[tuple[str, ...], ...]
    goes_on: tuple[bool, ...]
    variants: int

    @property
    def over(self) -> list[tuple[int, int]]:
        """Return the cells of every rank and of the others, each with the cell of all."""
        return [(cell, 0) for cell in range(1, len(self.states) + 2)]


@dataclass(frozen=True, kw_only=True)
class AskVariants:
    """The commonest whole journeys, how many different ones there are, and how long each takes."""

    word: ClassVar[str] = "variants"
    states: tuple[general.StepWord, ...] = param(
        (), "Events or steps that stand for the events; all events unless given.", kind="steps"
    )
    repeats: str = param("fold", "fold makes a state straight after itself one, keep does not.")
    length: int = param(20, "States that are told apart; longer journeys go on, and are marked.")
    most: int = param(12, "Variants shown; all others are counted together.")
    by: str | None = param(None, "Breaks the answer down by a trait.")

    def answer(self, journeys: Journeys, *, engine: Engine) -> Variants:
        """Return the variants of a selection; raises as the rules of ``measure.paths.rules`` say."""
        spelled = self._spelled(journeys)
        first = engine.total(journeys, Different(spelled))
        found = self._shown(journeys, first, self._parts(journeys, engine))
        return self.told(journeys, found, variants=found.variants, engine=engine)

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell counts: ``(all)``, ``(other)`` or the states of a journey, `` | VALUE`` for one part."""
        said, spelled = read_row(cell), self._spelled(journeys)
        words, part = ((), None) if said is None else said
        parts = self._parts(journeys, engine)
        known = (
            []
            if parts is None
            else [of_part(value, joins=joins) for value, joins in _labels(parts)]
        )
        if part is not None and part not in known:
            raise unknown_cell(cell, [ALL, *(f"{ALL} | {one}" for one in known)])
        place = None if part is None else known.index(part)
        if words in {(ALL,), (OTHER,)}:
            first = engine.total(journeys, Different(spelled))
            asked = self._shown(journeys, first, parts).asked
            cells = asked.known.cells
            return Behind(IsRow(asked, 0 if words == (ALL,) else cells - 1, place), journeys)
        row = self._row(journeys, words, spelled.kind)
        if row is None:
            raise unknown_cell(cell, [ALL, OTHER, *map(quoted, self._names(journeys))])
        rows = spelled.rows(np.array([0, len(row)], np.int64), row)
        only = OfEach(spelled, Known(rows, np.zeros(1, np.int64)), parts)
        return Behind(IsRow(only, 1, place), journeys)

    def differ(self, pair: Pair, *, engine: Engine) -> VariantsDiff:
        """Return how the shares of variants differ, B less A."""
        spelled = self._spelled(pair[0])
        question = Different(spelled)
        firsts = [engine.total(one, question) for one in pair]
        found = self._shown(pair[0], question.merge(*firsts), None)
        a, b = (
            self.told(one, found, variants=self._shown(one, first, None).variants, engine=engine)
            for one, first in zip(pair, firsts, strict=True)
        )
        both = 0
        if all(one.slicing is None for one in pair):
            here = IsRow(found.asked, 0, None).chosen
            both = shared(*(marks(one, here, engine=engine) for one in pair))
        sides = [_asked(one, found.asked, engine.total(one, found.asked)) for one in pair]
        told = differences((sides[0], sides[1]), found.over, shared=both, engine=engine)
        rows = enumerate(zip(found.states, found.goes_on, told, strict=False), start=1)
        return VariantsDiff(
            a, b, tuple(VariantDiff(rank, *row) for rank, row in rows), told[-1], both
        )

    def told(self, journeys: Journeys, found: Shown, *, variants: int, engine: Engine) -> Variants:
        """Return the answer for what is shown."""
        second = engine.total(journeys, found.asked)
        asked = _asked(journeys, found.asked, second)
        given = shares(asked, found.over, engine=engine)
        whole = asked.totals[0]
        rows = list(_rows(second, whole, given))
        shown = zip(found.states, found.goes_on, rows, strict=False)
        there = int((whole[1:-1, UNITS] > 0).sum())
        return Variants(
            int(whole[0, UNITS]),
            variants,
            tuple(
                Variant(rank, states, goes_on, *row)
                for rank, (states, goes_on, row) in enumerate(shown, start=1)
            ),
            OtherVariants(variants - there, *rows[-1]),
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            by=None if self.by is None else tuple(_parts_of(journeys, found, second, engine)),
            overlap=None if self.by is None else 0,
        )

    def _spelled(self, journeys: Journeys) -> Spelled:
        general.check_period(journeys)
        rules.check_size("most", self.most, most=rules.MOST_SHOWN)
        length = rules.check_size("length", self.length, most=rules.MOST_LENGTH)
        steps = rules.check_states(self.states, journeys.snapshot)
        kind = kind_for(len(self._names(journeys)))
        return Spelled(steps, rules.check_repeats(self.repeats), length, kind)

    def _names(self, journeys: Journeys) -> Sequence[str]:
        """Return the names of the states."""
        steps = rules.check_states(self.states, journeys.snapshot)
        return journeys.snapshot.names if steps is None else tuple(step.name for step in steps)

    def _row(self, journeys: Journeys, words: tuple[str, ...], kind: Kind) -> NDArray[Any] | None:
        """Return the states that some words name; null when one is no state."""
        place = {quoted(name): k for k, name in enumerate(self._names(journeys))}
        on = words[-1:] == (GOES_ON,)
        states = [place.get(word) for word in (words[:-1] if on else words)]
        if not states or None in states:
            return None
        return np.array([*states, *([cut_of(kind)] if on else [])], kind)

    def _parts(self, journeys: Journeys, engine: Engine) -> Parts | None:
        trait = None if self.by is None else general.split_trait(self.by, journeys.snapshot)
        return parts_by(journeys, trait, engine=engine)

    def _shown(self, journeys: Journeys, first: Heaps, parts: Parts | None) -> Shown:
        """Return the commonest rows by rank, equal ones by the names of their states."""
        spelled, words = self._spelled(journeys), self._names(journeys)
        best_of = partial(commonest, order=np.argsort(np.argsort(words)), most=self.most)
        variants, best = Different(spelled).commonest_of(first, best_of)
        ranks = range(len(best))
        states = tuple(tuple(words[k] for k in best.rows.row(rank)) for rank in ranks)
        goes_on = tuple(map(best.rows.goes_on, ranks))
        rank = np.argsort(best.rows.hashes, kind="stable")
        known = Known(best.rows.take(rank), rank)
        return Shown(OfEach(spelled, known, parts), states, goes_on, variants)


def _labels(parts: Parts) -> list[tuple[str | None, int | None]]:
    """Return value and number of joined values of each part of a breakdown."""
    return list(zip(parts.split.labels, parts.split.others, strict=True))


def commonest(apart: Apart, *, order: Counts, most: int) -> Counts:
    """Return which different rows are the commonest, by rank, equal ones by the order of their states.

    Parameters
    ----------
    apart
        Different rows with their counts.
    order
        int64[states]: place of each state among all by name.
    most
        How many.
    """
    rows, place, count = apart.rows, apart.place, apart.count
    if len(count) > most:
        # Most journeys are there once, and to select among equal counts is slow.
        often = count[count > 1]
        least = int(np.partition(often, -most)[-most]) if len(often) >= most else 1
        sure = np.flatnonzero(count > least)
        equal = np.flatnonzero(count == least)
        first = _smallest(rows, place[equal], order=order, most=most - len(sure))
        chosen = np.concatenate([sure, equal[first]])
    else:
        chosen = np.arange(len(count))
    keys = [
        (-times, [int(order[k]) for k in rows.row(here)], rows.goes_on(here))
        for here, times in zip(place[chosen].tolist(), count[chosen].tolist(), strict=True)
    ]
    return chosen[sorted(range(len(keys)), key=keys.__getitem__)]


def _smallest(rows: RowsOfStates, place: Counts, *, order: Counts, most: int) -> Counts:
    """Return which rows come first when they are ordered state by state, without ordering all of them."""
    kept: list[Counts] = []
    states, start = rows.states.view(rows.kind), rows.start // np.dtype(rows.kind).itemsize
    # A row that has ended comes first; the mark of one that goes on comes last.
    ranks = np.append(order + 1, len(order) + 1)
    left, column = np.arange(len(place)), 0
    while len(left) > most > 0:
        at = start[place[left]] + column
        there = at < start[place[left] + 1]
        key = np.zeros(len(left), np.int64)
        key[there] = ranks[np.minimum(states[at[there]].astype(np.uint32), len(order))]
        last = np.searchsorted(np.cumsum(np.bincount(key)), most, side="right")
        kept.append(left[key < last])
        most -= len(kept[-1])
        left = left[key == last]
        column += 1
    return np.concatenate([*kept, left[:most]])


def _asked(journeys: Journeys, question: OfEach, second: Told) -> Asked:
    """Return whose shares are asked, parts of a breakdown together."""
    whole = second.cells.sum(axis=0, keepdims=True)
    alone = CellsOf(replace(question, parts=None))
    return Asked(journeys, alone, whole, int(whole[0, 0, ENTITIES]), plain=journeys.slicing is None)


def _rows(second: Told, whole: Counts, given: list[Share]) -> Iterator[tuple[Any, ...]]:
    """Yield count, share, interval, median seconds with its interval, and why there is none, of each cell but all."""
    middle, low, high = medians(second.bins[1:], whole[1:, ENTITIES])
    for k, share in enumerate(given):
        likely = None if np.isnan(low[k]) else (float(low[k]) / _MS, float(high[k]) / _MS)
        median = None if np.isnan(middle[k]) else float(middle[k]) / _MS
        count = int(whole[k + 1, UNITS])
        yield count, share.value, share.interval, median, likely, share.why


def _parts_of(
    journeys: Journeys, found: Shown, second: Told, engine: Engine
) -> Iterator[VariantsOf]:
    """Yield every part of a breakdown that has a journey."""
    if found.asked.parts is None:
        return
    split, cells = found.asked.parts.split, found.asked.known.cells
    entities = int(second.cells[:, 0, ENTITIES].sum())
    asked = Asked(
        journeys, CellsOf(found.asked), second.cells, entities, plain=journeys.slicing is None
    )
    over = [(p * cells + a, p * cells + b) for p in range(split.parts) for a, b in found.over]
    given = iter(shares(asked, over, engine=engine))
    for value, others, mine in zip(split.labels, split.others, second.cells, strict=True):
        told = [next(given) for _ in found.over]
        if not mine[0, UNITS]:
            continue
        yield VariantsOf(
            value,
            int(mine[0, UNITS]),
            tuple(int(n) for n in mine[1:-1, UNITS]),
            tuple(one.value for one in told[:-1]),
            tuple(one.interval for one in told[:-1]),
            int(mine[-1, UNITS]),
            others,
        )


def variants(
    journeys: Journeys,
    *,
    states: Sequence[general.StepWord] = (),
    repeats: str = "fold",
    length: int = 20,
    most: int = 12,
    by: str | None = None,
    engine: Engine | None = None,
) -> Variants:
    """Return the commonest whole journeys, how many different ones there are, and how long each takes.

    Parameters
    ----------
    journeys
        Whose, and which events.
    states
        Events or steps that stand for the events; all events under their own names unless given.
    repeats
        ``fold`` makes a state straight after itself one, ``keep`` does not.
    length
        States that are told apart: longer journeys are told by their first ones, and marked as going on.
    most
        Variants shown; all others are counted together.
    by
        Splits entities by their last known value of a trait.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` and ``measure.paths.rules`` say.
    """
    ask = AskVariants(states=tuple(states), repeats=repeats, length=length, most=most, by=by)
    return ask.answer(journeys, engine=engine or local_engine())
