"""What discovery counts, one event at a time, and the Rand index, one pair at a time."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise


def visits_of(journey, gap_us):
    """Cut a list of (kind, time) into visits."""
    visits = []
    for kind, time in journey:
        if not visits or time - visits[-1][-1][1] > gap_us:
            visits.append([])
        visits[-1].append((kind, time))
    return visits


def moves(journeys, *, gap_us):
    """Count one journey after another."""
    found = {
        name: Counter()
        for name in ("events", "people", "visits", "begins", "together", "beside", "then", "ends")
    }
    totals = [0, 0]
    for journey in journeys:
        if not journey:
            continue
        kinds = [kind for kind, _ in journey]
        visits = visits_of(journey, gap_us)
        totals = [totals[0] + 1, totals[1] + len(visits)]
        found["events"].update(kinds)
        found["people"].update(set(kinds))
        found["begins"][kinds[0]] += 1
        found["ends"][kinds[-1]] += 1
        found["then"].update(pairwise(kinds))
        for visit in visits:
            inside = [kind for kind, _ in visit]
            found["visits"].update(set(inside))
            found["beside"].update(pairwise(inside))
            found["together"].update((a, b) for a in set(inside) for b in set(inside))
    return totals, found


def order(journeys):
    """Count in how many journeys one kind is first met before another."""
    found = Counter()
    for journey in journeys:
        seen = list(dict.fromkeys(kind for kind, _ in journey))
        found.update(combinations(seen, 2))
    return found


def neighbours(journey, values):
    """Yield (name, value, next other name, previous other name) of every event; None where there is none."""
    names = [name for name, _ in journey]
    for at, name in enumerate(names):
        after = next((one for one in names[at + 1 :] if one != name), None)
        before = next((one for one in reversed(names[:at]) if one != name), None)
        yield name, values[at], after, before


def adjusted_rand(left, right):
    """Compare two labellings of the same items pair by pair."""
    both = only_left = only_right = pairs = 0
    for a, b in combinations(range(len(left)), 2):
        same_left, same_right = left[a] == left[b], right[a] == right[b]
        both += same_left and same_right
        only_left += same_left
        only_right += same_right
        pairs += 1
    expected = only_left * only_right / pairs
    most = (only_left + only_right) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def met_outside(steps, pair, start):
    """Follow a chain from ``start`` through ``pair`` until it leaves: {outcome: probability}, by brute force."""
    at, out = {start: 1.0}, Counter()
    for _ in range(2_000):
        after = Counter()
        for state, weight in at.items():
            for to, share in steps[state].items():
                (after if to in pair else out)[to] += weight * share
        at = after
    return out
