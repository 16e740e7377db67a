"""Anchors, walks, whole journeys and loops, one list of events at a time."""

from __future__ import annotations

import itertools
from collections import Counter


def stated(codes, table, keep, first, last):
    """Return the places of the kept events with a state."""
    return [i for i in range(first, last) if table[codes[i]] >= 0 and kept(keep, i)]


def kept(keep, i):
    return len(keep) == 0 or bool(keep[i])


def anchors(offset, codes, hits, keep):
    """Return (unit, place) of every kept event that hits."""
    return [
        (e, i)
        for e, (first, last) in enumerate(itertools.pairwise(offset))
        for i in range(first, last)
        if hits[codes[i]] and kept(keep, i)
    ]


def arriving(found, offset, codes, hits, time_us, keep, within_us):
    """Return (unit, place, end) of the anchors that a hit follows in time."""
    rows = []
    for e, i in found:
        ends = [j for j in range(i + 1, offset[e + 1]) if hits[codes[j]] and kept(keep, j)]
        if ends and time_us[ends[0]] - time_us[i] <= within_us:
            rows.append((e, i, ends[0]))
    return rows


def begins(found, codes, table, keep):
    """Return which anchors stand first in their run."""
    out = []
    for k, (e, i, *_) in enumerate(found):
        if k == 0 or found[k - 1][0] != e:
            out.append(True)
            continue
        state = table[codes[i]]
        between = [
            table[codes[j]]
            for j in range(found[k - 1][1] + 1, i)
            if kept(keep, j) and table[codes[j]] >= 0
        ]
        run = [table[codes[found[k - 1][1]]], *between]
        out.append(any(one != state for one in run))
    return out


def walk(anchor, offset, codes, table, time_us, keep, *, way, fold, within_us, columns):
    """Return a walk as (state, time) from its anchor outward, and why it stops: ended, late, arrived or None."""
    e, i, end = anchor
    path = [(table[codes[i]], time_us[i])]
    ahead = range(i + 1, offset[e + 1]) if way > 0 else range(i - 1, offset[e] - 1, -1)
    for j in ahead:
        if len(path) == columns:
            return path, None
        state, now = table[codes[j]], time_us[j]
        if not kept(keep, j) or (state < 0 and j != end):
            continue
        if abs(now - time_us[i]) > within_us:
            return path, "late"
        if fold and state == path[-1][0] and j != end:
            if way < 0 and len(path) > 1:
                path[-1] = (state, now)
            continue
        path.append(("end" if state < 0 else state, now))
        if j == end:
            return path, "arrived"
    return path, "ended" if len(path) < columns else None


def rows(offset, codes, table, keep, *, fold, length):
    """Return the states of every unit, cut at a length with None behind."""
    out = []
    for first, last in itertools.pairwise(offset):
        states = [table[codes[i]] for i in stated(codes, table, keep, first, last)]
        if fold:
            states = [state for state, _ in itertools.groupby(states)]
        out.append((*states[:length], None) if len(states) > length else tuple(states))
    return out


def visits(offset, codes, table, time_us, keep):
    """Return of every unit its visits: state, time of the first and of the last event, number of events."""
    out = []
    for first, last in itertools.pairwise(offset):
        places = stated(codes, table, keep, first, last)
        runs = itertools.groupby(places, key=lambda i: table[codes[i]])
        mine = []
        for state, run in runs:
            held = list(run)
            mine.append((state, time_us[held[0]], time_us[held[-1]], len(held)))
        out.append(mine)
    return out


def rework(everybody):
    """Return times by (unit, state, kind), and the ms until each return, from the visits of every unit."""
    times, waits = Counter(), []
    for e, mine in enumerate(everybody):
        left = {}
        for state, begin, end, events in mine:
            times[e, state, "visit"] += 1
            times[e, state, "again"] += events - 1
            if state in left:
                times[e, state, "return"] += 1
                waits.append((state, half_up(begin - left[state])))
            left[state] = end
    return +times, waits


def loops(everybody):
    """Return (unit, a, b, ms) of every a, b, a."""
    return [
        (e, a[0], b[0], half_up(again[1] - a[2]))
        for e, mine in enumerate(everybody)
        for a, b, again in zip(mine, mine[1:], mine[2:], strict=False)
        if a[0] == again[0]
    ]


def half_up(us):
    return us // 1000 + (us % 1000 >= 500)
