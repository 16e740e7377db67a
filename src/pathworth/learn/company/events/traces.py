"""Turns the visits of a trail into named events with their properties, and into the truth about visits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.accounts.money import amounts, costs
from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.draws import Draws, Floats, Purpose
from pathworth.learn.company.events.sheet import SINCE, Sheet, since_codes
from pathworth.learn.company.moves.journey import BUYS
from pathworth.learn.company.moves.sessions import kinds_of
from pathworth.learn.company.moves.walk import Trail
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.shapes import Rung
from pathworth.learn.company.world import Codes, Keys, VisitTruth

PAID = "Payment Succeeded"
STARTED = "Subscription Started"
PHASES = ("trial", "customer")
SECTIONS = ("article", "product")
HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


def visit_names(company: Company, rung: Rung, *, sheet: Sheet, trail: Trail) -> Codes:
    """Return the name code of every event that the visits left behind."""
    codes = [sheet.name(kind.row.event) for kind in kinds_of(company, rung)]
    return np.array(codes)[trail.kind]


def visit_columns(
    company: Company, rung: Rung, *, trail: Trail, earliest: int
) -> tuple[dict[str, Codes], Codes, Codes]:
    """Return the property codes, value and cost of every event that the visits left behind."""
    kinds = kinds_of(company, rung)
    plan = trail.plan[trail.visit]
    contract = np.array([kind.row.event in {PAID, STARTED} for kind in kinds])[trail.kind]
    paid = np.array([kind.row.event == PAID for kind in kinds])[trail.kind]
    since = since_codes(trail.start[trail.visit], earliest)
    columns = {
        "section": np.array([_code(kind.row.section, SECTIONS) for kind in kinds])[trail.kind],
        "phase": np.array([_code(kind.row.phase, PHASES) for kind in kinds])[trail.kind],
        "plan": np.where(contract, plan + 1, 0),
        SINCE: np.where(contract, since, 0),
    }
    value = np.where(paid, np.array(amounts(company))[plan], 0)
    cost = np.where(paid, np.array(costs(company))[plan], 0)
    return columns, value, cost


def _code(text: str, values: tuple[str, ...]) -> int:
    return values.index(text) + 1 if text else 0


def plans_bought(trail: Trail, people: int) -> Codes:
    """Return the plan that each person bought, -1 without one."""
    bought = np.flatnonzero(trail.step == BUYS)
    plan = np.full(people, -1)
    plan[trail.row[bought]] = trail.plan[bought]
    return plan


def visit_truth(trail: Trail, *, utc: Callable[[Codes, Codes], Codes]) -> VisitTruth:
    """Return the visits sorted by person and start.

    Parameters
    ----------
    utc
        Takes persons and their local ms since the first day to UTC ms since 1970.
    """
    order = np.lexsort((trail.move, trail.row))
    person = trail.row[order]

    def us(day: Floats) -> Codes:
        return utc(person, np.floor(day[order] * DAY_MS + 0.5).astype(np.int64)) * 1000

    return VisitTruth(
        person=person,
        step=trail.step[order],
        to=trail.to[order],
        start_us=us(trail.start),
        end_us=us(trail.end),
        extended=trail.extended[order],
        expired=trail.expired[order],
    )


def raw_ids(draws: Draws, key: Keys) -> NDArray[np.bytes_]:
    """Return bytes[n]: the letter p and twelve hexadecimal digits for each person."""
    return hex_ids("p", draws.words(key, Purpose.IDENTITY)[0])


def hex_ids(letter: str, words: NDArray[np.uint64]) -> NDArray[np.bytes_]:
    """Return bytes[n]: a letter and the last twelve hexadecimal digits of each word."""
    shifts = np.arange(44, -4, -4, dtype=np.uint64)
    digits = HEX[((words[:, None] >> shifts[None, :]) & np.uint64(15)).astype(np.int64)]
    letters = np.full((len(words), 1), ord(letter), dtype=np.uint8)
    return np.ascontiguousarray(np.hstack([letters, digits])).view("S13").reshape(-1)
