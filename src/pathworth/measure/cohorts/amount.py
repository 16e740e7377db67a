"""The money of an event in micro-units, and the currencies in which it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import NotSupported
from pathworth.base.money import MICRO
from pathworth.journeys import Engine, Field, Journeys, Lane, Part, Step, column_of, hit_lane
from pathworth.measure.cohorts import rules

Counts = NDArray[np.int64]
PAID = 2
"""The bit of an event whose amount counts, among the roles of a lane."""
_LARGEST = 2.0**53
"""Micro-units of one event above which a number is no longer whole."""


def micro_of(part: Part, field: Field, *, lane: Lane) -> Counts:
    """Return int64[n_event]: the amount of every event of a lane in micro-units, 0 where there is none.

    Raises
    ------
    NotSupported
        ``AMOUNT_TOO_LARGE`` for an amount of more than nine thousand million.
    """
    column = lane.of_events(column_of(part, field))
    if field.kind == "money":
        return np.ascontiguousarray(column)
    scaled = np.where(np.isfinite(column), column, 0.0) * MICRO
    if len(scaled) and np.abs(scaled).max() > _LARGEST:
        raise NotSupported(
            "AMOUNT_TOO_LARGE",
            f"{field.name!r} holds amounts above 9,000,000,000, which cannot be added exactly.",
            "Name a property of smaller amounts, or leave these events out with where.",
        )
    found: Counts = np.trunc(scaled + np.copysign(0.5, scaled)).astype(np.int64)
    return found


@dataclass(frozen=True)
class Currencies:
    """Events that bring money by code of their currency, int64[codes there are]."""

    roles: tuple[Step, ...]
    amount: Field
    currency: Field

    def fold(self, part: Part) -> Counts:
        """Count the events of a part."""
        lane = hit_lane(part, self.roles)
        paid = (lane.table.astype(np.uint8) & PAID)[lane.codes] != 0
        if lane.keep.size:
            paid &= lane.keep != 0
        paid &= micro_of(part, self.amount, lane=lane) != 0
        codes = lane.of_events(column_of(part, self.currency))[paid]
        return np.bincount(codes, minlength=len(self.currency.words)).astype(np.int64)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two counts."""
        return left + right


def currency_of(
    journeys: Journeys, roles: tuple[Step, ...], *, amount: Field, engine: Engine
) -> str:
    """Return the one currency of the money that counts; what names none is in that of the workspace.

    Raises
    ------
    NotSupported
        ``SEVERAL_CURRENCIES``.
    """
    snapshot = journeys.snapshot
    info = snapshot.columns["currency"] if "currency" in set(snapshot.columns) else None
    if info is None or info.kind != "text":
        return snapshot.currency
    field = Field("column", "currency", info.kind, info.values)
    counts = engine.total(journeys, Currencies(roles, amount, field))
    words = [word or snapshot.currency for word in field.words]
    found = sorted({words[code] for code in np.flatnonzero(counts).tolist()})
    rules.check_one_currency(found)
    return found[0] if found else snapshot.currency
