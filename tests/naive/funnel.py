"""Slow, obvious twins of the kernels in `pathworth.kernels.folds.funnel`: every attempt is tried."""

from __future__ import annotations

import itertools


def journeys(offset, codes, hits, time_us, keep):
    """Return every entity's kept events as (set of steps, time)."""
    for first, last in itertools.pairwise(offset):
        yield [
            ({k for k in range(64) if int(hits[codes[i]]) >> k & 1}, int(time_us[i]))
            for i in range(int(first), int(last))
            if len(keep) == 0 or keep[i]
        ]


def ordered(events, steps, within_us):
    """Return the most steps of any attempt: from each start, every step at its first chance."""
    return max((attempt(events[i:], steps, within_us) for i in range(len(events))), default=0)


def attempt(events, steps, within_us):
    level, start = 0, events[0][1]
    for can, now in events:
        if level == 0 and 0 not in can:
            return 0
        if level < steps and level in can and now - start <= within_us:
            level += 1
    return level


def strict(events, steps, within_us):
    """Return the most steps that follow each other without another event between."""
    best = 0
    for i in range(len(events)):
        level, start = 0, events[i][1]
        for can, now in events[i:]:
            if level == steps or level not in can or now - start > within_us:
                break
            level += 1
        best = max(best, level)
    return best


def any_order(events, steps, within_us):
    """Return the most steps that the events of one window can serve, one each."""
    best = 0
    for i in range(len(events)):
        window = [can for can, now in events[i:] if now - events[i][1] <= within_us]
        best = max(best, matching(window, steps))
    return best


def matching(window, steps):
    """Return the size of the largest matching of events and steps (Kuhn 1955)."""
    event_of = {}

    def place(event, tried):
        for step in range(steps):
            if step in window[event] and step not in tried:
                tried.add(step)
                if step not in event_of or place(event_of[step], tried):
                    event_of[step] = event
                    return True
        return False

    return sum(place(event, set()) for event in range(len(window)))


def soonest(twin, events, steps, within_us):
    """Return for each step taken the time to it when it is first reached, of the attempt that began last.

    The first event at which so many steps are taken is found, then the last start that still takes them.
    """
    found = []
    for level in range(1, twin(events, steps, within_us) + 1):
        ends = range(1, len(events) + 1)
        end = next(i for i in ends if twin(events[:i], steps, within_us) >= level)
        begins = range(end)
        start = max(i for i in begins if twin(events[i:end], steps, within_us) >= level)
        found.append(events[end - 1][1] - events[start][1])
    return found
