"""Who says what in which words: notes of reps about deals, posts in a community, reviews."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pathworth.learn.company.clock import DAY_MS, epoch_ms
from pathworth.learn.company.draws import Floats, Purpose
from pathworth.learn.company.others.deals import LOST, WON, Deals
from pathworth.learn.company.others.facts import HOUR_MS, Facts
from pathworth.learn.company.world import Codes

KINDS = ("notes", "posts", "reviews")
WAY, WHEN, WHO, STARS = range(4)
NEAR_A_CLOSE = "closing"
ROLES = ("controller", "head of operations", "bookkeeper", "finance lead")


@dataclass(frozen=True)
class Said:
    """One thing that somebody wrote: what it is about, when (ms), the words, and a place and a number of its kind.

    ``place`` is the deal of a note, ``number`` the stars of a review; ``role`` is who writes.
    """

    about: str
    ms: int
    text: str
    role: str
    place: int = -1
    number: int = 0


@cache
def words() -> Mapping[str, Any]:
    """Return what is written, by kind and by what it is about."""
    return tomllib.loads((Path(__file__).parent / "voices.toml").read_text(encoding="utf-8"))


def notes_of(facts: Facts, deals: Deals) -> list[Said]:
    """Return what reps wrote about deals, by time: why it is lost in truth, not what they state as the reason."""
    if not len(deals.person):
        return []
    n = facts.company.voices.notes
    luck = _luck(facts, n, kind=0, what=WHO)
    row = np.floor(luck * len(deals.person)).astype(np.int64)
    causes = list(facts.company.crm.causes)
    entered = deals.entered[row]
    about = [
        causes[cause] if lost else "won" if won else "open"
        for cause, lost, won in zip(
            deals.cause[row].tolist(),
            (entered[:, LOST] >= 0).tolist(),
            (entered[:, WON] >= 0).tolist(),
            strict=True,
        )
    ]
    when = entered.max(axis=1)
    place = row.tolist()
    return _by_time(_written(facts, about, when, kind=0, place=place))


def posts_of(facts: Facts) -> list[Said]:
    """Return what was posted in the community, by time; what is about a quarter end stands around one."""
    about = [name for name, many in facts.company.voices.posts.items() for _ in range(many)]
    when = _any_day(facts, len(about), kind=1)
    near = np.array([one == NEAR_A_CLOSE for one in about])
    return _by_time(
        _written(facts, about, np.where(near, _near_a_close(facts, when), when), kind=1)
    )


def reviews_of(facts: Facts) -> list[Said]:
    """Return the reviews, by time, each with its stars."""
    voices = facts.company.voices
    about = [name for name, many in voices.reviews.items() for _ in range(many)]
    luck = _luck(facts, len(about), kind=2, what=STARS).tolist()
    spans = [voices.stars[name] for name in about]
    stars = [
        low + int(one * (high - low + 1)) for one, (low, high) in zip(luck, spans, strict=True)
    ]
    when = _any_day(facts, len(about), kind=2)
    return _by_time(_written(facts, about, when, kind=2, number=stars))


def _written(
    facts: Facts,
    about: list[str],
    when: Codes,
    *,
    kind: int,
    place: list[int] | None = None,
    number: list[int] | None = None,
) -> list[Said]:
    held = words()[KINDS[kind]]
    ways = {name: _ways(facts, held, name, kind=kind) for name in sorted(set(about))}
    who, how = (_luck(facts, len(about), kind=kind, what=WHO, index=k) for k in (1, 2))
    said = []
    for k, name in enumerate(about):
        role = ROLES[int(who[k] * len(ROLES))]
        text = next(ways[name]).format(role=f"the {role}", people=3 + int(how[k] * 15))
        of, many = (place or [-1] * len(about))[k], (number or [0] * len(about))[k]
        said.append(Said(name, int(when[k]), text, role, of, many))
    return said


def _ways(facts: Facts, held: Mapping[str, Any], name: str, *, kind: int) -> Iterator[str]:
    """Yield the ways to say something, every one once, in an order of luck."""
    bodies = held[name]["bodies"]
    every = [f"{a} {body} {z}" for a in held["openings"] for body in bodies for z in held["closes"]]
    turn = list(held).index(name)
    luck = _luck(facts, len(every), kind=kind, what=WAY, index=turn)
    for k in np.argsort(luck, kind="stable").tolist():
        yield every[k]


def _luck(facts: Facts, n: int, *, kind: int, what: int, index: int = 0) -> Floats:
    """Return one chance for each of so many things."""
    who = np.arange(n, dtype=np.uint32)
    pair = facts.draws.pair(who, Purpose.VOICE, place=16 * kind + what, index=index)
    chance: Floats = pair[0]
    return chance


def _any_day(facts: Facts, n: int, *, kind: int) -> Codes:
    """Return times of working hours on any day of the window."""
    days = (facts.end_ms - facts.begin_ms) // DAY_MS
    day = np.floor(_luck(facts, n, kind=kind, what=WHEN) * days).astype(np.int64)
    hour = 8 + 10 * _luck(facts, n, kind=kind, what=WHEN, index=1)
    when: Codes = facts.begin_ms + day * DAY_MS + np.floor(hour * HOUR_MS).astype(np.int64)
    return when


def _near_a_close(facts: Facts, when: Codes) -> Codes:
    """Move times to around the quarter end that is nearest to each."""
    ends = np.array(quarter_ends(facts))
    nearest = ends[np.abs(when[:, None] - ends[None]).argmin(axis=1)]
    luck = _luck(facts, len(when), kind=1, what=WHEN, index=2)
    near = facts.company.voices.near_days
    moved = nearest + np.floor((2 * luck - 1) * near).astype(np.int64) * DAY_MS
    inside = np.clip(moved, facts.begin_ms, facts.end_ms - DAY_MS)
    found: Codes = inside + (when - facts.begin_ms) % DAY_MS
    return found


def quarter_ends(facts: Facts) -> list[int]:
    """Return the ends of quarters in the window, as the begin of their last day (ms)."""
    first = facts.company.first_day.year
    texts = ("03-31", "06-30", "09-30", "12-31")
    days = [epoch_ms(date.fromisoformat(f"{y}-{t}")) for y in (first, first + 1) for t in texts]
    return [ms for ms in days if facts.begin_ms <= ms < facts.end_ms + 9 * DAY_MS]


def _by_time(said: list[Said]) -> list[Said]:
    return sorted(said, key=lambda one: (one.ms, one.about, one.text))
