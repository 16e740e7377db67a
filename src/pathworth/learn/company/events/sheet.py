"""Collects blocks of events and lays them out in the order in which they arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.parameters import Company
from pathworth.learn.company.world import Codes, Column, Events

SINCE = "subscription_started_at"
ACCOUNT = "account_id"


@dataclass(frozen=True)
class Block:
    """Events of one origin; ``codes`` are places plus one in the column's values, 0 for nothing."""

    person: Codes
    name: Codes
    ms: Codes
    value: Codes
    cost: Codes
    codes: Mapping[str, Codes]


@dataclass(frozen=True)
class Laid:
    """Events in the order of time; ``codes`` are places plus one in a property's values, 0 for nothing."""

    person: Codes
    name: Codes
    ms: Codes
    value: Codes
    cost: Codes
    codes: Mapping[str, Codes]

    def take(self, rows: Codes) -> Laid:
        """Return the events in these places."""
        return Laid(
            person=self.person[rows],
            name=self.name[rows],
            ms=self.ms[rows],
            value=self.value[rows],
            cost=self.cost[rows],
            codes={key: codes[rows] for key, codes in self.codes.items()},
        )


@dataclass
class Sheet:
    """Blocks of events that together become the events of a world.

    Parameters
    ----------
    values
        For each text property the values its codes stand for.
    """

    values: Mapping[str, Sequence[str]]
    names: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def name(self, event: str) -> int:
        """Return the code of an event's name, a new one when it is met first."""
        if event not in self.names:
            self.names.append(event)
        return self.names.index(event)

    def add(
        self,
        person: Codes,
        name: Codes | int,
        *,
        ms: Codes,
        value: Codes | int = 0,
        cost: Codes | int = 0,
        codes: Mapping[str, Codes | int],
    ) -> None:
        """Add events; a plain number stands for all of them."""
        n = len(person)

        def full(one: Codes | int) -> Codes:
            return one if isinstance(one, np.ndarray) else np.full(n, one)

        columns = {key: full(one) for key, one in codes.items()}
        self.blocks.append(Block(person, full(name), ms, full(value), full(cost), columns))

    def laid(self, *, from_ms: int, until_ms: int) -> Laid:
        """Return the events between two instants in the order of time, with every property there is."""
        person, name, ms, value, cost = (
            np.concatenate([getattr(block, key) for block in self.blocks])
            for key in ("person", "name", "ms", "value", "cost")
        )
        order = np.lexsort((person, ms))
        begin, end = np.searchsorted(ms[order], [from_ms, until_ms])
        order = order[begin:end]
        codes = {}
        for key in self.values:
            pieces = [
                block.codes.get(key, np.zeros(len(block.person), dtype=np.int64))
                for block in self.blocks
            ]
            codes[key] = np.concatenate(pieces)[order]
        return Laid(person[order], name[order], ms[order], value[order], cost[order], codes)

    def finish(self, *, from_ms: int, until_ms: int) -> Events:
        """Return the events between two instants; columns and values that nobody has are dropped."""
        laid = self.laid(from_ms=from_ms, until_ms=until_ms)
        return finished(laid, self.values)


def finished(laid: Laid, values: Mapping[str, Sequence[str]]) -> Events:
    """Return laid out events as those of a world; columns and values that nobody has are dropped."""
    columns = {key: compact(laid.codes[key], texts) for key, texts in values.items()}
    return Events(
        person=laid.person,
        name=laid.name.astype(np.uint16),
        time_us=laid.ms * 1000,
        message=np.arange(len(laid.person)),
        value_micro=laid.value,
        cost_micro=laid.cost,
        columns={key: column for key, column in columns.items() if column.values},
    )


def compact(codes: Codes, values: Sequence[str]) -> Column:
    """Return the column with only the values that occur, in their order."""
    used = np.bincount(codes, minlength=len(values) + 1) > 0
    used[0] = False
    new = np.where(used, np.cumsum(used), 0)
    kept = tuple(text for text, there in zip(values, used[1:], strict=True) if there)
    return Column(kept, new[codes].astype(np.uint16))


def since_values(company: Company, earliest: int) -> list[str]:
    """Return the ISO dates from a day (counted from the first day) to the end of the window."""
    days = range(earliest, company.weeks * 7 + 1)
    return [(company.first_day + timedelta(days=day)).isoformat() for day in days]


def since_codes(start: NDArray[np.float64], earliest: int) -> Codes:
    """Return the code of the date on which each contract began."""
    return np.floor(start).astype(np.int64) - earliest + 1
