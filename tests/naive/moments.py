"""Who stands in which group with which moment, one entity at a time."""

from __future__ import annotations

A, B = 0, 1
NOBODY, BEFORE, AT_ONCE, YOUNG = -1, -2, -3, -4


def drawn(start, goal, *, hashed, taken, since, end, within):
    """Return group and moment; times are None where there is none, and the moment where somebody stands aside."""
    if start is None:
        return NOBODY, None
    if start < since:
        return BEFORE, None
    if goal == start:
        return AT_ONCE, None
    if goal is not None:
        group, moment = B, goal
    else:
        group, moment = A, start + (taken[hashed % len(taken)] if taken else 0)
        if taken and moment > end:
            return YOUNG, None
    return group, moment if within is None else min(moment, start + within)


def stratum(length, edges):
    """Return how many edges a length has reached."""
    return len([edge for edge in edges if edge <= length])
