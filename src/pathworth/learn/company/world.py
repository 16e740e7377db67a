"""One history of the company: every event as arrays, and the truth about every person and visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.parameters import Company
from pathworth.learn.company.shapes import Rung

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Keys = NDArray[np.uint32]


@dataclass(frozen=True)
class Column:
    """A text property: code 0 is nothing, code k is ``values[k - 1]``."""

    values: tuple[str, ...]
    codes: NDArray[np.uint16]


@dataclass(frozen=True)
class Events:
    """Events in the order in which they arrived.

    Parameters
    ----------
    person
        Place in ``World.ids``.
    name
        Place in ``World.names``.
    time_us
        When it happened, microseconds since 1970 UTC, whole milliseconds.
    message
        Number of the message; an event that was sent again has the number of the first.
    value_micro, cost_micro
        Money in micro-units, 0 where none was paid.
    columns
        Properties by name.
    """

    person: Codes
    name: NDArray[np.uint16]
    time_us: Codes
    message: Codes
    value_micro: Codes
    cost_micro: Codes
    columns: Mapping[str, Column]


@dataclass(frozen=True)
class Persons:
    """The truth about each person; codes are places in the company's lists, -1 where it does not apply.

    ``part`` is 0 for those who entered the journey, 1 for extra entrants of the mix shift, 2 for payers of the opening
    book, 3 for colleagues. ``plan`` is the one bought. ``account`` is the place of the payer among the persons.
    """

    persona: Codes
    ledger: Codes
    big: NDArray[np.bool_]
    skips: NDArray[np.bool_]
    part: Codes
    plan: Codes
    account: Codes


@dataclass(frozen=True)
class VisitTruth:
    """Every visit as it really was, sorted by person and start.

    ``step`` and ``to`` are places in the company's steps; ``to`` is 8 for left and 9 after the purchase. Times in
    microseconds; those after the window were never seen.
    """

    person: Codes
    step: Codes
    to: Codes
    start_us: Codes
    end_us: Codes
    extended: NDArray[np.bool_]
    expired: NDArray[np.bool_]


@dataclass(frozen=True)
class World:
    """One history of the company.

    Parameters
    ----------
    ids
        bytes[persons]: the raw id of each person, fixed width.
    names
        Event names; ``Events.name`` are places in it.
    words
        New word for each old one when the world was renamed, else empty.
    from_us, to_us
        The window.
    """

    company: Company
    rung_name: str
    seed: int
    ids: NDArray[np.bytes_]
    names: tuple[str, ...]
    events: Events
    persons: Persons
    visits: VisitTruth
    from_us: int
    to_us: int
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def rung(self) -> Rung:
        """Return which parts of the world are on."""
        return self.company.rung[self.rung_name]
