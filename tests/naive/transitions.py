"""Slow, obvious twins of the kernels in `pathworth.kernels.folds.transitions`."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Found:
    moves: Counter = field(default_factory=Counter)
    ms: Counter = field(default_factory=Counter)
    entities: Counter = field(default_factory=Counter)
    gaps: dict = field(default_factory=dict)


def journeys(offset, codes, lookup, time_us, keep):
    """Return every entity's kept events as (place, state, time)."""
    for first, last in itertools.pairwise(offset):
        yield [
            (i, int(lookup[codes[i]]), int(time_us[i]))
            for i in range(int(first), int(last))
            if lookup[codes[i]] >= 0 and (len(keep) == 0 or keep[i])
        ]


def moves(offset, codes, lookup, time_us, keep, split=()):
    """Return moves by (part, source, target); the source is "start" and the target "end" at the borders."""
    found = Found()
    for events in journeys(offset, codes, lookup, time_us, keep):
        seen = set()
        path = [(None, "start", None), *events, (None, "end", None)]
        for (i, source, then), (_, target, now) in itertools.pairwise(path):
            if not events:
                continue
            part = int(split[i]) if len(split) and i is not None else 0
            move = (part, source, target)
            found.moves[move] += 1
            seen.add(move)
            if then is not None and now is not None:
                ms = half_up(now - then)
                found.ms[move] += ms
                found.gaps.setdefault(move, []).append(ms)
        found.entities.update(seen)
    return found


def movers(offset, codes, lookup, keep, split=()):
    """Return by part of the event at which a move begins how many entities have one, and by "any" those with any."""
    found = Counter()
    for events in journeys(offset, codes, lookup, range(len(codes)), keep):
        parts = {int(split[i]) if len(split) else 0 for i, _, _ in events[:-1]}
        found.update(parts | {"any"} if parts else ())
    return found


def money(offset, codes, lookup, keep, split, micro):
    """Return by (part, source, target) the money of the events that moves enter."""
    found = Counter()
    for events in journeys(offset, codes, lookup, range(len(codes)), keep):
        for (i, source, _), (k, target, _) in itertools.pairwise(events):
            found[int(split[i]) if len(split) else 0, source, target] += int(micro[k])
    return found


def heaviest(offset, codes, lookup, time_us, keep, split=(), weight=()):
    """Return by move the largest ms, or weight, of one entity, and that entity's place, the first of equal ones."""
    best = {}
    for e in range(len(offset) - 1):
        own = moves(offset[e : e + 2], codes, lookup, time_us, keep, split).ms
        if len(weight):
            heavy = money(offset[e : e + 2], codes, lookup, keep, split, weight)
            own = {move: heavy[move] for move in own}
        for move, ms in own.items():
            if ms > best.get(move, (0, -1))[0]:
                best[move] = (ms, e)
    return best


def half_up(us):
    """Return whole ms, half a ms upward."""
    return us // 1000 + (us % 1000 >= 500)


def bin_of(ms):
    """Return the bin: one wide below 16, then 16 equal parts of each power of two, walked one by one."""
    low, width, place = 16, 1, 16
    if ms < 16:
        return ms
    while ms >= 2 * low:
        low, width, place = 2 * low, 2 * width, place + 16
    return place + (ms - low) // width
