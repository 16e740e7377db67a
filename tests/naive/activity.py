"""New, returning, resurrecting and dormant entities, one set of periods at a time."""

from __future__ import annotations


def lives(periods_of_each, periods):
    """Return for every entity the set of (period, kind) it is counted in; -1 stands for long ago."""
    found = []
    for seen in periods_of_each:
        active, cells = sorted({one for one in seen if one < periods}), set()
        for p in range(periods):
            before = [one for one in active if one < p]
            if p in active:
                if not before:
                    cells.add((p, 0))
                elif before[-1] == p - 1 and p >= 1:
                    cells.add((p, 1))
                else:
                    cells.add((p, 2))
            elif p - 1 in active and p >= 1:
                cells.add((p, 3))
        found.append(cells)
    return found
