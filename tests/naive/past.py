"""Slow, obvious twins of the kernels in `pathworth.kernels.past`: every way of matching is tried."""

from __future__ import annotations

from itertools import pairwise

from pathworth.base.predicate.pattern import Anchor, Either, One, Repeat, Then


def held_by_then(offset, holds, time_us, within_us):
    """Return how many events that hold there are at each event: itself and those before it, inside the window."""
    return [
        sum(1 for j in range(a, i + 1) if holds[j] and time_us[i] - time_us[j] < within_us)
        for a, b in pairwise(offset.tolist())
        for i in range(a, b)
    ]


def ends_of(node, events, i):
    """Yield every place up to which a part of a pattern can match from a place on; events are sets of names."""
    match node:
        case One(names, negated):
            if i < len(events) and (bool({one.name for one in names} & events[i]) is not negated):
                yield i + 1
        case Anchor("start"):
            if i == 0:
                yield i
        case Anchor("end"):
            if i == len(events):
                yield i
        case Either(parts):
            for part in parts:
                yield from ends_of(part, events, i)
        case Then(()):
            yield i
        case Then((part, *rest)):
            for j in ends_of(part, events, i):
                yield from ends_of(Then(tuple(rest)), events, j)
        case Repeat(inner, least, most):
            if least == 0:
                yield i
            if most is None or most > 0:
                fewer = None if most is None else most - 1
                for j in ends_of(inner, events, i):
                    # A part that matches nothing again gets nowhere.
                    if j > i or least > 0:
                        yield from ends_of(Repeat(inner, max(least - 1, 0), fewer), events, j)


def matches(tree, events, times, within_us):
    """Return the matches of a journey, (place of the last event, shortest time), the last one at its end included.

    Every match that begins behind the last counted one is tried, and the one that ends first is counted; anchored
    ends are those of the journey as it stands.
    """
    found = []
    after = 0
    while True:
        every = [
            (j - 1, times[j - 1] - times[i])
            for i in range(after, len(events))
            for j in set(ends_of(tree, events, i))
            if j > i and times[j - 1] - times[i] <= within_us
        ]
        if not every:
            return found
        found.append(min(every))
        after = found[-1][0] + 1


def most_matches(tree, events, times, within_us):
    """Return the largest number of matches that share no event, whichever are chosen."""
    best = [0] * (len(events) + 1)
    for i in range(len(events) - 1, -1, -1):
        best[i] = best[i + 1]
        for j in set(ends_of(tree, events, i)):
            if j > i and times[j - 1] - times[i] <= within_us:
                best[i] = max(best[i], 1 + best[j])
    return best[0]
