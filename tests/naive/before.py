"""What one entity did before its moment, as lists of times."""

from __future__ import annotations


def did(events, *, cut):
    """Return the states of the events (time, state, kept) before a moment, in order."""
    return [state for time, state, kept in events if kept and time < cut and state >= 0]


def at_least(events, *, cut, state, times):
    return did(events, cut=cut).count(state) >= times


def comes_first(events, *, cut, first, then):
    """Return whether both states are there, and the first event of one before that of the other."""
    seen = did(events, cut=cut)
    return first in seen and then in seen and seen.index(first) < seen.index(then)
