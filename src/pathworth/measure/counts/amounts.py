"""The number that is added up: a property of numbers, or money, which is never added across currencies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import NotSupported
from pathworth.base.predicate import Column
from pathworth.journeys import Engine, EventFields, Field, Journeys, Part, Step, column_of, hit_lane

Counts = NDArray[np.int64]
_CURRENCY = "currency"
_NO_MONEY, _NO_NUMBER = np.empty(0, np.int64), np.empty(0, np.float64)


@dataclass(frozen=True)
class Amount:
    """A number of events; ``currency`` is that of money, null for any other number."""

    field: Field
    currency: str | None

    def of(self, part: Part) -> tuple[Counts, NDArray[np.float64]]:
        """Return money in micro-units and numbers of a part's events, one of them empty."""
        values = column_of(part, self.field)
        return (values, _NO_NUMBER) if self.field.kind == "money" else (_NO_MONEY, values)


def no_amount() -> tuple[Counts, NDArray[np.float64]]:
    """Return what ``Amount.of`` does where nothing is added up."""
    return _NO_MONEY, _NO_NUMBER


def amount_of(
    name: str | None, journeys: Journeys, *, steps: tuple[Step, ...], engine: Engine
) -> Amount | None:
    """Return the number that some steps' events carry; null without a name.

    Raises
    ------
    UnknownName
        ``UNKNOWN_COLUMN`` with near names.
    NotSupported
        ``NUMBER_NEEDED`` for a column that holds no numbers, ``SEVERAL_CURRENCIES`` where money cannot be added.
    """
    if name is None:
        return None
    field = EventFields(journeys.snapshot).find(Column(name))
    if field.kind not in {"money", "number"}:
        raise NotSupported(
            "NUMBER_NEEDED",
            f"{name!r} holds {field.kind}, which cannot be added up.",
            "Name a property of numbers, or value or cost for money.",
        )
    if field.kind == "number":
        return Amount(field, None)
    return Amount(field, _currency(field, journeys, steps, engine))


def _currency(field: Field, journeys: Journeys, steps: tuple[Step, ...], engine: Engine) -> str:
    """Return the one currency of the money of some steps."""
    snapshot = journeys.snapshot
    if _CURRENCY not in list(snapshot.columns):
        return snapshot.currency
    spoken = EventFields(snapshot).find(Column(_CURRENCY))
    if not spoken.coded:
        return snapshot.currency
    counts = engine.total(journeys, Spoken(spoken, field, steps))
    found = sorted(
        snapshot.currency if word is None else word
        for word, count in zip(spoken.words, counts.tolist(), strict=True)
        if count
    )
    several = sorted(set(found))
    if len(several) > 1:
        raise NotSupported(
            "SEVERAL_CURRENCIES",
            f"Amounts in {', '.join(several[:-1])} and {several[-1]} are not added.",
            f"Ask for one of them at a time, with where=\"currency = '{several[0]}'\".",
        )
    return several[0] if several else snapshot.currency


@dataclass(frozen=True)
class Spoken:
    """Kept events of some steps on which money moved, by code of their currency, int64[codes there are]."""

    spoken: Field
    money: Field
    steps: tuple[Step, ...]

    def fold(self, part: Part) -> Counts:
        """Count the events of a part."""
        counted = hits(part, self.steps) & (column_of(part, self.money) != 0)
        codes = column_of(part, self.spoken)[counted]
        return np.bincount(codes, minlength=len(self.spoken.words)).astype(np.int64)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two counts."""
        return left + right


def hits(part: Part, steps: tuple[Step, ...]) -> NDArray[np.bool_]:
    """Return bool[events of the part]: kept events that take any of some steps."""
    lane = hit_lane(part, steps)
    found: NDArray[np.bool_] = (lane.table != 0)[lane.codes]
    return found & (lane.keep != 0) if lane.keep.size else found
