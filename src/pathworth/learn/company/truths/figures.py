"""The file of truth figures beside the parameters: written by a long run, read by whoever grades."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from pathworth.base.errors import BadInput
from pathworth.learn.company.parameters import HOME, RUNGS, Company, sha256
from pathworth.learn.company.truths.prices import (
    ArrowTruth,
    branched,
    calm,
    closed_form,
    friction_worth,
    pieces,
    purchase_worth,
)

PLACE = HOME / "truth.toml"
FRICTIONS = {
    "F1": "security_review",
    "F2": "ledger_wizard",
    "F3": "freeze_eats_trial",
    "F4": "rules_by_hand",
    "F5": "seat_price",
    "F6": "champion_leaves",
    "M1": "missing_connector",
}
EXACT = ("R0", "R1", "R2")


@dataclass(frozen=True)
class WorthTruth:
    """Worth at purchase of one persona on a rung; ``late`` is whether first value came late (R3 only)."""

    rung: str
    persona: str
    late: bool
    worth: float


@dataclass(frozen=True)
class FrictionTruth:
    """What repairing a friction brings per entrant of R3, with its Monte Carlo error."""

    id: str
    switch: str
    gain: float
    error: float


@dataclass(frozen=True)
class Reach:
    """Which share of a persona's entrants reach a step on R3, and from how many that is counted."""

    persona: str
    step: str
    share: float
    entrants: int


@dataclass(frozen=True)
class Truth:
    """Every truth figure.

    Money is per entrant: times ``entrants_a_month`` it is per month of entrants, whatever the size. Prices are for one
    realised point taken from those who exit (semantics.md 8).
    """

    company_sha256: str
    entrants_a_month: float
    people: int
    seed: int
    prices: tuple[ArrowTruth, ...]
    worths: tuple[WorthTruth, ...]
    frictions: tuple[FrictionTruth, ...]
    reach: tuple[Reach, ...]

    def price(self, rung: str, *, source: str, target: str) -> ArrowTruth:
        """Return one arrow's truth.

        Raises
        ------
        BadInput
            ``NO_SUCH_TRUTH`` when no such arrow was computed.
        """
        for row in self.prices:
            if (row.rung, row.source, row.target) == (rung, source, target):
                return row
        raise BadInput(
            "NO_SUCH_TRUTH",
            f"There is no truth for {source} -> {target} on {rung}.",
            "Look at truth.toml for the arrows that the company has.",
        )

    def per_month(self, gain: float) -> float:
        """Turn money per entrant into money per month of entrants at the default size."""
        return gain * self.entrants_a_month


def load_truth(path: Path = PLACE) -> Truth:
    """Read the truth figures.

    Raises
    ------
    BadInput
        ``NO_TRUTH`` when they were never computed.
    """
    if not path.exists():
        raise BadInput("NO_TRUTH", "There are no truth figures yet.", "Run `make truth`.")
    raw = tomllib.loads(path.read_text())
    return Truth(
        company_sha256=raw["company_sha256"],
        entrants_a_month=raw["entrants_a_month"],
        people=raw["people"],
        seed=raw["seed"],
        prices=tuple(ArrowTruth(**row) for row in raw["prices"]),
        worths=tuple(WorthTruth(**row) for row in raw["worths"]),
        frictions=tuple(FrictionTruth(**row) for row in raw["frictions"]),
        reach=tuple(Reach(**row) for row in raw["reach"]),
    )


def compute_truth(
    company: Company, *, people: int, seed: int, told: Callable[[str], None]
) -> Truth:
    """Compute every truth figure.

    Parameters
    ----------
    people
        How many people enter for each simulated figure; 2.4 million give errors of about 1 %.
    told
        Called with a line for each part that is done.
    """
    digest = sha256()
    quiet = calm(company)
    prices = [row for name in EXACT for row in closed_form(company, name)]
    for name in RUNGS:
        if name not in EXACT:
            prices += branched(quiet, name, people=people, seed=seed, told=lambda _: None)
            told(f"prices of {name}")
    frictions = []
    for key, switch in FRICTIONS.items():
        gain, error = friction_worth(quiet, switch, people=people, seed=seed)
        frictions.append(FrictionTruth(key, switch, gain, error))
        told(f"worth of {key}")
    return Truth(
        company_sha256=digest,
        entrants_a_month=company.size.entrants / company.size.months,
        people=people,
        seed=seed,
        prices=tuple(prices),
        worths=tuple(worths(company)),
        frictions=tuple(frictions),
        reach=tuple(reached(quiet, people=min(people, 400_000), seed=seed)),
    )


def worths(company: Company) -> Iterator[WorthTruth]:
    """Yield worth at purchase by rung and persona."""
    for name in RUNGS:
        rung = company.rung[name]
        worth = purchase_worth(company, rung)
        for place, persona in enumerate(company.personas):
            if persona in rung.personas:
                for late in (False, True) if rung.full else (False,):
                    yield WorthTruth(name, persona, late, float(worth[place, int(late)]))


def reached(company: Company, *, people: int, seed: int) -> Iterator[Reach]:
    """Yield which share of each persona's entrants reach each step on R3."""
    seen = np.zeros((len(company.personas), len(company.steps)), dtype=np.int64)
    all_ = np.zeros(len(company.personas), dtype=np.int64)
    for crowd, trail, _ in pieces(company, company.rung["R3"], people=people, seed=seed):
        first = np.unique(trail.row * len(company.steps) + trail.step)
        row, step = np.divmod(first, len(company.steps))
        np.add.at(seen, (crowd.persona[row], step), 1)
        all_ += np.bincount(crowd.persona, minlength=len(all_))
    for place, persona in enumerate(company.personas):
        for k, step_name in enumerate(company.steps):
            yield Reach(persona, step_name, float(seen[place, k] / all_[place]), int(all_[place]))


def write_truth(truth: Truth, path: Path = PLACE) -> None:
    """Write the figures as TOML, one row per line."""
    lines = ["# Written by `make truth`; never by hand.", ""]
    raw = asdict(truth)
    for key, value in raw.items():
        if not isinstance(value, tuple):
            lines.append(f"{key} = {_toml(value)}")
    for key, value in raw.items():
        if isinstance(value, tuple):
            lines += ["", f"{key} = ["]
            lines += [
                "  {" + ", ".join(f"{name} = {_toml(one)}" for name, one in row.items()) + "},"
                for row in value
            ]
            lines.append("]")
    path.write_text("\n".join(lines) + "\n")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.8g}" if "." in f"{value:.8g}" or "e" in f"{value:.8g}" else f"{value:.1f}"
    return f'"{value}"' if isinstance(value, str) else str(value)
