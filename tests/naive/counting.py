"""Events, entities and sums by period, one set and one dictionary at a time."""

from __future__ import annotations

import bisect
import math
from collections import defaultdict


def period_of(time_us, edges_us):
    """Return the period of a time, null outside of all."""
    place = bisect.bisect_right(edges_us, time_us) - 1
    return place if 0 <= place < len(edges_us) - 1 else None


def cells_of(people, edges_us):
    """Return (row, step, period) -> [events, entities, known, known by, micro-units, (largest, whose)].

    ``people`` are lists of events (time, steps, rows, money, number); a number is null where there is none. Period
    ``P`` holds entities, who has a number, and the largest sum over all periods.
    """
    every = len(edges_us) - 1
    found = defaultdict(lambda: [0, 0, 0, 0, 0, None])
    for e, events in enumerate(people):
        mine = defaultdict(list)
        for time_us, steps, rows, money, number in events:
            period = period_of(time_us, edges_us)
            for row in rows if period is not None else ():
                for step in steps:
                    mine[row, step, period].append((money, number))
        whole = defaultdict(int)
        counted = set()
        for (row, step, period), values in mine.items():
            cell = found[row, step, period]
            cell[0] += len(values)
            cell[1] += 1
            if (row, step) not in counted:
                found[row, step, every][1] += 1
                counted.add((row, step))
            known = [money if money else None for money, _ in values]
            numbers = [one for _, one in values if one is not None and math.isfinite(one)]
            cents = [one for one in known if one is not None]
            cell[2] += len(cents) + len(numbers)
            if not cents and not numbers:
                continue
            total = 0.0
            for one in numbers:
                total += one
            micro = sum(cents) + round(total * 1e6)
            cell[3] += 1
            cell[4] += micro
            cell[5] = larger(cell[5], (micro, e))
            whole[row, step] += micro
        for (row, step), micro in whole.items():
            cell = found[row, step, every]
            cell[3] += 1
            cell[5] = larger(cell[5], (micro, e))
    return found


def larger(before, new):
    """Return the larger sum, the first of equal ones."""
    return new if before is None or new[0] > before[0] else before


def periods_seen(times, edges_us):
    """Return in how many periods some times lie."""
    return len({period_of(one, edges_us) for one in times} - {None})
