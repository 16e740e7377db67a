"""Walks everybody through the journey and keeps every visit, with what it left behind."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.draws import Draws, Floats, Purpose
from pathworth.learn.company.moves.journey import (
    BUYS,
    Moves,
    Walkers,
    at_least,
    choose,
    come_back,
    follow,
    hold,
    settle,
    visits_of,
)
from pathworth.learn.company.moves.sessions import DONE, LEFT, Acts, act
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.shapes import Rung

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Trail:
    """Every visit, one row each, in the order of moves; and the events that the visits left behind.

    ``row`` is the place in the people; ``dest`` the intended next move, ``to`` the one that came (LEFT without one,
    DONE after the purchase); times in days since the first day. Events: ``visit`` is a place in the visits.
    """

    row: Codes
    move: Codes
    step: Codes
    start: Floats
    dest: Codes
    to: Codes
    end: Floats
    extended: NDArray[np.bool_]
    expired: NDArray[np.bool_]
    deadline: Floats
    trial_day: Floats
    trials: Codes
    late: Codes
    plan: Codes
    visit: Codes
    kind: Codes
    time_ms: Codes


def walk(company: Company, rung: Rung, *, draws: Draws, walkers: Walkers) -> Trail:
    """Walk until everybody has left, bought, or made the most moves a journey may have."""
    pieces: list[dict[str, Any]] = []
    done = 0
    while len(walkers) or not pieces:
        piece, walkers = one_move(company, rung, draws=draws, walkers=walkers)
        walkers = walkers.take(np.flatnonzero(walkers.move < company.size.moves))
        piece["visit"] = piece["visit"] + done
        done += len(piece["row"])
        pieces.append(piece)
    names = [field.name for field in fields(Trail)]
    return Trail(**{name: np.concatenate([piece[name] for piece in pieces]) for name in names})


def one_move(
    company: Company, rung: Rung, *, draws: Draws, walkers: Walkers
) -> tuple[dict[str, Any], Walkers]:
    """Act out one visit of everybody; return its rows and those who go on."""
    buys = walkers.step == BUYS
    dest = np.full(len(walkers), LEFT)
    going = np.flatnonzero(~buys)
    on = walkers.take(going)
    chance = draws.pair(on.key, Purpose.MOVE, place=on.move)[0]
    dest[going] = choose(company, rung, walkers=on, chance=chance)
    visits, plan = visits_of(company, draws=draws, walkers=walkers, dest=dest)
    acts = act(company, rung, draws=draws, visits=visits)
    earliest = at_least(company, walkers=walkers, length_ms=acts.length_ms)
    normal = draws.normal(on.key, Purpose.HOLD, place=on.move)
    end = hold(company, rung, walkers=on, dest=dest[going], normal=normal)
    moves = settle(
        company,
        draws=draws,
        walkers=on,
        dest=dest[going],
        end=end,
        earliest=earliest[going],
    )
    piece = _rows(walkers, moves, going=going, dest=dest, plan=plan, acts=acts, earliest=earliest)
    after = follow(company, rung, walkers=on, moves=moves)
    if rung.full and company.incidents.returns:
        back = come_back(company, draws=draws, walkers=on, moves=moves)
        after = _joined(after, back)
    return piece, after


def _rows(
    walkers: Walkers,
    moves: Moves,
    *,
    going: Codes,
    dest: Codes,
    plan: Codes,
    acts: Acts,
    earliest: Floats,
) -> dict[str, Any]:
    """Return the columns of one move's visits; those at the purchase end with their session."""
    n = len(walkers)
    no = np.zeros(n, dtype=np.bool_)
    begin_ms = np.floor(walkers.start * DAY_MS + 0.5).astype(np.int64)
    return {
        "row": walkers.row,
        "move": walkers.move,
        "step": walkers.step,
        "start": walkers.start,
        "dest": dest,
        "to": _filled(going, moves.to, np.full(n, DONE)),
        "end": _filled(going, moves.end, earliest),
        "extended": _filled(going, moves.extended, no),
        "expired": _filled(going, moves.expired, no),
        "deadline": walkers.deadline,
        "trial_day": walkers.trial_day,
        "trials": walkers.trials,
        "late": walkers.late,
        "plan": plan,
        "visit": acts.visit,
        "kind": acts.kind,
        "time_ms": begin_ms[acts.visit] + acts.offset_ms,
    }


def _filled(places: Codes, values: NDArray, rest: NDArray) -> NDArray:
    out = rest.copy()
    out[places] = values
    return out


def _joined(first: Walkers, second: Walkers) -> Walkers:
    names = [field.name for field in fields(Walkers)]
    return Walkers(
        **{name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names}
    )
