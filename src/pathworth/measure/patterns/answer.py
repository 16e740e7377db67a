"""The answer to how often a pattern is found, and how two selections differ in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import ALL, of_part
from pathworth.measure.contracts import Difference, Interval

MATCHING = "(matching)"
OFTEN = ("0", "1", "2", "3", "4", "5+")
"""How many matches a journey may have, as cells write it."""


@dataclass(frozen=True)
class MatchesIn:
    """How often a pattern is found in some journeys.

    ``matching`` of the ``entities`` hold it, ``times`` matches are in them that share no event. ``mean_times`` are
    matches of one of the entities. ``median_seconds`` is from the first event of a journey's first match to its last
    one. ``often`` counts the journeys with 0, 1, 2, 3, 4, and 5 or more matches. Intervals are at 95 %; null with
    ``why`` beside them when there is none.
    """

    entities: int
    matching: int
    share: float | None
    interval: Interval | None
    times: int
    mean_times: float | None
    mean_interval: Interval | None
    median_seconds: float | None
    median_interval: Interval | None
    often: tuple[int, ...]
    why: str | None = None


@dataclass(frozen=True)
class MatchesOf:
    """The same among the entities with one value of a trait; ``others`` says how many rarer values it joins."""

    value: str | None
    found: MatchesIn
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Matches(Answer):
    """How often a pattern is found in journeys; ``by`` parts add up to the total."""

    pattern: str
    found: MatchesIn
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[MatchesOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row for all, and one per part."""
        heads = ("of", "entities", "matching", "share", "times", "mean_times", "median_seconds")
        rows = tuple(
            (
                name,
                one.entities,
                one.matching,
                one.share,
                one.times,
                one.mean_times,
                one.median_seconds,
            )
            for name, one in self._rows()
        )
        return Sheet(
            f"Journeys that hold {self.pattern}", heads, rows, Chart("bars", "of", heads[3:4])
        )

    def cells(self) -> dict[str, int]:
        """Return all, those with the pattern, and those with so many matches, of everybody and of every part."""
        return {
            word + ("" if name == "all" else f" | {name}"): count
            for name, one in self._rows()
            for word, count in zip(
                (ALL, MATCHING, *OFTEN), (one.entities, one.matching, *one.often), strict=True
            )
        }

    def _rows(self) -> Iterator[tuple[str, MatchesIn]]:
        yield "all", self.found
        for one in self.by or ():
            yield of_part(one.value, joins=one.others), one.found


@dataclass(frozen=True)
class MatchesDiff(Answer):
    """How two selections differ in how many journeys hold a pattern, and in how often each does.

    ``shared`` counts the entities on both sides; with none, the interval of shares of entities is Newcombe's, else a
    jackknife with the same groups on both sides.
    """

    a: Matches
    b: Matches
    share: Difference
    mean_times: Difference
    shared: int

    def sheet(self) -> Sheet:
        """Return one row per number."""
        both = (("share", self.share), ("mean_times", self.mean_times))
        rows = tuple((name, one.a, one.b, one.words) for name, one in both)
        return Sheet("B against A", ("", "A", "B", "in words"), rows)
