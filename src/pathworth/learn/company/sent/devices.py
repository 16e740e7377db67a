"""On which device each event happened, and whether the device knew whose it was: anonymous before the sign-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.draws import Draws, Floats, Purpose
from pathworth.learn.company.events.traces import hex_ids
from pathworth.learn.company.shapes import Noise
from pathworth.learn.company.world import Codes, Flags, Keys, World

MOST = 3
"""Devices that one person may have."""
NEVER = np.iinfo(np.int64).max
LOGINS = ("here", "nowhere", "at a kiosk")
"""Where the owner of a device logs in: on it, on none of its days, or on those days at a kiosk instead."""
HERE, NOWHERE, AT_A_KIOSK = range(3)


@dataclass(frozen=True)
class Devices:
    """Where events happened, one element for each event of the world.

    Parameters
    ----------
    ids
        bytes[k]: the ids of all devices that were used.
    owner
        int64[k]: place of the person whose device each is; -1 for a kiosk.
    device
        Place in ``ids``.
    known
        Whether the event says who it was.
    skew_ms
        How far the device's clock is ahead.
    login
        int64[k]: places in ``LOGINS``, where whoever has each device logs in; for kiosks it says nothing.
    """

    ids: NDArray[np.bytes_]
    owner: Codes
    device: Codes
    known: Flags
    skew_ms: Codes
    login: Codes


@dataclass(frozen=True)
class Numbers:
    """The number of each person in the stream, all 48 bits of the raw id: low ones to ask for, high ones as place."""

    low: Keys
    high: Keys

    @classmethod
    def of(cls, ids: NDArray[np.bytes_]) -> Numbers:
        """Read them from raw ids."""
        whole = np.array([int(one[1:], 16) for one in ids.tolist()], dtype=np.uint64)
        low, high = whole & np.uint64(0xFFFFFFFF), whole >> np.uint64(32)
        return cls(low.astype(np.uint32), high.astype(np.uint32))

    def pair(self, draws: Draws, purpose: int, *, who: Codes, index: Codes | int = 0) -> Floats:
        """Return two chances for each of some people."""
        return draws.pair(self.low[who], purpose, place=self.high[who], index=index)


def devices_of(world: World, draws: Draws) -> Devices:
    """Return where the events of a world happened; on a renamed world the same as on the other."""
    noise, events = world.company.noise, world.events
    numbers = Numbers.of(world.ids)
    person, day = events.person, events.time_us // 1000 // DAY_MS
    own = said_by_itself(world)
    everybody = np.arange(len(world.ids))
    chance, unknown = numbers.pair(draws, Purpose.DEVICE, who=everybody)
    several = (
        1 + (chance < noise.two_devices + noise.three_devices) + (chance < noise.three_devices)
    )
    which, at_kiosk = numbers.pair(draws, Purpose.DEVICE_DAY, who=person, index=day)
    beside = np.floor(
        (which - noise.main_device) / (1.0 - noise.main_device) * (several[person] - 1)
    )
    device = np.where((several[person] > 1) & (which >= noise.main_device), 1 + beside, 0)
    device = device.astype(np.int64)
    # Whoever works in the product has logged in: never on a device that nobody ever logged in on.
    stranger = (unknown < noise.never_identified) & (several > 1)
    device = np.where(own & (device == 1) & stranger[person], 0, device)
    code = person * MOST + device
    kiosk = kiosks_of(world, draws, numbers=numbers, own=own)
    last = np.full(len(everybody), -1)
    np.maximum.at(last, person[own], day[own])
    there = own & (kiosk[person] >= 0) & ((at_kiosk < noise.kiosk_days) | (day == last[person]))
    first = np.full(len(everybody) * MOST, NEVER)
    np.minimum.at(first, code[own & ~there], events.time_us[own & ~there])
    known = own | (events.time_us >= first[code])
    login = _logins(first, at_kiosk=code[own & there])
    code = np.where(there, len(everybody) * MOST + kiosk[person], code)
    skew = _skews(noise, draws, numbers=numbers, people=len(everybody))
    skew = np.concatenate([skew, np.zeros(int(kiosk.max(initial=-1)) + 1, dtype=np.int64)])
    used, device = np.unique(code, return_inverse=True)
    return Devices(
        ids=_ids(draws, numbers, used),
        owner=np.where(used < len(everybody) * MOST, used // MOST, -1),
        device=device.reshape(-1),
        known=known,
        skew_ms=_inside(world, skew[code]),
        login=login[np.minimum(used, len(login) - 1)],
    )


def _logins(first: Codes, *, at_kiosk: Codes) -> Codes:
    """Return where the owner of each device logs in, and one more for kiosks."""
    login = np.where(first < NEVER, HERE, NOWHERE)
    moved = np.unique(at_kiosk)
    login[moved[first[moved] == NEVER]] = AT_A_KIOSK
    return np.append(login, HERE)


def said_by_itself(world: World) -> Flags:
    """Return which events only somebody sends who has signed up: those of the product, and the sign-up itself."""
    events, words = world.events, world.words
    signs = [words.get(name, name) for name in world.company.noise.signs]
    named = np.isin(events.name, [k for k, name in enumerate(world.names) if name in signs])
    phase = events.columns.get(words.get("phase", "phase"))
    return named if phase is None else named | (phase.codes > 0)


def kiosks_of(world: World, draws: Draws, *, numbers: Numbers, own: Flags) -> Codes:
    """Return int64[people]: the kiosk that each shares, -1 for most; its people are all of one account."""
    noise, persons = world.company.noise, world.persons
    count = round(noise.kiosks * len(world.ids) / world.company.size.people)
    low, high = noise.kiosk_people
    kiosk = np.full(len(world.ids), -1)
    works = np.zeros(len(world.ids), dtype=np.bool_)
    works[world.events.person[own]] = True
    working = np.flatnonzero(works & (persons.account >= 0))
    accounts, size = np.unique(persons.account[working], return_counts=True)
    accounts = accounts[size >= low]
    luck, wanted = numbers.pair(draws, Purpose.KIOSK, who=accounts)
    for number, place in enumerate(np.argsort(luck, kind="stable")[:count].tolist()):
        members = working[persons.account[working] == accounts[place]]
        kiosk[members[: low + int(wanted[place] * (high - low + 1))]] = number
    return kiosk


def _skews(noise: Noise, draws: Draws, *, numbers: Numbers, people: int) -> Codes:
    """Return int64[people x devices]: how far each device's clock is ahead, in ms; most are right."""
    who = np.repeat(np.arange(people), MOST)
    wrong, far = numbers.pair(draws, Purpose.SKEW, who=who, index=np.tile(np.arange(MOST), people))
    low, high = noise.skew_hours
    hours = low + (high - low) * np.abs(2.0 * far - 1.0)
    ms = np.floor(np.where(far < 0.5, -hours, hours) * 3_600_000).astype(np.int64)
    return np.where(wrong < noise.skew_share, ms, 0)


def _inside(world: World, skew_ms: Codes) -> Codes:
    """Leave clocks right where they would say a time outside of the window."""
    told = world.events.time_us + skew_ms * 1000
    return np.where((told >= world.from_us) & (told < world.to_us), skew_ms, 0)


def _ids(draws: Draws, numbers: Numbers, used: Codes) -> NDArray[np.bytes_]:
    own = used[used < len(numbers.low) * MOST]
    who = own // MOST
    words = draws.words(
        numbers.low[who], Purpose.DEVICE, place=numbers.high[who], index=1 + own % MOST
    )
    kiosk = (used[len(own) :] - len(numbers.low) * MOST).astype(np.uint32)
    shared = draws.words(kiosk, Purpose.KIOSK, place=1, index=1)
    return hex_ids("d", np.concatenate([words[0], shared[0]]))
