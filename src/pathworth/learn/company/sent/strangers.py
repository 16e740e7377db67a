"""Who is in the data and none of the market: the company's own people, accounts for tests, and bots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.clock import DAY_MS, utc_ms
from pathworth.learn.company.draws import Draws, Purpose, poisson_edges
from pathworth.learn.company.events.traces import hex_ids
from pathworth.learn.company.world import Codes, Keys, World

KINDS_APART = 10_000
"""Numbers in the stream between the first stranger of one kind and that of the next; bots come last."""
HOME_HOURS = 1
Row = tuple[str, Mapping[str, str]]


@dataclass(frozen=True)
class Strangers:
    """Everybody who is no person of the market, with what they leave behind, in the order of time.

    Parameters
    ----------
    ids, devices
        bytes[n]: their raw ids, and the devices on which they are seen.
    kind
        int64[n]: place in the company's kinds of strangers; one more for a bot, whose raw id is never sent.
    who, row, ms
        Of each event: place in ``ids``, place in ``rows``, when (UTC).
    rows
        Name and text properties of events, in the world's own words.
    """

    ids: NDArray[np.bytes_]
    devices: NDArray[np.bytes_]
    kind: Codes
    who: Codes
    row: Codes
    ms: Codes
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Acts:
    """What strangers of one kind do: their numbers in the stream; who of them, which of their rows, when."""

    key: Keys
    who: Codes
    row: Codes
    ms: Codes


def strangers_of(world: World, draws: Draws, *, anonymous: int) -> Strangers:
    """Return the strangers of a world.

    Parameters
    ----------
    anonymous
        How many events of real people say nothing of who they are; bots are a share of that.
    """
    company = world.company
    acts = [*_working(world, draws), _bots(world, draws, anonymous=anonymous)]
    rows = [[_row(world, event, one.phase) for event in one.events] for one in company.stranger]
    rows.append([_row(world, company.bots.event, "")])
    letters = [*(one.letter for one in company.stranger), "b"]
    people = np.cumsum([0, *(len(one.key) for one in acts)])
    first = np.cumsum([0, *map(len, rows)])
    who = np.concatenate([one.who + people[k] for k, one in enumerate(acts)])
    row = np.concatenate([one.row + first[k] for k, one in enumerate(acts)])
    ms = np.concatenate([one.ms for one in acts])
    order = np.lexsort((np.arange(len(ms)), who, ms))
    keys = np.concatenate([one.key for one in acts])
    names = [
        hex_ids(letter, draws.words(one.key, Purpose.STRANGER)[0])
        for letter, one in zip(letters, acts, strict=True)
    ]
    return Strangers(
        ids=np.concatenate(names),
        devices=hex_ids("d", draws.words(keys, Purpose.STRANGER, place=1)[0]),
        kind=np.repeat(np.arange(len(acts)), np.diff(people)),
        who=who[order],
        row=row[order],
        ms=ms[order],
        rows=tuple(row for part in rows for row in part),
    )


def _working(world: World, draws: Draws) -> Iterator[_Acts]:
    """Yield what strangers of each kind do: visits on days of the whole window, by day."""
    company = world.company
    for place, one in enumerate(company.stranger):
        count = round(one.count * len(world.ids) / company.size.people)
        key = (place * KINDS_APART + np.arange(count)).astype(np.uint32)
        chance = draws.pair(key, Purpose.STRANGER, place=2)[0]
        visits = np.searchsorted(poisson_edges(one.visits), chance, side="right")
        who = np.repeat(np.arange(count), visits)
        j = np.arange(len(who)) - np.repeat(np.cumsum(visits) - visits, visits)
        day, hour = draws.pair(key[who], Purpose.STRANGER, place=3, index=j)
        local = np.floor(day * company.weeks * 7).astype(np.int64) * DAY_MS
        first, last = one.hours
        local += np.floor((first + (last - first) * hour) * 3_600_000).astype(np.int64)
        begun = utc_ms(company, local, hours=np.full(len(local), HOME_HOURS))
        row = np.tile(np.arange(len(one.events)), len(who))
        gaps = row * round(one.gap_seconds * 1000)
        yield _Acts(
            key, np.repeat(who, len(one.events)), row, np.repeat(begun, len(one.events)) + gaps
        )


def _bots(world: World, draws: Draws, *, anonymous: int) -> _Acts:
    """Return what bots do: page after page at a steady pace, until they are the wanted share of what is anonymous."""
    what, begin, end = world.company.bots, world.from_us // 1000, world.to_us // 1000
    wanted = round(anonymous * what.share / (1.0 - what.share))
    key = (len(world.company.stranger) * KINDS_APART + np.arange(wanted)).astype(np.uint32)
    long, when = draws.pair(key, Purpose.STRANGER, place=2)
    low, high = what.minutes
    pages = what.pages_a_minute * (low + np.floor(long * (high - low + 1)).astype(np.int64))
    before = np.cumsum(pages) - pages
    count = int((before < wanted).sum())
    pages = np.minimum(pages, wanted - before)[:count]
    who = np.repeat(np.arange(count), pages)
    j = np.arange(len(who)) - before[who]
    start = begin + np.floor(when[:count] * (end - begin - high * 60_000)).astype(np.int64)
    return _Acts(
        key[:count], who, np.zeros_like(who), start[who] + j * (60_000 // what.pages_a_minute)
    )


def _row(world: World, event: str, phase: str) -> Row:
    """Return name and properties of an event, in the world's own words."""
    words, bots = world.words, world.company.bots
    said = {"section": bots.section} if event == bots.event else {"phase": phase} if phase else {}
    return words.get(event, event), {words.get(k, k): words.get(v, v) for k, v in said.items()}
