"""Computes what is true of the company: prices of arrows by branching, worth of frictions by common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.accounts.money import worth_full, worth_plain
from pathworth.learn.company.draws import Draws, Floats, Purpose
from pathworth.learn.company.moves.journey import (
    BUYS,
    Walkers,
    arrive,
    at_least,
    hold,
    rows_of,
    set_out,
    visits_of,
)
from pathworth.learn.company.moves.people import People, draw_people
from pathworth.learn.company.moves.sessions import LEFT, act
from pathworth.learn.company.moves.walk import Trail, walk
from pathworth.learn.company.parameters import Company, changed
from pathworth.learn.company.shapes import Rung

Codes = NDArray[np.int64]
CHUNK = 100_000
ATTEMPTS = 500
OFF = ("mix_shift", "tracking", "outage", "competitor", "returns")


@dataclass(frozen=True)
class ArrowTruth:
    """One arrow of a rung.

    ``gain`` is the money that one realised point of it brings, per entrant, with its Monte Carlo error (0 where it is
    a closed form); ``takers`` are moves along it per entrant, ``share`` the share of visits of its source that move so.
    """

    rung: str
    source: str
    target: str
    takers: float
    share: float
    gain: float
    error: float


def calm(company: Company) -> Company:
    """Return the company in a year without incidents: what the truth figures are about."""
    for name in OFF:
        company = changed(company, f"incidents.{name}", value=False)
    return company


def purchase_worth(company: Company, rung: Rung) -> Floats:
    """Return float64[personas, 2]: expected worth at purchase, by whether first value came late."""
    shares = np.array([company.persona[name].plan for name in company.personas])
    if rung.full:
        full: Floats = (worth_full(company) * shares[:, :, None]).sum(axis=1)
        return full
    plain = (worth_plain(company) * shares).sum(axis=1)
    return np.stack([plain, plain], axis=1)


def closed_form(company: Company, name: str) -> list[ArrowTruth]:
    """Return the price of every arrow where a first-order chain per persona is exact (R0, R1, R2).

    One point of i -> j is worth 0.01 x visits of i per entrant x worth from j on, persona by persona.
    """
    rung = company.rung[name]
    rows = rows_of(company, rung)[:, 0]
    mix = np.array([company.persona[p].share * (p in rung.personas) for p in company.personas])
    mix /= mix.sum()
    worth = purchase_worth(company, rung)[:, 0]
    steps = BUYS
    visits = np.zeros((len(mix), steps))
    value = np.zeros((len(mix), steps + 1))
    for persona in range(len(mix)):
        first = np.zeros(steps)
        first[:3] = company.persona[company.personas[persona]].first
        stay = np.eye(steps) - rows[persona, :, :steps]
        visits[persona] = np.linalg.solve(stay.T, first)
        value[persona, :steps] = np.linalg.solve(stay, rows[persona, :, BUYS] * worth[persona])
        value[persona, BUYS] = worth[persona]
    found = []
    for i, j in arrows(company):
        takers = float((mix * visits[:, i] * rows[:, i, j]).sum())
        gain = float((mix * 0.01 * visits[:, i] * value[:, j]).sum())
        share = takers / float((mix * visits[:, i]).sum())
        found.append(ArrowTruth(name, company.steps[i], company.steps[j], takers, share, gain, 0.0))
    return found


def arrows(company: Company) -> list[tuple[int, int]]:
    """Return every move that the rows allow, leaving aside."""
    table = np.array([[rows[s] for s in company.steps[:-1]] for rows in company.rows.values()])
    return [(int(i), int(j)) for i, j in np.argwhere(table.max(axis=0)[:, :LEFT] > 0)]


def branched(
    company: Company, name: str, *, people: int, seed: int, told: Callable[[int], None]
) -> list[ArrowTruth]:
    """Return the price of every arrow by branching each exit of its source into it, once.

    Parameters
    ----------
    people
        How many people enter.
    told
        Called after each piece with how many people are done.
    """
    rung = company.rung[name]
    sums = {arrow: _Sum() for arrow in arrows(company)}
    for crowd, trail, draws in pieces(company, rung, people=people, seed=seed):
        for (i, j), total in sums.items():
            _branch_piece(
                company, rung, draws=draws, crowd=crowd, trail=trail, arrow=(i, j), total=total
            )
        told(len(crowd))
    return [
        total.answer(name, source=company.steps[i], target=company.steps[j])
        for (i, j), total in sums.items()
    ]


def pieces(
    company: Company, rung: Rung, *, people: int, seed: int
) -> Iterator[tuple[People, Trail, Draws]]:
    """Yield the journeys of many people, some at a time; each piece is a seed of its own."""
    for k, begin in enumerate(range(0, people, CHUNK)):
        draws = Draws(seed + k)
        size = min(CHUNK, people - begin)
        asked = round(size * company.size.people / company.size.entrants) if rung.full else size
        crowd = draw_people(company, draws, people=asked, rung=rung)
        walkers = set_out(company, crowd, rung=rung)
        yield crowd, walk(company, rung, draws=draws, walkers=walkers), draws


@dataclass
class _Sum:
    """Adds up one arrow over pieces."""

    entrants: int = 0
    takers: int = 0
    visits: int = 0
    gain: float = 0.0
    square: float = 0.0

    def answer(self, rung: str, *, source: str, target: str) -> ArrowTruth:
        mean = self.gain / self.entrants
        error = np.sqrt(self.square / self.entrants - mean**2) / np.sqrt(self.entrants)
        return ArrowTruth(
            rung,
            source,
            target,
            self.takers / self.entrants,
            self.takers / self.visits,
            mean,
            float(error),
        )


def _branch_piece(
    company: Company,
    rung: Rung,
    *,
    draws: Draws,
    crowd: People,
    trail: Trail,
    arrow: tuple[int, int],
    total: _Sum,
) -> None:
    source, target = arrow
    here = trail.step == source
    out = np.flatnonzero(here & (trail.to == LEFT))
    persona = crowd.persona[trail.row]
    many = len(company.personas)
    visits = np.bincount(persona[here], minlength=many)
    exits = np.bincount(persona[out], minlength=many)
    weight = 0.01 * visits / np.maximum(exits, 1)
    walkers = forced(
        company, rung, draws=draws, walkers=standing(rung, crowd=crowd, trail=trail, rows=out),
        target=target,
    )  # fmt: skip
    after = walk(company, rung, draws=draws, walkers=walkers)
    money = np.zeros(len(crowd))
    np.add.at(
        money,
        after.row,
        weight[crowd.persona[after.row]] * paid(company, rung, trail=after, crowd=crowd),
    )
    total.entrants += len(crowd)
    total.visits += int(here.sum())
    total.takers += int((here & (trail.to == target)).sum())
    total.gain += float(money.sum())
    total.square += float((money**2).sum())


def paid(company: Company, rung: Rung, *, trail: Trail, crowd: People) -> Floats:
    """Return the expected worth of each visit: that of a purchase, 0 for others."""
    worth = purchase_worth(company, rung)[crowd.persona[trail.row], np.maximum(trail.late, 0)]
    return np.where(trail.step == BUYS, worth, 0.0)


def standing(rung: Rung, *, crowd: People, trail: Trail, rows: Codes) -> Walkers:
    """Return the walkers as they stood at the start of these visits."""
    row = trail.row[rows]
    none = np.zeros(len(row), dtype=np.int64)
    return Walkers(
        row=row,
        key=crowd.key[row],
        persona=crowd.persona[row],
        ledger=crowd.ledger[row] if rung.full else none,
        big=crowd.big[row] if rung.full else none.astype(np.bool_),
        skips=crowd.skips[row],
        move=trail.move[rows],
        step=trail.step[rows],
        start=trail.start[rows],
        deadline=trail.deadline[rows],
        trial_day=trail.trial_day[rows],
        trials=trail.trials[rows],
        late=trail.late[rows],
    )


def forced(company: Company, rung: Rung, *, draws: Draws, walkers: Walkers, target: int) -> Walkers:
    """Return the walkers after a move to the target: its time and deadline are drawn until it happens."""
    dest = np.full(len(walkers), target)
    visits, _ = visits_of(company, draws=draws, walkers=walkers, dest=dest)
    earliest = at_least(
        company, walkers=walkers, length_ms=act(company, rung, draws=draws, visits=visits).length_ms
    )
    end = np.full(len(walkers), np.nan)
    extended = np.zeros(len(walkers), dtype=np.bool_)
    open_rows = np.arange(len(walkers))
    for attempt in range(1, ATTEMPTS):
        on = walkers.take(open_rows)
        again = partial(draws.pair, on.key, place=on.move, index=attempt)
        normal = draws.normal(on.key, Purpose.ONCE_MORE, place=on.move, index=attempt)
        day = np.maximum(
            hold(company, rung, walkers=on, dest=dest[open_rows], normal=normal),
            earliest[open_rows],
        )
        over = day > on.deadline
        longer = again(Purpose.EXPIRY)[0] < np.array(company.deadline.extended)[on.step]
        happens = ~over | longer
        end[open_rows[happens]] = day[happens]
        extended[open_rows[happens]] = over[happens]
        open_rows = open_rows[~happens]
        if len(open_rows) == 0:
            break
    kept = np.flatnonzero(~np.isnan(end))
    on = walkers.take(kept)
    deadline = np.where(extended[kept], np.inf, on.deadline)
    after = replace(on, move=on.move + 1, step=dest[kept], start=end[kept], deadline=deadline)
    return arrive(company, rung, walkers=after)


def friction_worth(company: Company, switch: str, *, people: int, seed: int) -> tuple[float, float]:
    """Return what repairing one friction brings per entrant on R3, and its Monte Carlo error; same random numbers.

    Parameters
    ----------
    switch
        Its name under ``frictions`` in the parameters.
    """
    rung = company.rung["R3"]
    repaired = changed(company, f"frictions.{switch}", value=0.0)
    total = square = count = 0.0
    both = zip(
        pieces(company, rung, people=people, seed=seed),
        pieces(repaired, rung, people=people, seed=seed),
        strict=True,
    )
    for (crowd, trail, _), (_, better, _) in both:
        gain = np.zeros(len(crowd))
        np.add.at(gain, better.row, paid(repaired, rung, trail=better, crowd=crowd))
        np.subtract.at(gain, trail.row, paid(company, rung, trail=trail, crowd=crowd))
        total += float(gain.sum())
        square += float((gain**2).sum())
        count += len(crowd)
    mean = total / count
    return mean, float(np.sqrt(square / count - mean**2) / np.sqrt(count))
