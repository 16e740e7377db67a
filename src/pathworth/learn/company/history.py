"""Makes one history of the company: people, moves, months, and the events that all of it leaves behind."""

from __future__ import annotations

from pathworth.base.errors import UnknownName
from pathworth.learn.company.draws import Draws
from pathworth.learn.company.events.full import full_world
from pathworth.learn.company.events.plain import plain_world
from pathworth.learn.company.moves.journey import set_out
from pathworth.learn.company.moves.people import draw_people
from pathworth.learn.company.moves.walk import walk
from pathworth.learn.company.parameters import RUNGS, Company
from pathworth.learn.company.world import World


def history(company: Company, *, people: int, seed: int, rung: str = "R3") -> World:
    """Make one history of the company.

    Parameters
    ----------
    people
        On R0 to R2d how many enter the journey (3,000, 5,000, 13,600); on R3 the size of the company, of which at
        20,000 some 13,600 enter, 2,300 more enter in the mix-shift weeks and the rest are customers from before and
        colleagues.
    seed
        0 up to 2^63; the same seed gives the same bytes.
    rung
        ``R0``, ``R1``, ``R2``, ``R2d`` or ``R3``: how much of the world is on.

    Raises
    ------
    UnknownName
        ``UNKNOWN_RUNG``.
    """
    if rung not in RUNGS:
        raise UnknownName.near("rung", rung, RUNGS)
    draws = Draws(seed)
    crowd = draw_people(company, draws, people=people, rung=company.rung[rung])
    start = set_out(company, crowd, rung=company.rung[rung])
    trail = walk(company, company.rung[rung], draws=draws, walkers=start)
    if company.rung[rung].full:
        return full_world(company, draws=draws, crowd=crowd, trail=trail)
    return plain_world(company, rung, draws=draws, crowd=crowd, trail=trail)
