"""What other tools go by: who is known under which address, and when each of the company's events happened."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.draws import Draws, Floats
from pathworth.learn.company.names import mail_of
from pathworth.learn.company.sent.devices import Devices, Numbers, said_by_itself
from pathworth.learn.company.world import Codes, Flags, World

HOUR_MS = 3_600_000
FAR = np.iinfo(np.int64).max


class Facts:
    """A world as other tools meet it.

    Parameters
    ----------
    world
        Of rung R3, in its own words.
    devices
        On which its events happened; null where everybody has one id.
    """

    def __init__(self, world: World, devices: Devices | None = None) -> None:
        self.world, self.company, self.devices = world, world.company, devices
        self.draws = Draws(world.seed)
        self.numbers = Numbers.of(world.ids)
        self.ids: list[str] = world.ids.astype(str).tolist()
        # An event that was sent twice happened once.
        self._rows = np.unique(world.events.message, return_index=True)[1]
        self.begin_ms, self.end_ms = world.from_us // 1000, world.to_us // 1000

    def pair(self, purpose: int, who: Codes, *, place: int = 0, index: Codes | int = 0) -> Floats:
        """Return two chances for each of some people.

        Parameters
        ----------
        place
            0 up to 65,535: for what of the purpose they are.
        """
        low, high = self.numbers.low[who], self.numbers.high[who]
        spread = high + np.uint32(place << 16)
        return self.draws.pair(low, purpose, place=spread, index=index)

    def normal(self, purpose: int, who: Codes, *, place: int = 0, index: Codes | int = 0) -> Floats:
        """Return a standard normal number for each of some people."""
        one, two = self.pair(purpose, who, place=place, index=index)
        out: Floats = np.sqrt(-2.0 * np.log(1.0 - one)) * np.cos(2.0 * np.pi * two)
        return out

    def of(self, event: str) -> tuple[Codes, Codes]:
        """Return persons and times (ms) of all events of a name, in order of time."""
        person, ms, _ = self.rows_of(event)
        return person, ms

    def rows_of(self, event: str) -> tuple[Codes, Codes, Codes]:
        """Return persons, times (ms) and places in the world of all events of a name, in order of time."""
        events, names = self.world.events, self.world.names
        if event not in names:
            none = np.zeros(0, np.int64)
            return none, none, none
        rows = self._rows[events.name[self._rows] == names.index(event)]
        rows = rows[np.lexsort((events.person[rows], events.time_us[rows]))]
        return events.person[rows], events.time_us[rows] // 1000, rows

    def firsts(self, event: str) -> Codes:
        """Return when everybody did something first (ms); a far day for those who never did."""
        person, ms = self.of(event)
        first = np.full(len(self.ids), FAR)
        np.minimum.at(first, person, ms)
        return first

    @cached_property
    def known(self) -> Codes:
        """Return since when everybody is known by name (ms); a far day for those who never are."""
        own = said_by_itself(self.world)
        first = np.full(len(self.ids), FAR)
        np.minimum.at(first, self.world.events.person[own], self.world.events.time_us[own] // 1000)
        return first

    @cached_property
    def seen(self) -> Codes:
        """Return when everybody was seen last (ms)."""
        last = np.full(len(self.ids), -FAR)
        np.maximum.at(last, self.world.events.person, self.world.events.time_us // 1000)
        return last

    def mail(self, person: int) -> str:
        """Return somebody's address, at the firm of the account."""
        account = self.ids[int(self.world.persons.account[person])]
        return mail_of(self.company, self.ids[person], account=account)

    def device(self, event: str) -> dict[int, str]:
        """Return on which device everybody did something first; nobody's where everybody has one id."""
        if self.devices is None:
            return {}
        person, _, rows = self.rows_of(event)
        who, first = np.unique(person, return_index=True)
        names = self.devices.ids[self.devices.device[rows[first]]].astype(str).tolist()
        return dict(zip(who.tolist(), names, strict=True))

    def visits(self, step: str) -> tuple[Codes, Codes, Codes]:
        """Return persons, first visit (ms) of a step inside the window, and its place in the true visits."""
        visits, code = self.world.visits, self.company.steps.index(step)
        rows = np.flatnonzero((visits.step == code) & (visits.start_us < self.world.to_us))
        person, first = np.unique(visits.person[rows], return_index=True)
        rows = rows[first]
        return person, visits.start_us[rows] // 1000, rows

    def visits_first(self, step: str) -> Codes:
        """Return when everybody came to a step first, inside the window (ms); a far day for those who never did."""
        person, ms, _ = self.visits(step)
        first = np.full(len(self.ids), FAR)
        first[person] = ms
        return first

    def week(self, ms: Codes) -> Codes:
        """Return the week of times, from 1."""
        found: Codes = (ms - self.begin_ms) // (7 * DAY_MS) + 1
        return found

    def inside(self, ms: Codes) -> Flags:
        """Return which times lie in the window."""
        found: Flags = (ms >= self.begin_ms) & (ms < self.end_ms)
        return found


def stamp(ms: int) -> str:
    """Return a time as tools write it in UTC, to the second."""
    return str(np.datetime64(int(ms) // 1000, "s")).replace("T", " ")


def stamps(ms: Codes) -> list[str]:
    """Return times as tools write them in UTC, to the second."""
    texts = np.datetime_as_string((ms // 1000).astype("datetime64[s]"), unit="s").tolist()
    return [text.replace("T", " ") for text in texts]
