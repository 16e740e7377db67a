"""How the step of an event is found in one pass: rules as at most 64 terms, each a lookup per column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys.fields import Arrays, Field
from pathworth.journeys.predicates.bind import (
    Bound,
    Codes,
    Deed,
    Every,
    Fixed,
    Match,
    Member,
    Pair,
    Some,
    Values,
)
from pathworth.journeys.predicates.masks import mask
from pathworth.kernels.select import first_of_bits, look_up_bits, look_up_steps, steps_of_bits
from pathworth.store import Snapshot

TERMS = 64
Test = Codes | Values | Pair | Deed | Match | Member
Term = tuple[Test, ...]
_NAME = ("event", "event")


class StepPlan(Protocol):
    """Finds the first step that each event takes."""

    def codes(self, arrays: Arrays) -> NDArray[np.int16]:
        """Return int16[n]: the first step whose rule holds, -1 for none."""
        ...

    def hits(self, arrays: Arrays) -> NDArray[np.uint16]:
        """Return uint16[n]: bit k is set where the rule of step k holds; for at most 16 steps."""
        ...


@dataclass(frozen=True)
class ByName:
    """Every rule speaks of the event's name only: one table."""

    field: Field
    table: NDArray[np.int16]
    allowed: NDArray[np.uint64]

    def hits(self, arrays: Arrays) -> NDArray[np.uint16]:
        """Return uint16[n]: bit k is set where the rule of step k holds; for at most 16 steps."""
        found: NDArray[np.uint16] = self.allowed.astype(np.uint16)[arrays.of(self.field)]
        return found

    def codes(self, arrays: Arrays) -> NDArray[np.int16]:
        """Return int16[n]: the first step whose rule holds, -1 for none."""
        out = np.empty(arrays.length, np.int16)
        look_up_steps(arrays.of(self.field), self.table, out)
        return out


@dataclass(frozen=True)
class ByBits:
    """Rules as terms: bit t of an event survives the columns whose tables allow term t."""

    tables: tuple[tuple[Test, NDArray[np.uint64]], ...]
    step: NDArray[np.int16]
    start: np.uint64

    def codes(self, arrays: Arrays) -> NDArray[np.int16]:
        """Return int16[n]: the first step whose rule holds, -1 for none."""
        out = np.empty(arrays.length, np.int16)
        first_of_bits(self._bits(arrays), self.step, out)
        return out

    def hits(self, arrays: Arrays) -> NDArray[np.uint16]:
        """Return uint16[n]: bit k is set where the rule of step k holds; for at most 16 steps."""
        out = np.empty(arrays.length, np.uint16)
        steps_of_bits(self._bits(arrays), self.step, out)
        return out

    def _bits(self, arrays: Arrays) -> NDArray[np.uint64]:
        """Return uint64[n]: which terms hold."""
        bits = np.full(arrays.length, self.start, np.uint64)
        for test, table in self.tables:
            column = arrays.of(test.field) if isinstance(test, Codes) else mask(test, arrays)
            look_up_bits(column, table, bits)
        return bits


@dataclass(frozen=True)
class ByRules:
    """Rules too many or too tangled for 64 terms: one mask each, the first rule written last."""

    rules: tuple[Bound, ...]

    def codes(self, arrays: Arrays) -> NDArray[np.int16]:
        """Return int16[n]: the first step whose rule holds, -1 for none."""
        out = np.full(arrays.length, -1, np.int16)
        for step in range(len(self.rules) - 1, -1, -1):
            out[mask(self.rules[step], arrays).view(bool)] = step
        return out

    def hits(self, arrays: Arrays) -> NDArray[np.uint16]:
        """Return uint16[n]: bit k is set where the rule of step k holds; for at most 16 steps."""
        out = np.zeros(arrays.length, np.uint16)
        for step, rule in enumerate(self.rules):
            out |= mask(rule, arrays).astype(np.uint16) << np.uint16(step)
        return out


def plan_steps(rules: list[Bound], snapshot: Snapshot) -> StepPlan:
    """Choose the cheapest plan that gives the first step whose rule holds."""
    terms: list[tuple[int, Term]] = []
    for step, rule in enumerate(rules):
        found = _terms(rule)
        if found is None or len(terms) + len(found) > TERMS:
            return _by_name(rules, snapshot) or ByRules(tuple(rules))
        terms.extend((step, term) for term in found)
    return _by_name(rules, snapshot) or _by_bits(terms)


def _by_name(rules: list[Bound], snapshot: Snapshot) -> StepPlan | None:
    """Return the plan by name, null when a rule speaks of anything else."""
    size = max(len(snapshot.names), 1)
    table = np.full(size, -1, np.int16)
    allowed = np.zeros(size, np.uint64)
    for step in range(len(rules) - 1, -1, -1):
        rule = rules[step]
        if isinstance(rule, Fixed):
            holds = np.full(size, rule.holds)
        elif isinstance(rule, Codes) and rule.field.key == _NAME:
            holds = np.resize(rule.table, size) != 0
        else:
            return None
        table[holds] = step
        if step < TERMS:
            allowed[holds] |= np.uint64(1 << step)
    return ByName(Field("event", "event", "text", snapshot.names), table, allowed)


def _terms(rule: Bound) -> list[Term] | None:
    """Return a rule as alternatives of tests that hold together; null when there are too many."""
    match rule:
        case Fixed(holds):
            return [()] if holds else []
        case Some(parts):
            several = [_terms(part) for part in parts]
            if any(one is None for one in several):
                return None
            joined = [term for one in several for term in (one or [])]
            return joined if len(joined) <= TERMS else None
        case Every(parts):
            factors = [_terms(part) for part in parts]
            if any(one is None for one in factors):
                return None
            count = int(np.prod([len(one or []) for one in factors], dtype=float))
            if count > TERMS:
                return None
            return [sum(choice, ()) for choice in product(*(one or [] for one in factors))]
        case _:
            return [(rule,)]


def _by_bits(terms: list[tuple[int, Term]]) -> ByBits:
    """Return one table of 64 bits per code of every column that the terms speak of."""
    columns: dict[object, Test] = {}
    for test in _tests(terms):
        columns.setdefault(_key(test), test)
    tables = []
    for key, column in columns.items():
        size = len(column.table) if isinstance(column, Codes) else 2
        table = np.zeros(size, np.uint64)
        for bit, (_, term) in enumerate(terms):
            allowed = np.ones(size, bool)
            for test in term:
                if _key(test) == key:
                    allowed &= test.table != 0 if isinstance(test, Codes) else _TRUE
            table |= allowed.astype(np.uint64) << np.uint64(bit)
        tables.append((column, table))
    step = np.full(TERMS, -1, np.int16)
    step[: len(terms)] = [at for at, _ in terms]
    return ByBits(tuple(tables), step, np.uint64((1 << len(terms)) - 1))


_TRUE = np.array([False, True])


def _tests(terms: Iterable[tuple[int, Term]]) -> Iterable[Test]:
    return (test for _, term in terms for test in term)


def _key(test: Test) -> object:
    """Return what tells columns apart: coded ones by field, tests of numbers each by itself."""
    return test.field.key if isinstance(test, Codes) else id(test)
