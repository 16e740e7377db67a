"""Who is a robot by what they do or say they are, and of how many people a consent is known."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pathworth.collect.audit.contracts import Finding, Severity, SourceEvents
from pathworth.collect.audit.units import Units

RECENT_DAYS = 28
MANY, A_MINUTE = 100, 20.0
"""So many events of one name in a day, at such a pace, and nothing else: nobody does that by hand."""
NOTED, MUCH = 0.01, 0.05
COVERED = 0.8
_SAYS = re.compile(
    r"bot\b|crawl|spider|headless|phantomjs|slurp|^curl/|^wget/|python-requests", re.I
)
_AGENT = re.compile(r"\w/\d")
Rows = NDArray[np.bool_]


def robots(events: SourceEvents, units: Units) -> tuple[float | None, tuple[Finding, ...]]:
    """Return the share of the last four weeks' events that robots sent, and what to say of it.

    A robot says that it is one, in a property whose texts look like those of browsers; or it does one thing alone, over
    a hundred times in a day and more than twenty times a minute.
    """
    recent = events.day >= events.days - RECENT_DAYS
    every = int(recent.sum())
    if not every:
        return None, ()
    said, paced = _say(events) & recent, _pace(events, units) & recent
    share = float((said | paced).sum() / every)
    return share, tuple(_robots(share, said, paced, events))


def _say(events: SourceEvents) -> Rows:
    """Return which events say that a robot sent them."""
    found = np.zeros(len(events.name), dtype=np.bool_)
    for name in sorted(events.columns):
        column = events.columns[name]
        texts = column.texts
        if not texts or 2 * sum(_AGENT.search(one) is not None for one in texts) < len(texts):
            continue
        robot = np.array([False, *(_SAYS.search(one) is not None for one in texts)])
        if robot.any():
            found |= robot[column.codes]
    return found


def _pace(events: SourceEvents, units: Units) -> Rows:
    """Return which events are of an entity-day in which nobody could have done so much by hand."""
    begins = np.ones(len(events.name), dtype=np.bool_)
    begins[1:] = (np.diff(events.entity) != 0) | (np.diff(events.day) != 0)
    first = np.flatnonzero(begins)
    count = np.diff(np.append(first, len(begins)))
    last = first + count - 1
    minutes = np.maximum((events.second[last] - events.second[first]) / 60.0, 1.0)
    alone = np.bincount(units.unit, minlength=len(first)) == 1
    robot = alone & (count >= MANY) & (count / minutes >= A_MINUTE)
    return np.repeat(robot, count)


def _robots(share: float, said: Rows, paced: Rows, events: SourceEvents) -> Iterator[Finding]:
    if share < NOTED:
        return
    severity: Severity = "attention" if share >= MUCH else "notice"
    ids = len(np.unique(events.entity[said | paced]))
    why = (
        "say that they are robots"
        if said.sum() > paced.sum()
        else "do one thing only, over 20 times a minute"
    )
    yield Finding(
        "bots",
        severity,
        f"{share:.0%} of the events of four weeks come from robots: {ids:,} ids that {why}.",
        "Leave them out of every answer: pathworth exclude robots --ids FILE, or --who.",
        seen=int((said | paced).sum()),
    )


def consents(known: int, people: int) -> tuple[float | None, tuple[Finding, ...]]:
    """Return of which share of people a consent is known, and what to say of it.

    Parameters
    ----------
    known, people
        Of how many people of the last four weeks an answer is kept, given or withdrawn, and how many they are; no
        share where no answer of anybody is kept.
    """
    if not known or not people:
        return None, ()
    share = known / people
    if share >= COVERED:
        return share, ()
    return share, (
        Finding(
            "consent",
            "notice",
            f"A consent is known of {share:.0%} of the people of four weeks: {known:,} of {people:,}.",
            "Ask for it where people come in; to those without one nothing is sent.",
            seen=known,
            expected=float(people),
        ),
    )
