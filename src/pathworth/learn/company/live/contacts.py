"""What has reached whom: contacts, the fatigue they leave, and the pressure it puts on accounts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pathworth.learn.company.draws import Floats
from pathworth.learn.company.live.parameters import Fatigue, Interventions
from pathworth.learn.company.world import Codes, Keys


@dataclass(frozen=True)
class Contact:
    """One message that reached somebody.

    ``day`` is when it came and ``from_day`` from when on it counts for accounts, in days since the first day.
    """

    kind: str
    day: float
    from_day: float
    weight: float
    odds: float
    odds_days: float


@dataclass
class Contacts:
    """Every contact by person, in order of time, and who wants no more."""

    plan: Interventions
    of: dict[int, list[Contact]] = field(default_factory=dict)
    muted: set[int] = field(default_factory=set)

    def add(self, person: int, contact: Contact) -> float:
        """Keep a contact; return the person's fatigue with it."""
        self.of.setdefault(person, []).append(contact)
        return self.felt(person, day=contact.day)

    def felt(self, person: int, *, day: float) -> float:
        """Return a person's fatigue on a day."""
        mine = [one for one in self.of.get(person, ()) if one.day <= day]
        ages = np.array([day - one.day for one in mine])
        weights = np.array([one.weight for one in mine])
        fatigue = self.plan.fatigue
        return baseline(fatigue) + float((weights * faded(fatigue, ages)).sum())

    def pressure(self, persons: Codes, keys: Keys) -> ContactPressure:
        """Return the pressure on these payers, who have these numbers in the stream."""
        rows = [
            (int(key), self.of.get(int(person), []))
            for person, key in zip(persons, keys, strict=True)
        ]
        rows = sorted((key, mine) for key, mine in rows if mine)
        width = max((len(mine) for _, mine in rows), default=0)
        days = np.full((len(rows), width), np.inf)
        weight, odds, lasts = (
            np.zeros((len(rows), width)),
            np.ones((len(rows), width)),
            np.zeros((len(rows), width)),
        )
        for place, (_, mine) in enumerate(rows):
            for k, one in enumerate(mine):
                days[place, k], weight[place, k] = one.from_day, one.weight
                odds[place, k], lasts[place, k] = one.odds, one.odds_days
        return ContactPressure(
            self.plan.fatigue,
            np.array([key for key, _ in rows], dtype=np.uint32),
            days,
            weight,
            odds,
            lasts,
        )


@dataclass(frozen=True)
class ContactPressure:
    """What contacts do to payers: one row per payer with any, one column per contact."""

    fatigue: Fatigue
    keys: Keys
    days: Floats
    weight: Floats
    odds_of: Floats
    lasts: Floats

    def hazard(self, key: Keys, *, day: Floats) -> Floats:
        """Return by how much each payer's hazard of cancelling is multiplied on a day."""
        place, there = self._places(key)
        out = np.ones(len(key))
        age = day[there, None] - self.days[place]
        past = age >= 0.0
        weights = np.where(past, self.weight[place], 0.0)
        steps = stepped(self.fatigue, np.where(past, age, 0.0))
        felt = (weights * faded(self.fatigue, steps)).sum(axis=1)
        over = np.maximum(0.0, baseline(self.fatigue) + felt - self.fatigue.cancel_from)
        out[there] = np.exp(self.fatigue.cancel_slope * over)
        return out

    def odds(self, key: Keys, *, day: Floats) -> Floats:
        """Return by how much each payer's odds of upgrading are multiplied on a day."""
        place, there = self._places(key)
        out = np.ones(len(key))
        age = day[there, None] - self.days[place]
        fresh = (age >= 0.0) & (age < self.lasts[place])
        out[there] = np.where(fresh, self.odds_of[place], 1.0).max(axis=1, initial=1.0)
        return out

    def _places(self, key: Keys) -> tuple[Codes, Codes]:
        """Return the row of each payer with contacts, and which payers those are."""
        if len(self.keys) == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        there = np.flatnonzero(self.keys[place] == key)
        return place[there], there


def baseline(fatigue: Fatigue) -> float:
    """Return the fatigue that the company's own notices keep up in everybody."""
    return float(1.0 / (1.0 - np.exp(-fatigue.baseline_every_days / fatigue.memory_days)))


def faded(fatigue: Fatigue, age: Floats) -> Floats:
    """Return what is left of contacts of these ages in days."""
    left: Floats = np.exp(-age / fatigue.memory_days)
    return left


def stepped(fatigue: Fatigue, age: Floats) -> Floats:
    """Return ages in whole steps, so that fatigue stands where the last contact left it."""
    return np.floor(age / fatigue.age_step_days) * fatigue.age_step_days


def mute_hazard(fatigue: Fatigue, felt: float) -> float:
    """Return the chance that a contact at this fatigue makes a person mute us."""
    return min(1.0, fatigue.mute_base + fatigue.mute_square * felt**2)
