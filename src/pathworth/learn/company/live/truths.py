"""What messages really do: everybody treated against nobody, with the same random numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from pathworth.base.errors import BadInput
from pathworth.learn.company.accounts.life import opening_book
from pathworth.learn.company.accounts.money import margins
from pathworth.learn.company.accounts.months import Contracts, Months, live_fully
from pathworth.learn.company.clock import week_day
from pathworth.learn.company.draws import Draws, Floats, Purpose
from pathworth.learn.company.events.full import contracts_of, first_payments
from pathworth.learn.company.live.contacts import ContactPressure, baseline, faded
from pathworth.learn.company.live.parameters import Interventions, sha256
from pathworth.learn.company.live.trails import turned
from pathworth.learn.company.moves.journey import BUYS, TEAM, TRIAL
from pathworth.learn.company.moves.people import People
from pathworth.learn.company.moves.sessions import kinds_of
from pathworth.learn.company.moves.walk import Trail
from pathworth.learn.company.parameters import HOME, Company, changed, sha256 as company_sha256
from pathworth.learn.company.truths.prices import pieces
from pathworth.learn.company.world import Codes

PLACE = HOME / "interventions_truth.toml"
ROLE = "Role Created"


@dataclass(frozen=True)
class Effect:
    """What one intervention does to one outcome, as a share of those it is for; the error is of the simulation.

    ``units_a_month`` is for how many it is, at the company's default size; ``persona`` is empty for all of them.
    """

    id: str
    outcome: str
    persona: str
    units_a_month: float
    untreated: float
    treated: float
    effect: float
    error: float


@dataclass(frozen=True)
class EffectTruth:
    """Every truth figure of messages, and the parameters it was computed from."""

    interventions_sha256: str
    company_sha256: str
    people: int
    seed: int
    effects: tuple[Effect, ...]

    def effect(self, id_: str, outcome: str, *, persona: str = "") -> Effect:
        """Return one figure.

        Raises
        ------
        BadInput
            ``NO_SUCH_TRUTH`` when it was not computed.
        """
        for row in self.effects:
            if (row.id, row.outcome, row.persona) == (id_, outcome, persona):
                return row
        raise BadInput(
            "NO_SUCH_TRUTH",
            f"There is no truth for {outcome} of {id_}.",
            f"Look at {PLACE.name} for what the company has.",
        )


def load_effects(path: Path = PLACE) -> EffectTruth:
    """Read the truth figures.

    Raises
    ------
    BadInput
        ``NO_TRUTH`` when they were never computed.
    """
    if not path.exists():
        raise BadInput("NO_TRUTH", "There are no truth figures yet.", "Run `make truth`.")
    raw = tomllib.loads(path.read_text())
    return EffectTruth(**{**raw, "effects": tuple(Effect(**row) for row in raw["effects"])})


def write_effects(truth: EffectTruth, path: Path = PLACE) -> None:
    """Write the figures as TOML, one row per line."""
    head = {key: one for key, one in asdict(truth).items() if key != "effects"}
    lines = ["# Written by `make truth`; never by hand.", ""]
    lines += [f"{key} = {_toml(one)}" for key, one in head.items()]
    lines += ["", "effects = ["]
    for row in truth.effects:
        said = ", ".join(f"{key} = {_toml(one)}" for key, one in asdict(row).items())
        lines.append(f"  {{{said}}},")
    path.write_text("\n".join([*lines, "]", ""]))


def _toml(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6f}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def compute_effects(
    company: Company,
    plan: Interventions,
    *,
    people: int,
    seed: int,
    told: Callable[[str], None] = lambda _: None,
) -> EffectTruth:
    """Compute every truth figure.

    Parameters
    ----------
    people
        How many people enter; 400,000 give errors of about 0.3 points for the kit.
    """
    rows: list[Effect] = []
    for name, computed in (("I1", kit_effects), ("I2", video_effects), ("I3", tips_effects)):
        rows += computed(company, plan, people=people, seed=seed)
        told(f"effects of {name}")
    return EffectTruth(sha256(), company_sha256(), people, seed, tuple(rows))


@dataclass(frozen=True)
class _Outcome:
    """Who is eligible, of which persona, and what came of it without and with."""

    persona: Codes
    without: Floats
    treated: Floats


def kit_effects(company: Company, plan: Interventions, *, people: int, seed: int) -> list[Effect]:
    """Return what the kit does to buying within its horizon and ever, for everybody and by persona."""
    kit = next(one for one in plan.intervention if one.repairs)
    better = changed(company, f"frictions.{kit.repairs}", value=0.0)
    soon: list[_Outcome] = []
    ever: list[_Outcome] = []
    for crowd, trail, draws in pieces(company, company.rung["R3"], people=people, seed=seed):
        row, day = eligible(company, trail=trail, roles=kit.roles, weeks=kit.weeks)
        # What follows counts from the end of the day on which it was delivered.
        from_day = np.full(len(crowd), np.inf)
        from_day[row] = np.floor(day + kit.wait_hours / 24.0) + 1.0
        late = trail.start >= from_day[trail.row]
        other = turned(company, better, draws=draws, crowd=crowd, trail=trail, late=late)
        for found, limit in ((soon, day + kit.horizon_days), (ever, np.full(len(row), np.inf))):
            pays = [_bought(one, crowd)[row] <= limit for one in (trail, other)]
            found.append(_Outcome(crowd.persona[row], *(one.astype(float) for one in pays)))
    months = _months(kit.weeks)
    return [
        row
        for outcome, found in ((f"bought in {kit.horizon_days} days", soon), ("bought", ever))
        for row in _effects(
            company, kit.id, outcome=outcome, found=found, months=months, people=people
        )
    ]


def eligible(
    company: Company, *, trail: Trail, roles: int, weeks: tuple[int, int]
) -> tuple[Codes, Floats]:
    """Return who creates so many roles in the first session with colleagues, and on which day that begins."""
    named = np.array([one.row.event == ROLE for one in kinds_of(company, company.rung["R3"])])
    made = np.bincount(trail.visit[named[trail.kind]], minlength=len(trail.row))
    rows = np.flatnonzero(trail.step == TEAM)
    rows = rows[np.lexsort((trail.move[rows], trail.row[rows]))]
    rows = rows[np.unique(trail.row[rows], return_index=True)[1]]
    day = trail.start[rows]
    kept = (made[rows] >= roles) & (day >= week_day(weeks[0])) & (day < week_day(weeks[1] + 1))
    return trail.row[rows[kept]], day[kept]


def _bought(trail: Trail, crowd: People) -> Floats:
    day = np.full(len(crowd), np.nan)
    rows = np.flatnonzero(trail.step == BUYS)
    day[trail.row[rows]] = trail.start[rows]
    return day


def video_effects(company: Company, plan: Interventions, *, people: int, seed: int) -> list[Effect]:
    """Return what the video does to buying: its readers move as they would have, so the trail is the same."""
    video = plan.kind("welcome-video")
    found: list[_Outcome] = []
    for crowd, trail, _ in pieces(company, company.rung["R3"], people=people, seed=seed):
        rows = np.flatnonzero((trail.step == TRIAL) & (trail.trials == 1))
        day = trail.start[rows]
        kept = (day >= week_day(video.weeks[0])) & (day < week_day(video.weeks[1] + 1))
        row, day = trail.row[rows[kept]], day[kept]
        pays = (_bought(trail, crowd)[row] <= day + video.horizon_days).astype(float)
        found.append(_Outcome(crowd.persona[row], pays, pays))
    outcome, months = f"bought in {video.horizon_days} days", _months(video.weeks)
    return _effects(company, video.id, outcome=outcome, found=found, months=months, people=people)


def tips_effects(company: Company, plan: Interventions, *, people: int, seed: int) -> list[Effect]:
    """Return what the tips do to mutes, cancels, upgrades and margin, for the accounts of the weeks they run."""
    tips = plan.kind("weekly-tips")
    longer = changed(company, "weeks", value=tips.weeks[1] + 104)
    begin, end = week_day(tips.weeks[0]), week_day(tips.weeks[1] + 1)
    found: dict[str, list[_Outcome]] = {}
    for crowd, trail, draws in pieces(longer, longer.rung["R3"], people=people, seed=seed):
        contracts = _contracts(longer, crowd=crowd, trail=trail, draws=draws)
        quiet = live_fully(longer, draws=draws, contracts=contracts)
        alive = _alive(quiet, begin=begin, end=end)
        days, muted = weekly(plan, draws=draws, contracts=contracts, alive=alive)
        pressure = _pressure(plan, contracts, days)
        loud = live_fully(longer, draws=draws, contracts=contracts, pressure=pressure)
        for name, value in _counts(longer, contracts, end=end).items():
            one, two = value(quiet)[alive], value(loud)[alive]
            found.setdefault(name, []).append(_Outcome(contracts.persona[alive], one, two))
        for name, weeks in (("muted in 4 weeks", 4), ("muted in 26 weeks", 26)):
            did = (
                muted[alive]
                < np.nanmin(days, axis=1, initial=np.inf, where=days < np.inf)[alive] + 7 * weeks
            )
            none = np.zeros(len(did))
            found.setdefault(name, []).append(
                _Outcome(contracts.persona[alive], none, did.astype(float))
            )
    months = _months(tips.weeks)
    return [
        row
        for name, pieces_ in found.items()
        for row in _effects(
            company, tips.id, outcome=name, found=pieces_, months=months, people=people
        )[:1]
    ]


def _contracts(company: Company, *, crowd: People, trail: Trail, draws: Draws) -> Contracts:
    usual = int((~crowd.extra).sum())
    count = round(company.size.opening_accounts * usual / company.size.entrants)
    book = opening_book(company, draws, count=count, rung=company.rung["R3"])
    firsts = first_payments(company, draws=draws, crowd=crowd, trail=trail)
    return contracts_of(crowd, book, trail=trail, firsts=firsts)


def _alive(months: Months, *, begin: float, end: float) -> Codes:
    """Return the contracts that are there at some time while the tips run."""
    here = (months.begin < end) & (months.end > begin)
    return np.unique(months.contract[here])


def weekly(
    plan: Interventions, *, draws: Draws, contracts: Contracts, alive: Codes
) -> tuple[Floats, Floats]:
    """Return on which days each contract's admin gets a tip (infinity for none), and when the admin mutes."""
    tips = plan.kind("weekly-tips")
    begin, end = week_day(tips.weeks[0]), week_day(tips.weeks[1] + 1)
    agrees = draws.pair(contracts.key, Purpose.CONSENT, place=1)[0] < plan.consent.product
    wanted = np.zeros(len(contracts.key), dtype=np.bool_)
    wanted[alive] = agrees[alive]
    first = np.maximum(begin, np.floor(contracts.start) + 1.0)
    width = int((end - begin) // tips.every_days)
    days = np.full((len(first), width), np.inf)
    muted = np.full(len(first), np.inf)
    for k in range(width):
        day = first + k * tips.every_days
        sent = wanted & (day < end) & (muted == np.inf)
        days[sent, k] = day[sent]
        age = np.where(days[:, : k + 1] < np.inf, day[:, None] - days[:, : k + 1], np.inf)
        felt = baseline(plan.fatigue) + tips.weight * faded(plan.fatigue, age).sum(axis=1)
        chance = plan.fatigue.mute_base + plan.fatigue.mute_square * felt**2
        luck = draws.pair(contracts.key, Purpose.MUTE, place=2, index=k + 1)[0]
        muted = np.where(sent & (luck < chance), day, muted)
    return days, muted


def _pressure(plan: Interventions, contracts: Contracts, days: Floats) -> ContactPressure:
    tips = plan.kind("weekly-tips")
    order = np.argsort(contracts.key, kind="stable")
    same = np.ones_like(days)
    return ContactPressure(
        fatigue=plan.fatigue,
        keys=contracts.key[order],
        days=days[order],
        weight=same * tips.weight,
        odds_of=same * tips.upgrade_odds,
        lasts=same * tips.odds_days,
    )


def _counts(
    company: Company, contracts: Contracts, *, end: float
) -> dict[str, Callable[[Months], Floats]]:
    """Return what is counted of each contract: cancels and upgrades while the tips run, and discounted margin."""
    month = (1.0 + company.life.discount) ** (-1.0 / 12.0)

    def summed(months: Months, value: Floats) -> Floats:
        out = np.bincount(months.contract, weights=value, minlength=len(contracts.key))
        return out.astype(np.float64)

    def during(months: Months) -> Floats:
        return (months.begin + months.when * (months.end - months.begin) < end).astype(float)

    def worth(months: Months) -> Floats:
        later = np.maximum(months.begin, 0.0) * 12.0 / 365.25
        return summed(months, margins(company)[months.plan] * np.power(month, later))

    return {
        "cancelled in 26 weeks": lambda m: summed(m, m.cancels * during(m)),
        "upgraded in 26 weeks": lambda m: summed(m, (m.moves > 0) * during(m)),
        "margin of an account": worth,
    }


def _months(weeks: tuple[int, int]) -> float:
    return (weeks[1] - weeks[0] + 1) * 7.0 / (365.25 / 12)


def _effects(
    company: Company, id_: str, *, outcome: str, found: list[_Outcome], months: float, people: int
) -> list[Effect]:
    """Return the effect over all pieces: of everybody, then of each persona."""
    persona, one, two = (
        np.concatenate([getattr(piece, key) for piece in found])
        for key in ("persona", "without", "treated")
    )
    scale = company.size.entrants / people / months
    rows = []
    for code, name in ((-1, ""), *enumerate(company.personas)):
        mine = np.ones(len(persona), np.bool_) if code < 0 else persona == code
        if not mine.any():
            continue
        gain = two[mine] - one[mine]
        error = float(gain.std() / np.sqrt(mine.sum()))
        rows.append(
            Effect(
                id_, outcome, name, float(mine.sum() * scale),
                float(one[mine].mean()), float(two[mine].mean()), float(gain.mean()), error,
            )
        )  # fmt: skip
    return rows
