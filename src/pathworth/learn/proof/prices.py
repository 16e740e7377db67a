"""Grades the price of every arrow on one seed: whether its interval holds the truth, and how far off it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pathworth.base.instants import to_instant_us
from pathworth.journeys import Journeys, LocalEngine
from pathworth.learn.company import (
    Company,
    Truth,
    World,
    as_snapshot,
    history,
    load_company,
    load_truth,
    true_map,
)
from pathworth.learn.proof.coverage import Row
from pathworth.value import Price, sampling_price

ENTRANTS_OF_COMPANY = 0.68


@dataclass(frozen=True)
class PriceCase:
    """One size of one rung.

    Parameters
    ----------
    rung
        How much of the world is on.
    people
        Entrants; on R3 the size of the company.
    seeds
        The seeds 1..N that were fixed before the first run.
    covers
        The range that the coverage of every arrow must meet; null where it is reported only.
    bias
        The largest bias of any arrow, as a share; null where it is reported only.
    """

    rung: str
    people: int
    seeds: int
    covers: tuple[float, float] | None
    bias: float | None

    @property
    def key(self) -> str:
        """Return the name of the case in files."""
        return f"prices-{self.rung}-{self.people}"


PROMISED, LARGE = (0.93, 0.97), (0.90, 1.0)
CASES = (
    PriceCase("R0", 3_000, 1_000, PROMISED, 0.025),
    PriceCase("R1", 5_000, 1_000, PROMISED, 0.025),
    PriceCase("R2", 3_000, 1_000, PROMISED, 0.025),
    PriceCase("R0", 13_600, 200, LARGE, None),
    PriceCase("R1", 13_600, 200, LARGE, None),
    PriceCase("R2", 13_600, 200, LARGE, None),
    PriceCase("R2d", 3_000, 200, None, None),
    PriceCase("R2d", 13_600, 200, None, None),
    PriceCase("R3", 20_000, 60, None, None),
)


@lru_cache(maxsize=1)
def _given() -> tuple[Company, Truth]:
    return load_company(), load_truth()


def grade_prices(case: PriceCase, seed: int) -> Row:
    """Price one world and compare every arrow that has an interval with its truth.

    The truth of a month is the gain per entrant, one realised point taken from those who leave, times the entrants
    who really began within the priced period, per month of it.
    """
    company, truth = _given()
    world = history(company, people=case.people, seed=seed, rung=case.rung)
    found = sampling_price(
        Journeys(as_snapshot(world)), true_map(company, case.rung), engine=LocalEngine(1)
    )
    a_month = _entrants(world, case, found=found) / found.months
    gains = {(p.source, p.target): p.gain for p in truth.prices if p.rung == case.rung}
    row: dict[str, tuple[int, bool, float]] = {}
    for arrow in found.arrows:
        gain = gains.get((arrow.from_, arrow.to))
        if arrow.per_month is None or arrow.per_month_interval is None or gain is None:
            continue
        true = gain * a_month
        low, high = arrow.per_month_interval
        row[f"{arrow.from_} -> {arrow.to}"] = (
            arrow.people,
            low <= true <= high,
            arrow.per_month / true,
        )
    return row


def _entrants(world: World, case: PriceCase, *, found: Price) -> float:
    """Return how many people really entered in the priced period."""
    if case.rung == "R3":
        baseline = case.people * ENTRANTS_OF_COMPANY
        return baseline / (world.to_us - world.from_us) * _length_us(found)
    first = np.full(case.people, np.iinfo(np.int64).max)
    mine = world.visits.person < case.people
    np.minimum.at(first, world.visits.person[mine], world.visits.start_us[mine])
    return float((first < to_instant_us(found.to, "UTC")).sum())


def _length_us(found: Price) -> int:
    return to_instant_us(found.to, "UTC") - to_instant_us(found.from_, "UTC")
