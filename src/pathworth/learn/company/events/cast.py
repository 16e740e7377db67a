"""Everybody who leaves events on R3: those who enter, payers of the opening book, and colleagues of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.accounts.life import Accounts
from pathworth.learn.company.accounts.use import Members
from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.draws import Draws, Floats, Purpose, pick, poisson_edges
from pathworth.learn.company.events.hints import Seen, see
from pathworth.learn.company.events.traces import hex_ids, raw_ids
from pathworth.learn.company.moves.people import People
from pathworth.learn.company.moves.sessions import kinds_of
from pathworth.learn.company.moves.walk import Trail
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.shapes import Rung
from pathworth.learn.company.world import Codes, Flags, Keys

COLLEAGUES_OF_BOOK = 999


@dataclass(frozen=True)
class Accepted:
    """Invitations that were accepted: who invited, and when the colleague came (local ms)."""

    inviter: Codes
    time_ms: Codes
    ids: NDArray[np.bytes_]


@dataclass(frozen=True)
class Cast:
    """Everybody, in this order: entrants, payers of the opening book, their colleagues, invited colleagues.

    ``owner`` is the place of the person whose account it is; ``seen`` has one row per owner.
    """

    key: Keys
    persona: Codes
    ledger: Codes
    big: Flags
    part: Codes
    owner: Codes
    ids: NDArray[np.bytes_]
    account_ids: NDArray[np.bytes_]
    seen: Seen
    members: Members
    accepted: Accepted
    first_invited: int


def gather(
    company: Company, rung: Rung, *, draws: Draws, crowd: People, trail: Trail, book: Accounts
) -> Cast:
    """Bring everybody together."""
    key = np.concatenate([crowd.key, book.key])
    persona = np.concatenate([crowd.persona, book.persona])
    shares = np.array([company.persona[name].ledger for name in company.personas])
    led, size = draws.pair(book.key, Purpose.LEDGER)
    sizes = np.array([company.persona[name].big for name in company.personas])
    ledger = np.concatenate([crowd.ledger, pick(shares[book.persona], led)])
    big = np.concatenate([crowd.big, size < sizes[book.persona]])
    old, old_ids = book_colleagues(company, draws=draws, book=book, first=len(crowd))
    accepted = accept(company, rung, draws=draws, crowd=crowd, trail=trail)
    owner = np.concatenate([np.arange(len(key)), old, accepted.inviter])
    part = np.concatenate(
        [crowd.extra.astype(np.int64), np.full(len(book.key), 2), np.full(len(owner) - len(key), 3)]
    )
    return Cast(
        key=key,
        persona=persona,
        ledger=ledger,
        big=big,
        part=part,
        owner=owner,
        ids=np.concatenate([raw_ids(draws, key), old_ids, accepted.ids]),
        account_ids=hex_ids("a", draws.words(key, Purpose.IDENTITY)[1]),
        seen=see(company, draws, key=key, persona=persona, ledger=ledger, big=big),
        members=_members(owner, owners=len(key)),
        accepted=accepted,
        first_invited=len(key) + len(old),
    )


def book_colleagues(
    company: Company, *, draws: Draws, book: Accounts, first: int
) -> tuple[Codes, NDArray[np.bytes_]]:
    """Return whose colleagues there are in the opening book, and their ids."""
    chance = draws.pair(book.key, Purpose.COLLEAGUES)[0]
    edges = poisson_edges(company.use.opening_colleagues)
    count = np.searchsorted(edges, chance, side="right")
    row = np.repeat(np.arange(len(count)), count)
    j = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    words = draws.words(book.key[row], Purpose.COLLEAGUES, place=COLLEAGUES_OF_BOOK, index=j)
    return row + first, hex_ids("p", words[0])


def accept(company: Company, rung: Rung, *, draws: Draws, crowd: People, trail: Trail) -> Accepted:
    """Let invited colleagues accept, each with an id of their own."""
    what = company.invitation
    named = np.array([kind.row.event == what.of for kind in kinds_of(company, rung)])
    asked = np.flatnonzero(named[trail.kind])
    visit = trail.visit[asked]
    inviter, move = trail.row[visit], trail.move[visit]
    order = np.lexsort((trail.time_ms[asked], move, inviter))
    asked, visit, inviter, move = asked[order], visit[order], inviter[order], move[order]
    begin = np.searchsorted(visit_rank := inviter * 1_000 + move, visit_rank)
    j = np.arange(len(asked)) - begin
    key = crowd.key[inviter]
    yes = draws.pair(key, Purpose.ACCEPT, place=move, index=j)[0] < what.accepted
    normal = draws.normal(key, Purpose.ACCEPT_TIME, place=move, index=j)
    wait: Floats = what.median_hours / 24.0 * np.exp(what.sigma * normal)
    words = draws.words(key, Purpose.COLLEAGUES, place=move, index=j)[0]
    time_ms = trail.time_ms[asked] + np.floor(wait * DAY_MS).astype(np.int64)
    return Accepted(inviter[yes], time_ms[yes], hex_ids("p", words[yes]))


def _members(owner: Codes, *, owners: int) -> Members:
    colleagues = np.arange(owners, len(owner))
    order = np.argsort(owner[colleagues], kind="stable")
    first = np.searchsorted(owner[colleagues][order], np.arange(owners + 1))
    return Members(first.astype(np.int64), colleagues[order])
