"""What people do with a message: open it, click in it, or want no more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pathworth.learn.company.draws import Draws, Purpose
from pathworth.learn.company.events.full import numbers_of
from pathworth.learn.company.live.contacts import mute_hazard
from pathworth.learn.company.live.parameters import Intervention, Interventions

OPENED, CLICKED, MUTED = "Email Opened", "Email Clicked", "Email Unsubscribed"
HOUR_US = 3_600_000_000


@dataclass(frozen=True)
class Answer:
    """What a person did with a message; ``id`` is its own identity, ``kind`` the intervention's."""

    id: str
    person: str
    name: str
    kind: str
    time_us: int


def answers_of(
    plan: Interventions,
    kind: Intervention,
    *,
    draws: Draws,
    message: tuple[str, int],
    count: int,
    felt: float,
    eager: bool,
) -> tuple[list[Answer], bool]:
    """Return what a person does with a message, and whether it was the last one wanted.

    Parameters
    ----------
    message
        The person's raw id and when it was delivered, microseconds.
    count
        How many messages the person has had with this one.
    felt
        The person's fatigue with this one.
    eager
        Whether the journey goes far: such people open more, which is why openers pay more.
    """
    if kind.channel != "email":
        return [], False
    person, time_us = message
    who = numbers_of(np.array([person.encode()]))
    place = plan.intervention.index(kind)
    opens, clicks = draws.pair(who, Purpose.READING, place=place, index=count)[:, 0].tolist()
    mutes, pause = draws.pair(who, Purpose.MUTE, place=place, index=count)[:, 0].tolist()
    normal = float(draws.normal(who, Purpose.READING_TIME, place=place, index=count)[0])
    reading, found = plan.reading, []

    def add(name: str, after_hours: float) -> None:
        at = time_us + int(after_hours * 3_600_000) * 1000
        word = name.split(" ")[1].lower()
        found.append(Answer(f"{person}-{kind.kind}-{count}-{word}", person, name, kind.kind, at))

    chance = reading.opens_eager if eager else reading.opens_other
    hours = reading.opens_hours * float(np.exp(reading.opens_sigma * normal))
    if opens < chance * float(np.exp(-plan.fatigue.response * felt)):
        add(OPENED, hours)
        if clicks < reading.clicks:
            add(CLICKED, hours + reading.clicks_minutes / 60.0)
    muted = mutes < mute_hazard(plan.fatigue, felt)
    if muted:
        add(MUTED, -reading.mutes_hours * float(np.log(1.0 - pause)))
    return found, muted
