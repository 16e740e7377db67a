"""The answer about whole journeys: the commonest, all others together, and how two selections differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.cells import ALL, GOES_ON, OTHER, of_part, quoted
from pathworth.measure.contracts import Difference, Interval


@dataclass(frozen=True)
class Variant:
    """Journeys that are the same row of states, and their share of all.

    ``goes_on`` marks rows that were cut at the longest length. ``median_seconds`` is from first to last event, with
    Woodruff's interval; intervals are null with ``why`` beside them when there is none.
    """

    rank: int
    states: tuple[str, ...]
    goes_on: bool
    count: int
    share: float | None
    interval: Interval | None
    median_seconds: float | None
    median_interval: Interval | None
    why: str | None = None


@dataclass(frozen=True)
class OtherVariants:
    """All rarer journeys together, and how many different ones they are."""

    variants: int
    count: int
    share: float | None
    interval: Interval | None
    median_seconds: float | None
    median_interval: Interval | None
    why: str | None = None


@dataclass(frozen=True)
class VariantsOf:
    """The same variants among the entities with one value of a trait, without times.

    ``counts`` and ``shares`` are by rank; ``others`` says how many rarer values the part joins.
    """

    value: str | None
    entities: int
    counts: tuple[int, ...]
    shares: tuple[float | None, ...]
    intervals: tuple[Interval | None, ...]
    rest: int
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Variants(Answer):
    """The commonest whole journeys: ``entities`` have one, which are ``variants`` different ones in all.

    The counts of all shown and of ``rest`` add up to ``entities``; ``by`` parts add up to the total.
    """

    entities: int
    variants: int
    shown: tuple[Variant, ...]
    rest: OtherVariants
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[VariantsOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per variant, and one for all others."""
        heads = ("rank", "journey", "count", "share", "median_seconds")
        rows = [
            (str(one.rank), _told(one), one.count, one.share, one.median_seconds)
            for one in self.shown
        ]
        rest = self.rest
        others = f"{rest.variants:,} others"
        rows.append(("other", others, rest.count, rest.share, rest.median_seconds))
        title = f"{self.variants:,} different journeys"
        return Sheet(title, heads, tuple(rows), Chart("bars", "rank", ("count",)))

    def cells(self) -> dict[str, int]:
        """Return the entities of every variant, of all others and of every part."""
        rows = [_row(one) for one in self.shown]
        found = {ALL: self.entities, OTHER: self.rest.count}
        found |= {row: one.count for row, one in zip(rows, self.shown, strict=True)}
        for one in self.by or ():
            part = f" | {of_part(one.value, joins=one.others)}"
            found |= {ALL + part: one.entities, OTHER + part: one.rest}
            found |= {row + part: n for row, n in zip(rows, one.counts, strict=True)}
        return found


@dataclass(frozen=True)
class VariantDiff:
    """The share of journeys that are one variant, on both sides."""

    rank: int
    states: tuple[str, ...]
    goes_on: bool
    share: Difference


@dataclass(frozen=True)
class VariantsDiff(Answer):
    """The variants that are common in two selections together, and all others as one.

    ``shared`` counts the entities on both sides; with none, intervals of shares of entities are Newcombe's, else a
    jackknife with the same groups on both sides.
    """

    a: Variants
    b: Variants
    variants: tuple[VariantDiff, ...]
    rest: Difference
    shared: int

    def sheet(self) -> Sheet:
        """Return one row per variant, and one for all others."""
        rows = [(_told(one), one.share) for one in self.variants]
        rows.append(("all others", self.rest))
        shown = tuple((name, one.a, one.b, one.words) for name, one in rows)
        return Sheet("B against A", ("journey", "A", "B", "in words"), shown)


def _row(one: Variant) -> str:
    """Return how a variant is written in a cell: its states one after the other."""
    return " > ".join([*map(quoted, one.states), *([GOES_ON] if one.goes_on else [])])


def _told(one: Variant | VariantDiff) -> str:
    return " > ".join(one.states) + (" > ..." if one.goes_on else "")
