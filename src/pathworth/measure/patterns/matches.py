"""In how many journeys a pattern is found, how often in each, and how long a match takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import (
    Engine,
    Journeys,
    Lane,
    Matched,
    Part,
    Pattern,
    Step,
    local_engine,
    matched,
    parse_pattern,
    pattern_lane,
    pattern_steps,
)
from pathworth.kernels.folds.transitions import BINS
from pathworth.kernels.past.pattern import count_units
from pathworth.measure import rules
from pathworth.measure.asking import Behind, Mask, Pair, as_of, param, unknown_cell
from pathworth.measure.cells import ALL, of_part
from pathworth.measure.contracts import Interval
from pathworth.measure.diff.sides import marks, shared
from pathworth.measure.diff.wording import MATCHES
from pathworth.measure.intervals import medians
from pathworth.measure.patterns.answer import (
    MATCHING,
    OFTEN,
    Matches,
    MatchesDiff,
    MatchesIn,
    MatchesOf,
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

Counts = NDArray[np.int64]
_WORDS = (ALL, MATCHING, *OFTEN)
_EVERY, _MATCHING, _NONE = 0, 1, 2
"""Cells: every journey, those with the pattern, and those with so many matches from none on."""
_MS = 1_000.0
_NO_OWNER, _NO_PARTS = np.empty(0, np.int64), np.empty(0, np.uint8)


@dataclass(frozen=True)
class NamedPattern:
    """A pattern with the steps that its names stand for before events do."""

    text: str
    steps: tuple[Step, ...] = ()


PatternWord = str | NamedPattern
"""A pattern's text alone, or with its steps."""


@dataclass(frozen=True, kw_only=True)
class AskMatches:
    """In how many journeys a pattern of steps is found, how often in each, and how long a match takes."""

    word: ClassVar[str] = "matches"
    pattern: PatternWord = param(  # noqa: RUF009  # a field
        "", "What is looked for: cart -> [^checkout]* -> end.", kind="pattern"
    )
    within: str | None = param(
        None, "Longest time from the first event of a match to its last: 7d."
    )
    by: str | None = param(None, "Breaks the answer down by a trait.")

    def answer(self, journeys: Journeys, *, engine: Engine) -> Matches:
        """Return how often the pattern is found; raises as ``parse_pattern`` and the rules of ``measure.rules``."""
        sought = self._sought(journeys, engine)
        groups = engine.fold(journeys, Matching(sought))
        bins = np.sum([one.bins for one in groups], axis=0)
        (whole,) = _rows(_asked(journeys, sought, groups), bins, engine=engine)
        parts = None
        if sought.parts is not None:
            parts = tuple(_of_parts(journeys, sought, groups, engine))
        return Matches(
            sought.pattern.text,
            whole,
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            by=parts,
            overlap=None if parts is None else 0,
        )

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell counts, written as ``Matches.cells`` writes it."""
        sought = self._sought(journeys, engine)
        word, _, part = cell.partition(" | ")
        parts = sought.words
        if word not in _WORDS or (part and part not in parts):
            raise unknown_cell(cell, [*_WORDS, *(f"{MATCHING} | {one}" for one in parts)])
        place = parts.index(part) if part else None
        return Behind(InMatches(sought, _WORDS.index(word), place), journeys)

    def differ(self, pair: Pair, *, engine: Engine) -> MatchesDiff:
        """Return how the share of journeys with the pattern differs, and the mean number of matches, B less A."""
        a, b = (replace(self, by=None).answer(one, engine=engine) for one in pair)
        sought = [replace(self._sought(one, engine), parts=None) for one in pair]
        both = 0
        if all(one.slicing is None for one in pair):
            here = [InMatches(one, _EVERY, None).chosen for one in sought]
            sides = zip(pair, here, strict=True)
            both = shared(*(marks(one, there, engine=engine) for one, there in sides))
        asked = [
            _asked(one, mine, engine.fold(one, Matching(mine)))
            for one, mine in zip(pair, sought, strict=True)
        ]
        means = [_means(one) for one in asked]
        over = [(_MATCHING, _EVERY)]
        (share,) = differences((asked[0], asked[1]), over, shared=both, engine=engine)
        (often,) = differences((means[0], means[1]), over, shared=both, engine=engine, kind=MATCHES)
        return MatchesDiff(a, b, share, often, both)

    def _sought(self, journeys: Journeys, engine: Engine) -> Sought:
        rules.check_period(journeys)
        within_us = rules.check_window(self.within)
        given = self.pattern
        named = NamedPattern(given) if isinstance(given, str) else given
        pattern = parse_pattern(named.text)
        known = (*named.steps, *journeys.steps)
        steps = pattern_steps(pattern, journeys.snapshot, steps=known)
        trait = None if self.by is None else rules.split_trait(self.by, journeys.snapshot)
        return Sought(pattern, steps, within_us, parts_by(journeys, trait, engine=engine))


@dataclass(frozen=True)
class Sought:
    """What is looked for: a pattern, what its names stand for, its window, and the parts of a breakdown."""

    pattern: Pattern
    steps: tuple[Step, ...]
    within_us: int | None
    parts: Parts | None

    @property
    def words(self) -> list[str]:
        """Return how the parts of a breakdown are written."""
        if self.parts is None:
            return []
        labels = zip(self.parts.split.labels, self.parts.split.others, strict=True)
        return [of_part(value, joins=joins) for value, joins in labels]

    @property
    def width(self) -> int:
        """Return how many parts there are."""
        return 1 if self.parts is None else self.parts.split.parts

    def look(self, part: Part) -> tuple[Lane, Matched, NDArray[np.uint8]]:
        """Return the lane of a part, what was found in its units, and the part of a breakdown of each of them."""
        lane = pattern_lane(part, self.pattern, steps=self.steps)
        mine = _NO_PARTS if self.parts is None else self.parts.of(part, lane)
        return lane, matched(lane, self.pattern, within_us=self.within_us), mine


@dataclass(frozen=True)
class Counted:
    """Times, units and entities by part and cell, int64[parts, cells, 3], and bins of ms by part, int64[parts, BINS].

    The times of the cell of those with the pattern are matches.
    """

    cells: Counts
    bins: Counts


@dataclass(frozen=True)
class Matching:
    """Looks for a pattern in the kept events of every unit, and counts what was found."""

    sought: Sought

    def fold(self, part: Part) -> Counted:
        """Count the units of a part."""
        sought = self.sought
        lane, found, mine = sought.look(part)
        owner = _NO_OWNER if lane.owner is None else lane.owner
        out = np.zeros((sought.width, len(_WORDS), 3), np.int64)
        bins = np.zeros((sought.width, BINS), np.int64)
        kept = lane.kept_units().view(np.uint8)
        count_units(found.times, found.took_us, kept, owner, mine, out, bins)
        return Counted(out, bins)

    def merge(self, left: Counted, right: Counted) -> Counted:
        """Add two partials."""
        return Counted(left.cells + right.cells, left.bins + right.bins)


@dataclass(frozen=True)
class InMatches:
    """Units that one cell counts, in one part of a breakdown if one is given."""

    sought: Sought
    cell: int
    part: int | None

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        lane, found, mine = self.sought.look(part)
        often = np.minimum(found.times, len(OFTEN) - 1)
        holds: Mask = lane.kept_units()
        if self.cell == _MATCHING:
            holds &= found.times > 0
        elif self.cell >= _NONE:
            holds &= often == self.cell - _NONE
        return holds if self.part is None else holds & (mine == self.part)


def _asked(journeys: Journeys, sought: Sought, groups: Sequence[Counted]) -> Asked:
    """Return whose shares are asked, parts of a breakdown together."""
    each = np.stack([one.cells for one in groups]).sum(axis=1, keepdims=True)
    whole = each.sum(axis=0)
    alone = CellsOf(Matching(replace(sought, parts=None)))
    plain, people = journeys.slicing is None, int(whole[0, _EVERY, ENTITIES])
    return Asked(journeys, alone, whole, people, plain, column=UNITS, groups=each)


def _means(asked: Asked) -> Asked:
    """Return the same for matches of each unit, which are no share."""
    return replace(asked, plain=False, column=(TIMES, UNITS))


def _rows(asked: Asked, bins: Counts, *, engine: Engine) -> Iterator[MatchesIn]:
    """Yield what was found in each part, int64[parts, BINS] being the times of all of them or of each."""
    totals, size = asked.totals, len(_WORDS)
    over = [(p * size + _MATCHING, p * size + _EVERY) for p in range(len(totals))]
    given = shares(asked, over, engine=engine)
    means = shares(_means(asked), over, engine=engine)
    mine = bins.sum(axis=0, keepdims=True) if len(totals) == 1 else bins
    middle, low, high = medians(mine, totals[:, _MATCHING, ENTITIES])
    for k, cells in enumerate(totals):
        likely = None if np.isnan(low[k]) else (float(low[k]) / _MS, float(high[k]) / _MS)
        median = None if np.isnan(middle[k]) else float(middle[k]) / _MS
        yield _row(cells, given[k], means[k], (median, likely))


def _row(
    cells: Counts, share: Share, mean: Share, middle: tuple[float | None, Interval | None]
) -> MatchesIn:
    return MatchesIn(
        int(cells[_EVERY, UNITS]),
        int(cells[_MATCHING, UNITS]),
        share.value,
        share.interval,
        int(cells[_MATCHING, TIMES]),
        mean.value,
        mean.interval,
        *middle,
        tuple(int(one) for one in cells[_NONE:, UNITS]),
        share.why,
    )


def _of_parts(
    journeys: Journeys, sought: Sought, groups: Sequence[Counted], engine: Engine
) -> Iterator[MatchesOf]:
    """Yield every part of a breakdown that has a journey."""
    if sought.parts is None:
        return
    each = np.stack([one.cells for one in groups])
    asked = replace(
        _asked(journeys, sought, groups),
        question=CellsOf(Matching(sought)),
        totals=each.sum(axis=0),
        groups=each,
    )
    split = sought.parts.split
    bins = np.sum([one.bins for one in groups], axis=0)
    rows = _rows(asked, bins, engine=engine)
    for value, others, one in zip(split.labels, split.others, rows, strict=True):
        if one.entities:
            yield MatchesOf(value, one, others)


def matches(
    journeys: Journeys,
    pattern: PatternWord,
    *,
    within: str | None = None,
    by: str | None = None,
    engine: Engine | None = None,
) -> Matches:
    """Return in how many journeys a pattern is found, how often in each, and how long a match takes.

    Parameters
    ----------
    journeys
        Whose, and which events; the next event of a pattern is the next kept one.
    pattern
        What is looked for, as docs/predicates.md says; names are steps of the selection, else events.
    within
        Longest time from the first event of a match to its last one.
    by
        Splits entities by their last known value of a trait.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    WrongUsage
        ``BAD_PATTERN`` or ``PATTERN_TOO_LONG`` at the character that is wrong; as the rules of ``measure.rules``.
    UnknownName
        ``UNKNOWN_STEP`` with near names.
    """
    ask = AskMatches(pattern=pattern, within=within, by=by)
    return ask.answer(journeys, engine=engine or local_engine())
