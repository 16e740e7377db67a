"""Trails of some people only, and trails that go another way from a message on."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from pathworth.learn.company.draws import Draws
from pathworth.learn.company.moves.journey import BUYS, RISK
from pathworth.learn.company.moves.people import People
from pathworth.learn.company.moves.walk import Trail, walk
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.truths.prices import standing
from pathworth.learn.company.world import Codes, Flags

EVENTS = ("visit", "kind", "time_ms")


def some_visits(trail: Trail, kept: Flags) -> Trail:
    """Return a trail with only these visits and what they left behind."""
    rows = np.flatnonzero(kept)
    place = np.cumsum(kept) - 1
    acts = np.flatnonzero(kept[trail.visit])
    names = [one.name for one in fields(Trail) if one.name not in EVENTS]
    return Trail(
        **{name: getattr(trail, name)[rows] for name in names},
        visit=place[trail.visit[acts]],
        kind=trail.kind[acts],
        time_ms=trail.time_ms[acts],
    )


def of_people(trail: Trail, *, rows: Codes, people: int) -> Trail:
    """Return the trail of some people, who stand in this order from now on.

    Parameters
    ----------
    rows
        Places of the people, ascending.
    people
        How many people there are in all.
    """
    place = np.full(people, -1)
    place[rows] = np.arange(len(rows))
    part = some_visits(trail, place[trail.row] >= 0)
    return replace(part, row=place[part.row])


def one_after_the_other(first: Trail, second: Trail) -> Trail:
    """Return the visits of both."""
    second = replace(second, visit=second.visit + len(first.row))
    names = [one.name for one in fields(Trail)]
    return Trail(
        **{name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names}
    )


def turned(
    company: Company, repaired: Company, *, draws: Draws, crowd: People, trail: Trail, late: Flags
) -> Trail:
    """Return the trail in which everybody goes on in a repaired company from the first late review on.

    Parameters
    ----------
    late
        Which visits begin after the message.
    """
    reviews = np.flatnonzero(late & (trail.step == RISK))
    if len(reviews) == 0:
        return trail
    order = np.lexsort((trail.move[reviews], trail.row[reviews]))
    reviews = reviews[order]
    first = reviews[np.unique(trail.row[reviews], return_index=True)[1]]
    turn = np.full(len(crowd), np.iinfo(np.int64).max)
    turn[trail.row[first]] = trail.move[first]
    before = some_visits(trail, trail.move < turn[trail.row])
    rung = company.rung["R3"]
    walkers = standing(rung, crowd=crowd, trail=trail, rows=first)
    # The rows and paces of the repaired company differ at the review alone.
    after = walk(repaired, repaired.rung["R3"], draws=draws, walkers=walkers)
    return one_after_the_other(before, after)


def buyers(trail: Trail) -> Codes:
    """Return the places of the people who buy."""
    found: Codes = np.unique(trail.row[trail.step == BUYS])
    return found
