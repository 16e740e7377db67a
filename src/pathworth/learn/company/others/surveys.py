"""Answers to surveys: who was asked, who answered, and why those who did are not like the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.draws import Floats, Purpose, pick
from pathworth.learn.company.others.facts import FAR, HOUR_MS, Facts
from pathworth.learn.company.others.tickets import MINUTE_MS
from pathworth.learn.company.world import Codes, Flags

NPS, CES, EXIT, DEMO, CANCEL = range(5)
KINDS = ("nps", "ces", "exit", "demo", "cancel")
QUESTIONS = (
    "How likely are you to recommend us? (0 to 10)",
    "How easy was it to connect your ledger? (1 to 7)",
    "What did you look for on this page?",
    "How useful was the demo? (1 to 5)",
    "Why did you cancel?",
)
ASKED, SCORE, WHEN = range(3)


@dataclass(frozen=True)
class Answers:
    """Answers, one row each, by time: of whom, to which survey, when, and what."""

    person: Codes
    kind: Codes
    ms: Codes
    answer: tuple[str, ...]


@dataclass(frozen=True)
class _Asked:
    """People who are asked at a time, with the chance that each answers."""

    person: Codes
    ms: Codes
    kind: int
    chance: Floats | float
    index: int = 0


def answers_of(facts: Facts) -> Answers:
    """Return what was answered in the window."""
    found = [_answered(facts, one) for one in _asked(facts)]
    person, kind, ms = (
        np.concatenate([getattr(one, name) for one in found]) for name in ("person", "kind", "ms")
    )
    said = [text for one in found for text in one.answer]
    order = np.lexsort((person, kind, ms))
    order = order[facts.inside(ms[order])]
    return Answers(person[order], kind[order], ms[order], tuple(said[k] for k in order.tolist()))


def _asked(facts: Facts) -> Iterator[_Asked]:
    what = facts.company.surveys
    for number, month in enumerate(what.nps_months):
        ms = facts.begin_ms + round((month - 0.5) * 30.4) * DAY_MS
        yield asked_for_nps(facts, ms=ms, index=number)
    for event, kind, chance in (
        ("Ledger Connected", CES, what.ces_response),
        ("Pricing Viewed", EXIT, what.exit_response),
        ("Demo Requested", DEMO, what.demo_response),
        ("Subscription Cancelled", CANCEL, what.cancel_response),
    ):
        first = facts.firsts(event)
        person = np.flatnonzero(first < FAR)
        yield _Asked(person, first[person], kind, chance)


def asked_for_nps(facts: Facts, *, ms: int, index: int) -> _Asked:
    """Return which payers are asked for their score at a time; who is happy answers more often."""
    what = facts.company.surveys
    active = np.flatnonzero(paying_at(facts, ms))
    chosen = facts.pair(Purpose.SURVEY, active, place=ASKED, index=100 + index)[0] < what.nps_asked
    person = active[chosen]
    happy = is_happy(facts, person, ms=ms)
    # As many answer over all as are said to: h r f + (1 - h) r = response.
    share = happy.mean() if len(happy) else 0.0
    base = what.nps_response / (1.0 + (what.happy_answers - 1.0) * share)
    chance = np.where(happy, base * what.happy_answers, base)
    return _Asked(person, np.full(len(person), ms), NPS, chance, index)


def paying_at(facts: Facts, ms: int) -> Flags:
    """Return who paid in the month before a time, and did not leave since."""
    paid = np.full(len(facts.ids), -FAR)
    for event in ("Payment Succeeded", "Subscription Renewed"):
        person, at = facts.of(event)
        np.maximum.at(paid, person[at < ms], at[at < ms])
    left = np.full(len(facts.ids), -FAR)
    person, at = facts.of("Subscription Cancelled")
    np.maximum.at(left, person[at < ms], at[at < ms])
    active: Flags = (paid > ms - 32 * DAY_MS) & (left < paid)
    return active


def is_happy(facts: Facts, person: Codes, *, ms: int) -> Flags:
    """Return who is happy at a time: nobody who cancels soon, and of the others a stated share."""
    what = facts.company.surveys
    goes, at = facts.of("Subscription Cancelled")
    soon = np.zeros(len(facts.ids), dtype=np.bool_)
    soon[goes[(at >= ms) & (at < ms + what.unhappy_days * DAY_MS)]] = True
    luck = facts.pair(Purpose.SURVEY, person, place=SCORE, index=500)[0]
    happy: Flags = ~soon[person] & (luck < what.happy)
    return happy


def _answered(facts: Facts, asked: _Asked) -> Answers:
    """Return who of those asked answers, when, and what."""
    index = 10 * asked.kind + asked.index
    luck, pause = facts.pair(Purpose.SURVEY, asked.person, place=WHEN, index=index)
    rows = np.flatnonzero(luck < asked.chance)
    person, ms = asked.person[rows], asked.ms[rows]
    wait = (
        np.floor(facts.company.surveys.hours[KINDS[asked.kind]] * HOUR_MS * pause[rows]).astype(
            np.int64
        )
        + MINUTE_MS
    )
    one, two = facts.pair(Purpose.SURVEY, person, place=SCORE, index=index)
    said = _said(facts, asked, person, one=one, two=two)
    return Answers(person, np.full(len(person), asked.kind), ms + wait, tuple(said))


def _said(facts: Facts, asked: _Asked, person: Codes, *, one: Floats, two: Floats) -> list[str]:
    what, kind = facts.company.surveys, asked.kind
    if kind in {EXIT, CANCEL}:
        shares = what.looked_for if kind == EXIT else what.cancels
        words = list(shares)
        return [words[k] for k in pick(np.array(list(shares.values())), one).tolist()]
    if kind == NPS:
        happy = is_happy(facts, person, ms=int(asked.ms[0])) if len(person) else one < 0.0
        score = np.where(happy, *(_between(pair, two) for pair in what.nps_scores))
    elif kind == CES:
        worked = facts.firsts("Ledger Connection Failed")[person] == FAR
        score = np.where(worked, *(_between(pair, one) for pair in what.ces_scores))
    else:
        score = _between(what.demo_scores, one)
    return [str(k) for k in score.tolist()]


def _between(ends: tuple[int, int], chance: Floats) -> Codes:
    """Return a whole number from one end to the other for each chance."""
    return ends[0] + np.floor((ends[1] - ends[0] + 1) * chance).astype(np.int64)
