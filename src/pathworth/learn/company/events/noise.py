"""Impurities of real data: some events are sent twice, some arrive days late."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.draws import Draws, Purpose
from pathworth.learn.company.shapes import Noise
from pathworth.learn.company.world import Codes, Column, Events, Keys

RESENT_MS = 3_600_000


def ordinals(person: Codes) -> Codes:
    """Return which of its person's events each one is, in the order given."""
    order = np.argsort(person, kind="stable")
    ranked = person[order]
    out = np.empty(len(person), dtype=np.int64)
    out[order] = np.arange(len(person)) - np.searchsorted(ranked, ranked)
    return out


def arrivals(
    noise: Noise, *, draws: Draws, who: Keys, place: Codes, time_ms: Codes
) -> tuple[Codes, Codes]:
    """Return which event each arrival is of, and when it arrives (ms), in the order of arrival.

    Parameters
    ----------
    who
        A number in the stream of each event's person.
    place
        Which of its person's events each one is.
    time_ms
        When each happened.
    """
    again, late = draws.pair(who, Purpose.NOISE, place=place)
    pause, days = draws.pair(who, Purpose.NOISE, place=place, index=1)
    low, high = noise.late_days
    delay = np.where(
        noise.late & (late < noise.late_share),
        np.floor((low + (high - low) * days) * DAY_MS).astype(np.int64),
        0,
    )
    arrival = time_ms + delay
    copies = np.flatnonzero(again < (noise.duplicate_share if noise.duplicates else 0.0))
    source = np.concatenate([np.arange(len(who)), copies])
    pauses = np.floor(pause[copies] * RESENT_MS).astype(np.int64)
    arrival = np.concatenate([arrival, arrival[copies] + pauses])
    order = np.argsort(arrival, kind="stable")
    return source[order], arrival[order]


def add_noise(noise: Noise, *, draws: Draws, events: Events, who: Keys) -> Events:
    """Send some events again with the same message, and let some arrive late; times stay as they were.

    Parameters
    ----------
    events
        In the order of time.
    who
        A number of each person in the stream.
    """
    source, _ = arrivals(
        noise,
        draws=draws,
        who=who[events.person],
        place=ordinals(events.person),
        time_ms=events.time_us // 1000,
    )
    return take(events, source)


def take(events: Events, rows: Codes) -> Events:
    """Return the events in these places."""
    plain = {
        name: getattr(events, name)[rows]
        for name in ("person", "name", "time_us", "message", "value_micro", "cost_micro")
    }
    columns = {key: Column(one.values, one.codes[rows]) for key, one in events.columns.items()}
    return replace(events, **plain, columns=columns)
