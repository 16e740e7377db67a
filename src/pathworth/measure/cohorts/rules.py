"""Named rules of what cohorts bring in, each with its code."""

from __future__ import annotations

from collections.abc import Sequence

from pathworth.base.errors import NotSupported, WrongUsage
from pathworth.base.predicate import Column
from pathworth.journeys import EventFields, Field
from pathworth.store import Snapshot

MOST_AGES = 60


def check_amount(name: str, snapshot: Snapshot) -> Field:
    """Return the property that holds the money of an event.

    Raises
    ------
    UnknownName
        ``UNKNOWN_COLUMN`` with near names.
    NotSupported
        ``AMOUNT_NEEDS_NUMBER`` when it holds neither money nor numbers.
    """
    field = EventFields(snapshot).find(Column(name))
    if field.kind not in {"money", "number"}:
        raise NotSupported(
            "AMOUNT_NEEDS_NUMBER",
            f"{field.name!r} holds {field.kind}, which cannot be added.",
            "Name value, cost, or a property of numbers.",
        )
    return field


def check_one_currency(found: Sequence[str]) -> None:
    """Refuse to add money of several currencies.

    Raises
    ------
    NotSupported
        ``SEVERAL_CURRENCIES``.
    """
    if len(found) > 1:
        named = found[0].replace("'", "''")
        raise NotSupported(
            "SEVERAL_CURRENCIES",
            f"The money is in {', '.join(found)}, and there is no dated table of rates to add it by.",
            f"Keep one currency: where=\"currency = '{named}'\".",
        )


def check_ages(ages: int | None, *, otherwise: int) -> int:
    """Return how many ages are asked for.

    Raises
    ------
    WrongUsage
        ``BAD_SIZE`` when they are none, or more than 60.
    """
    wanted = min(max(otherwise, 1), MOST_AGES) if ages is None else ages
    if not 1 <= wanted <= MOST_AGES:
        raise WrongUsage(
            "BAD_SIZE", f"ages is {wanted}.", f"Say a whole number from 1 to {MOST_AGES}."
        )
    return wanted


def check_one_grouping(by: str | None, behaviour: str | None) -> None:
    """Refuse cohorts by a trait and by a behaviour at a time: ``TWO_GROUPINGS``."""
    if by is not None and behaviour is not None:
        raise WrongUsage(
            "TWO_GROUPINGS",
            f"Cohorts are made by the trait {by!r} or by a behaviour, not by both.",
            "Leave one of the two out, and put it into who=.",
        )
