"""Slow, obvious twins of the kernels in `pathworth.kernels.folds.retention`."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter


def journeys(offset, codes, roles, time_us, keep):
    """Return every entity's kept events as (role, time)."""
    for first, last in itertools.pairwise(offset):
        yield [
            (int(roles[codes[i]]), int(time_us[i]))
            for i in range(int(first), int(last))
            if len(keep) == 0 or keep[i]
        ]


def began(events, edges, nth=1):
    """Return the time and the period of the n-th event that begins, null when it is in no period."""
    starts = [now for role, now in events if role & 1][nth - 1 :]
    if not starts or not edges[0] <= starts[0] < edges[-1]:
        return None, None
    return starts[0], bisect_right(edges, starts[0]) - 1


def by_calendar(everybody, edges, nth=1):
    """Return entities by (cohort, periods since) of every period they came in, and of the last one."""
    came, last = Counter(), Counter()
    for events in everybody:
        start, cohort = began(events, edges, nth)
        if start is not None:
            add(came, last, events, edges, cohort)
    return came, last


def recurring(everybody, edges):
    """Return what ``by_calendar`` does, with an entity in the cohort of every period in which it begins."""
    came, last = Counter(), Counter()
    for events in everybody:
        begins = {period(edges, now) for role, now in events if role & 1}
        for cohort in sorted(begins - {None}):
            add(came, last, events, edges, cohort)
    return came, last


def add(came, last, events, edges, cohort):
    """Add one entity of one cohort."""
    back = {period(edges, now) for role, now in events if role & 2} - {None}
    periods = {cohort} | {one for one in back if one > cohort}
    came.update((cohort, one - cohort) for one in periods)
    last[cohort, max(periods) - cohort] += 1


def period(edges, now):
    """Return the period of an instant, null before the first and after the last."""
    return bisect_right(edges, now) - 1 if edges[0] <= now < edges[-1] else None


def by_own_start(everybody, edges, width_us, cells, nth=1):
    """Return entities by (cohort, stretches since their own start)."""
    came = Counter()
    for events in everybody:
        start, cohort = began(events, edges, nth)
        if start is None:
            continue
        stretches = {0} | {
            (now - start) // width_us for role, now in events if role & 2 and now >= start
        }
        came.update((cohort, one) for one in stretches if one < cells)
    return came
