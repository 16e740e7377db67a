"""Who arrives when: latent class, ledger, size, first step and the hints that can be seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.clock import clock_of, week_day
from pathworth.learn.company.draws import Draws, Floats, Purpose, pick
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.shapes import Rung

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class People:
    """One row per person who enters the journey; codes are places in the company's lists.

    ``key`` is the person's own number in the random stream; ``entry`` in days since the first day; ``extra`` marks
    the entrants of the mix shift.
    """

    key: NDArray[np.uint32]
    persona: Codes
    ledger: Codes
    big: NDArray[np.bool_]
    skips: NDArray[np.bool_]
    first: Codes
    entry: Floats
    extra: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self.key)

    def take(self, rows: NDArray) -> People:
        """Return the people in these places."""
        return People(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def entrants(company: Company, people: int, *, rung: Rung) -> tuple[int, int]:
    """Return how many enter: by the usual mix, and extra in the mix-shift weeks."""
    if not rung.full:
        return people, 0
    scale = people / company.size.people
    extra = company.mix_shift.entrants if company.incidents.mix_shift else 0
    return round(company.size.entrants * scale), round(extra * scale)


def draw_people(company: Company, draws: Draws, *, people: int, rung: Rung) -> People:
    """Draw everybody who enters the journey.

    Parameters
    ----------
    people
        Size of the company: entrants on R0 to R2d; on R3 of 20,000 people 13,600 enter, and 2,300 extra.
    """
    usual, more = entrants(company, people, rung=rung)
    key = np.arange(usual + more, dtype=np.uint32)
    extra = np.arange(usual + more) >= usual
    who, when = draws.pair(key, Purpose.PERSONA)
    shares = np.array(
        [
            [company.persona[name].share * (name in rung.personas) for name in company.personas],
            company.mix_shift.personas,
        ]
    )
    shares /= shares.sum(axis=1, keepdims=True)
    persona = pick(shares[extra.astype(np.int64)], who)
    ledger_chance, big_chance = draws.pair(key, Purpose.LEDGER)
    skip_chance, first_chance = draws.pair(key, Purpose.TOUR)
    return People(
        key=key,
        persona=persona,
        ledger=pick(_by_persona(company, "ledger")[persona], ledger_chance),
        big=big_chance < _by_persona(company, "big")[persona],
        skips=skip_chance < _by_persona(company, "skips_tour")[persona],
        first=pick(_by_persona(company, "first")[persona], first_chance),
        entry=_entry(company, rung, when=when, persona=persona, extra=extra),
        extra=extra,
    )


def _by_persona(company: Company, name: str) -> Floats:
    return np.array([getattr(company.persona[one], name) for one in company.personas])


def _entry(
    company: Company, rung: Rung, *, when: Floats, persona: Codes, extra: NDArray[np.bool_]
) -> Floats:
    """Spread entrants evenly over weeks, and inside a week by their own activity."""
    first_week, last_week = company.mix_shift.weeks
    weeks = np.where(extra, last_week - first_week + 1, rung.entry_weeks)
    place = when * weeks
    week = np.floor(place) + np.where(extra, first_week - 1, 0)
    clock = clock_of(company, rung)
    begin = clock.to_active(week * 7.0, persona)
    end = clock.to_active((week + 1.0) * 7.0, persona)
    return clock.to_day(begin + (place - np.floor(place)) * (end - begin), persona)


def window_days(company: Company) -> float:
    """Return the length of the window in days."""
    return week_day(company.weeks + 1)
