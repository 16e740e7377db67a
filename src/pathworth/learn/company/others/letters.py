"""The company's own letters to people it knows: sent, opened, clicked, and left for good by some."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.draws import Purpose
from pathworth.learn.company.others.facts import FAR, HOUR_MS, Facts
from pathworth.learn.company.others.tickets import MINUTE_MS
from pathworth.learn.company.world import Codes

AGREES, OPENS, CLICKS = range(3)
NEVER = -1


@dataclass(frozen=True)
class Letters:
    """Letters, one row each, by time; times in ms, -1 for what never happened.

    ``number`` is which of the person's letters it is, ``campaign`` a place in the campaigns.
    """

    person: Codes
    number: Codes
    campaign: Codes
    sent: Codes
    opened: Codes
    clicked: Codes
    left: Codes


def letters_of(facts: Facts) -> Letters:
    """Return every letter of the window, to whoever agreed and has not left."""
    what = facts.company.mail
    known = np.flatnonzero(facts.known < FAR)
    agrees, phase = facts.pair(Purpose.MAIL, known, place=AGREES)
    known, phase = known[agrees < what.product], phase[agrees < what.product]
    until = np.minimum(facts.seen[known] + what.after_days * DAY_MS, facts.end_ms - 1)
    begin = facts.known[known] + np.floor(phase * what.every_days * DAY_MS)
    count = np.maximum(np.floor((until - begin) / (what.every_days * DAY_MS)) + 1, 0).astype(
        np.int64
    )
    row = np.repeat(np.arange(len(known)), count)
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    person = known[row]
    sent = (begin[row] + number * what.every_days * DAY_MS).astype(np.int64)
    leaves = facts.pair(Purpose.MAIL, person, place=OPENS, index=1000 + number)[0] < what.leaves
    last = np.full(len(known), np.iinfo(np.int64).max)
    np.minimum.at(last, row[leaves], number[leaves])
    kept = np.flatnonzero(number <= last[row])
    kept = kept[np.lexsort((person[kept], sent[kept]))]
    return _read(facts, person[kept], number[kept], sent=sent[kept], leaves=leaves[kept])


def _read(facts: Facts, person: Codes, number: Codes, *, sent: Codes, leaves: Codes) -> Letters:
    """Let people read; whoever leaves has opened the letter."""
    what = facts.company.mail
    opens, clicks = facts.pair(Purpose.MAIL, person, place=OPENS, index=number)
    wait = facts.normal(Purpose.MAIL, person, place=CLICKS, index=number)
    after = np.floor(what.opens_hours * np.exp(what.opens_sigma * wait) * HOUR_MS)
    opened = sent + after.astype(np.int64) + MINUTE_MS
    pause = facts.pair(Purpose.MAIL, person, place=CLICKS, index=1000 + number)[0]
    then = opened + np.floor((1.0 + what.clicks_minutes * pause) * MINUTE_MS).astype(np.int64)
    seen = ((opens < what.opens) | leaves) & facts.inside(then)
    return Letters(
        person=person,
        number=number,
        campaign=(number % len(what.campaigns)),
        sent=sent,
        opened=np.where(seen, opened, NEVER),
        clicked=np.where(seen & (clicks < what.clicks) & ~leaves, then, NEVER),
        left=np.where(seen & leaves, then, NEVER),
    )
