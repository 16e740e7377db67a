"""Tickets to support: who writes in which step, of what, in which words, under which tag, and what answering takes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.draws import Purpose, pick
from pathworth.learn.company.others.facts import FAR, HOUR_MS, Facts
from pathworth.learn.company.world import Codes

CHANCE, CAUSE, WAIT, LONG, WORDS, FILED = range(6)
STEPS = ("trial", "connects", "failure", "first-value", "team", "risk", "seat-limit", "customer")
LANGUAGES = ("english", "german")
MINUTE_MS = 60_000


@dataclass(frozen=True)
class Tickets:
    """Tickets, one row each, by when they were opened.

    ``step`` is a place in ``STEPS``, ``cause`` and ``tag`` places in ``causes()``, ``language`` one in ``LANGUAGES``;
    ``place`` tells several tickets of a person apart.
    """

    person: Codes
    place: Codes
    step: Codes
    cause: Codes
    tag: Codes
    language: Codes
    opened_ms: Codes
    solved_ms: Codes
    minutes: Codes


@cache
def texts() -> Mapping[str, Any]:
    """Return what people write, by language and cause."""
    return tomllib.loads((Path(__file__).parent / "tickets.toml").read_text(encoding="utf-8"))


def causes() -> tuple[str, ...]:
    """Return the causes in their order."""
    return tuple(name for name in texts()["english"] if name != "openings")


def tickets_of(facts: Facts) -> Tickets:
    """Return the tickets of a world."""
    found = [*_occasions(facts)]
    person, ms, step, place = (np.concatenate(part) for part in zip(*found, strict=True))
    what, index = facts.company.tickets, place
    chance = facts.pair(Purpose.TICKET, person, place=CAUSE, index=index)[0]
    cause = np.zeros(len(person), dtype=np.int64)
    for number, name in enumerate(STEPS):
        rows = np.flatnonzero(step == number)
        shares = what.causes[name]
        codes = np.array([causes().index(one) for one in shares])
        cause[rows] = codes[pick(np.array(list(shares.values())), chance[rows])]
    wait = facts.normal(Purpose.TICKET, person, place=WAIT, index=index)
    opened = ms + np.floor(what.wait_minutes * np.exp(what.wait_sigma * wait) * MINUTE_MS).astype(
        np.int64
    )
    median = np.array([what.minutes.get(one, what.handling_minutes) for one in causes()])[cause]
    long = facts.normal(Purpose.TICKET, person, place=LONG, index=index)
    minutes = np.maximum(1, np.round(median * np.exp(what.handling_sigma * long))).astype(np.int64)
    solved = opened + _until_solved(facts, person, index=index, opened=opened)
    misfiled, other = facts.pair(Purpose.TICKET, person, place=FILED, index=index)
    many = len(causes())
    wrong = (cause + 1 + np.floor(other * (many - 1)).astype(np.int64)) % many
    german = facts.pair(Purpose.TICKET, person, place=WORDS, index=index)[0] < what.german
    every = Tickets(
        person=person,
        place=place,
        step=step,
        cause=cause,
        tag=np.where(misfiled < what.misfiled, wrong, cause),
        language=german.astype(np.int64),
        opened_ms=opened,
        solved_ms=solved,
        minutes=minutes,
    )
    order = np.lexsort((place, person, opened))
    order = order[opened[order] < facts.end_ms]
    return Tickets(**{name: getattr(every, name)[order] for name in Tickets.__dataclass_fields__})


def _occasions(facts: Facts) -> Iterator[tuple[Codes, Codes, Codes, Codes]]:
    """Yield who writes, after which moment (ms), in which step, and which occasion of that person it is."""
    what = facts.company.tickets
    failed_by, failed_ms = facts.of("Ledger Connection Failed")
    failed = np.full(len(facts.ids), -1)
    np.maximum.at(failed, failed_by, failed_ms)
    for number, step in enumerate(STEPS[:-1]):
        if step == "failure":
            person, ms = np.flatnonzero(failed >= 0), failed[failed >= 0]
            rate = what.after_failure
        elif step == "seat-limit":
            first = facts.firsts("Seat Limit Reached")
            person, ms, rate = np.flatnonzero(first < FAR), first[first < FAR], what.rate[step]
        else:
            person, ms, _ = facts.visits(step)
            rate = what.rate[step]
            if step == "connects":
                person, ms = person[failed[person] < 0], ms[failed[person] < 0]
        yield _writing(
            facts, person, ms, number=number, rate=rate, place=np.full(len(person), number)
        )
    person, ms = _paid_months(facts)
    order = np.argsort(person, kind="stable")
    person, ms = person[order], ms[order]
    nth = np.arange(len(person)) - np.searchsorted(person, person)
    moved = np.floor(
        facts.pair(Purpose.TICKET, person, place=LONG, index=500 + nth)[1] * 30 * DAY_MS
    )
    yield _writing(
        facts,
        person,
        ms + moved.astype(np.int64),
        number=len(STEPS) - 1,
        rate=what.customer_rate,
        place=100 + nth,
    )


def _writing(
    facts: Facts, person: Codes, ms: Codes, *, number: int, rate: float, place: Codes
) -> tuple[Codes, Codes, Codes, Codes]:
    rows = np.flatnonzero(facts.pair(Purpose.TICKET, person, place=CHANCE, index=place)[0] < rate)
    return person[rows], ms[rows], np.full(len(rows), number), place[rows]


def _paid_months(facts: Facts) -> tuple[Codes, Codes]:
    """Return payer and begin of every month that was paid."""
    pieces = [facts.of(event) for event in ("Payment Succeeded", "Subscription Renewed")]
    person, ms = (np.concatenate(part) for part in zip(*pieces, strict=True))
    order = np.lexsort((person, ms))
    return person[order], ms[order]


def _until_solved(facts: Facts, person: Codes, *, index: Codes, opened: Codes) -> Codes:
    what = facts.company.tickets
    normal = facts.normal(Purpose.TICKET, person, place=FILED, index=1000 + index)
    hours = what.solved_hours * np.exp(what.solved_sigma * normal)
    first, last = what.slow_weeks
    week = facts.week(opened)
    hours = hours + np.where((week >= first) & (week <= last), what.slow_hours, 0.0)
    return np.floor(hours * HOUR_MS).astype(np.int64)


def words_of(facts: Facts, tickets: Tickets) -> Iterator[tuple[str, str]]:
    """Yield subject and text of each ticket: one of the ways to say its cause."""
    luck = [
        facts.pair(Purpose.TICKET, tickets.person, place=WORDS, index=2000 + 10 * tickets.place + k)
        for k in range(2)
    ]
    opening, body, ask, number = (one.tolist() for pair in luck for one in pair)
    for k, (cause, language) in enumerate(
        zip(tickets.cause.tolist(), tickets.language.tolist(), strict=True)
    ):
        said = texts()[LANGUAGES[language]]
        one = said[causes()[cause]]
        ledger = facts.company.ledgers[int(facts.world.persons.ledger[tickets.person[k]])]
        slots = {
            "ledger": ledger.upper() if ledger == "datev" else ledger.capitalize(),
            "number": 3 + int(number[k] * 9),
            "part": "morning" if opening[k] * 7 % 1 < 0.5 else "afternoon",
        }
        parts = (
            _one_of(said["openings"], opening[k]),
            _one_of(one["bodies"], body[k]),
            _one_of(one["asks"], ask[k]),
        )
        yield one["subject"].format(**slots), " ".join(parts).format(**slots)


def _one_of(texts: list[str], chance: float) -> str:
    return texts[int(chance * len(texts))]
