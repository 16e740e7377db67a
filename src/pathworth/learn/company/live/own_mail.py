"""The company's own digest and notices: they go to everybody it knows, and some people mute them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.draws import Draws, Floats, Purpose
from pathworth.learn.company.live.contacts import mute_hazard
from pathworth.learn.company.live.parameters import Interventions
from pathworth.learn.company.world import Codes, Keys

KIND = "own-mail"


@dataclass(frozen=True)
class Letters:
    """Letters of the company that somebody could mute at all, in order of time, one element each.

    ``number`` is which of the person's letters it is; it is muted when ``luck`` is under the hazard of the person's
    fatigue at ``time_ms``, and then ``pause_ms`` later.
    """

    person: Codes
    number: Codes
    time_ms: Codes
    luck: Floats
    pause_ms: Codes

    def between(self, begin_ms: int, until_ms: int) -> list[tuple[int, int, int, float, int]]:
        """Return person, number, time, luck and pause of the letters of a time."""
        low, high = np.searchsorted(self.time_ms, [begin_ms, until_ms])
        columns = (self.person, self.number, self.time_ms, self.luck, self.pause_ms)
        return list(zip(*(one[low:high].tolist() for one in columns), strict=True))


def letters_of(
    plan: Interventions, *, draws: Draws, who: Keys, known_ms: Codes, seen_ms: Codes
) -> Letters:
    """Return the letters that go to people.

    Parameters
    ----------
    who
        A number of each person in the stream.
    known_ms, seen_ms
        When the company first knew each person, and last saw one; a person never known has the first after the last.
    """
    every = plan.fatigue.baseline_every_days
    last = seen_ms + plan.own_mail.after_days * DAY_MS
    phase = draws.pair(who, Purpose.OWN_MAIL, place=2**31)[0]
    days = (last - known_ms) / DAY_MS - phase * every
    count = np.where(seen_ms >= known_ms, np.floor(days / every).astype(np.int64) + 1, 0)
    count = np.maximum(count, 0)
    person = np.repeat(np.arange(len(who)), count)
    number = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count)
    luck, pause = draws.pair(who[person], Purpose.OWN_MAIL, place=number)
    time = known_ms[person] + np.floor((phase[person] + number) * every * DAY_MS).astype(np.int64)
    wait = np.floor(-plan.own_mail.mutes_hours * 3_600_000 * np.log(1.0 - pause)).astype(np.int64)
    rows = np.flatnonzero(luck < mute_hazard(plan.fatigue, plan.own_mail.highest_fatigue))
    rows = rows[np.lexsort((person[rows], time[rows]))]
    return Letters(person[rows], number[rows], time[rows], luck[rows], wait[rows])
