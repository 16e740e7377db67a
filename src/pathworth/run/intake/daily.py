"""Numbers by the day, and what sources do not see, as people see and say them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from pathworth import store
from pathworth.base.money import from_micro
from pathworth.run.workspace import Workspace


@dataclass(frozen=True)
class BlindSpotRow:
    """What a source shows: the least and the greatest share of true events, why, and who says so.

    ``by_hand`` is false for what the format of an import says.
    """

    source: str
    least: float
    most: float
    because: str
    by_hand: bool
    said_by: str
    said: str


@dataclass(frozen=True)
class DailyRow:
    """What stands of one measure of one source, broken down by the same things.

    Parameters
    ----------
    source, measure, dimensions
        What is counted, and by what it is broken down.
    currency
        Of money; null for other numbers.
    values
        How many numbers there are.
    first, last, days, gaps
        From which day to which, how many days have a number, and how many between have none.
    sum
        Null where numbers do not add up: shares, means, ranks.
    least, most
        The smallest and the greatest of the numbers.
    sees
        What the source does not see; null where nothing is said.
    """

    source: str
    measure: str
    dimensions: tuple[str, ...]
    currency: str | None
    values: int
    first: str
    last: str
    days: int
    gaps: int
    sum: float | None
    least: float
    most: float
    sees: BlindSpotRow | None


@dataclass(frozen=True)
class DailyNumber:
    """One number: of which day, or how many days from it on, of what, and by what it is broken down."""

    source: str
    measure: str
    day: str
    days: int
    dimensions: dict[str, str]
    value: float
    currency: str | None


def daily(workspace: Workspace) -> tuple[DailyRow, ...]:
    """Return what sources say that tell no people, by source and measure."""
    seen = {one.source: one for one in blind_spots(workspace)}
    found = store.Daily(workspace.store).counts()
    return tuple(_row(one, seen.get(one.source)) for one in found)


def daily_numbers(
    workspace: Workspace,
    *,
    source: str | None = None,
    measure: str | None = None,
    from_: str | None = None,
    to: str | None = None,
    limit: int | None = None,
) -> tuple[DailyNumber, ...]:
    """Return the numbers themselves, by source, measure, day and dimensions.

    Parameters
    ----------
    source, measure
        Which; null for all.
    from_, to
        ISO dates: of days from the first up to but without the second.
    limit
        How many at most.
    """
    found = store.Daily(workspace.store).values(
        source=source, measure=measure, from_=from_, to=to, limit=limit
    )
    return tuple(
        DailyNumber(
            where,
            one.measure,
            one.day,
            one.days,
            json.loads(one.dimensions),
            from_micro(one.micro),
            one.currency,
        )
        for where, one in found
    )


def blind_spots(workspace: Workspace) -> tuple[BlindSpotRow, ...]:
    """Return what is said of every source, by its name."""
    return tuple(_spot(one) for one in store.BlindSpots(workspace.store).all())


def say_blind_spot(
    workspace: Workspace,
    source: str,
    *,
    shows: tuple[float, float],
    because: str,
    author: str = "",
) -> tuple[BlindSpotRow, ...]:
    """Say what a source does not see, and return all that is said; no import says otherwise from then on.

    Parameters
    ----------
    source
        Its name.
    shows
        The least and the greatest share of true events in it, 0 to 1.
    because, author
        Why, and who says so.

    Raises
    ------
    BadInput
        ``BAD_SHARE``, ``NO_REASON``.
    """
    store.BlindSpots(workspace.store).say(
        source, shows=shows, because=because, said_by=author, by_hand=True
    )
    return blind_spots(workspace)


def forget_blind_spot(workspace: Workspace, source: str) -> tuple[BlindSpotRow, ...]:
    """Forget what is said of a source, and return the rest; raises ``UNKNOWN_SOURCE``."""
    store.BlindSpots(workspace.store).forget(source)
    return blind_spots(workspace)


def _row(one: store.DailyCount, sees: BlindSpotRow | None) -> DailyRow:
    span = (date.fromisoformat(one.last) - date.fromisoformat(one.first)).days + 1
    return DailyRow(
        source=one.source,
        measure=one.measure,
        dimensions=one.split,
        currency=one.currency,
        values=one.values,
        first=one.first,
        last=one.last,
        days=one.covered,
        gaps=span - one.covered,
        sum=None if one.sum is None else from_micro(one.sum),
        least=from_micro(one.least),
        most=from_micro(one.most),
        sees=sees,
    )


def _spot(one: store.BlindSpot) -> BlindSpotRow:
    return BlindSpotRow(
        one.source, one.least, one.most, one.because, one.by_hand, one.said_by, one.said_at
    )
