"""What an audit counts and tests, one entity-day and one exact fraction at a time."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from fractions import Fraction


def entity_days(events):
    """Return {(entity, day): {name: {property: text}}}, of each name the first event of the day.

    ``events`` are (entity, name, day, {property: text}) in the order of time.
    """
    found = defaultdict(dict)
    for entity, name, day, said in events:
        found[entity, day].setdefault(name, said)
    return found


def companions(events, *, least=30, share=0.5):
    """Return the sorted pairs (companion, event): beside which each comes most surely, and most often."""
    alone, both = Counter(), Counter()
    for names in entity_days(events).values():
        alone.update(list(names))
        both.update((one, other) for one in names for other in names if one != other)
    chosen = set()
    for event in sorted(alone):
        fit = [
            one
            for one in sorted(alone)
            if both[one, event] >= least and both[one, event] / (alone[one] + 10.0) >= share
        ]
        if fit:
            chosen.add((max(fit, key=lambda one: both[one, event] / (alone[one] + 10.0)), event))
            chosen.add((max(fit, key=lambda one: both[one, event]), event))
    return sorted(chosen)


def cells(events, pairs, *, days):
    """Return {(pair, property, value): [(chances, came), ...] by day}; property "" is everybody."""
    found = defaultdict(lambda: [[0, 0] for _ in range(days)])
    for (_, day), names in entity_days(events).items():
        for beside, event in pairs:
            if beside not in names:
                continue
            for key, value in [("", ""), *names[beside].items()]:
                cell = found[(beside, event), key, value][day]
                cell[0] += 1
                if event in names:
                    other = names[event].get(key, value)
                    cell[1] += other == value
    return found


def fewer(seen, of, *, before, of_before):
    """Return Fisher's exact tail as a fraction: that so few of ``of`` came true by chance."""
    right, every = before + seen, of + of_before
    ways = sum(
        math.comb(right, k) * math.comb(every - right, of - k)
        for k in range(seen + 1)
        if of - k <= every - right
    )
    return Fraction(ways, math.comb(every, of))
