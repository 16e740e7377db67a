"""Answers about coming back, with the keys that every face shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import of_part
from pathworth.measure.contracts import Difference, Interval

MOST_DRAWN = 13


@dataclass(frozen=True)
class Cohort:
    """Entities that began in one period, and how many came back.

    ``retained[k]`` counts entities, null where the period is not over; ``intervals[k]`` is Wilson's at
    95 % of its share of ``size``, null in cell 0, where the period is not over, and under 30 entities.
    """

    start: str
    size: int
    retained: tuple[int | None, ...]
    intervals: tuple[Interval | None, ...]

    def known(self) -> Iterator[tuple[int, int]]:
        """Return the cells that have a number: after how many periods, and how many entities."""
        return ((k, n) for k, n in enumerate(self.retained) if n is not None)


@dataclass(frozen=True)
class RetentionOf:
    """The cohorts of the entities with one value of a trait."""

    value: str | None
    cohorts: tuple[Cohort, ...]
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Retention(Answer):
    """Who comes back, by the period in which they began.

    ``by`` splits entities by their last known value of a trait: the cells of all parts add up to the total and
    ``overlap`` is 0.
    """

    cohorts: tuple[Cohort, ...]
    period: str
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[RetentionOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per cohort, the share who came back after each number of periods."""
        longest = max((len(one.retained) for one in self.cohorts), default=0)
        heads = tuple(str(k) for k in range(longest))
        rows = tuple(
            (one.start, one.size, *(_share(one, k) for k in range(longest))) for one in self.cohorts
        )
        title = f"Share who came back, by {self.period}s after they began"
        chart = Chart("heat", "start", heads[:MOST_DRAWN]) if heads else None
        return Sheet(title, ("start", "size", *heads), rows, chart)

    def cells(self) -> dict[str, int]:
        """Return those retained and those lost of every cell that has a number, and of every part."""
        parts = [(f" {of_part(one.value, joins=one.others)}", one.cohorts) for one in self.by or ()]
        found: dict[str, int] = {}
        for part, cohorts in [("", self.cohorts), *parts]:
            for one in cohorts:
                for k, n in one.known():
                    found[f"{one.start} {k} retained{part}"] = n
                    found[f"{one.start} {k} lost{part}"] = one.size - n
        return found


def _share(cohort: Cohort, k: int) -> float | None:
    came = cohort.retained[k] if k < len(cohort.retained) else None
    return None if came is None else came / cohort.size


@dataclass(frozen=True)
class RetentionCellDiff:
    """Who came back after ``k`` periods on both sides: over all cohorts whose cell is over, with their sizes."""

    k: int
    size_a: int
    size_b: int
    share: Difference


@dataclass(frozen=True)
class RetentionDiff(Answer):
    """The same retention of two selections, number of periods by number of periods.

    Intervals are a jackknife with the same groups on both sides; ``shared`` counts the entities that began on both.
    """

    a: Retention
    b: Retention
    periods: tuple[RetentionCellDiff, ...]
    shared: int

    def sheet(self) -> Sheet:
        """Return one row per number of periods."""
        rows = tuple((one.k, one.share.a, one.share.b, one.share.words) for one in self.periods)
        heads = (f"{self.a.period}s after", "A", "B", "in words")
        return Sheet("B against A", heads, rows, Chart("lines", heads[0], ("A", "B")))
