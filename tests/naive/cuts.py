"""Sessions and units by key, event by event."""

from __future__ import annotations


def cut(offset, time_us, keep, starts, gap_us):
    """Return a list of (entity, first event) of each session."""
    found = []
    for e in range(len(offset) - 1):
        kept = [i for i in range(offset[e], offset[e + 1]) if not len(keep) or keep[i]]
        for place, i in enumerate(kept):
            first = place == 0
            paused = not first and time_us[i] - time_us[kept[place - 1]] > gap_us
            if first or paused or (len(starts) and starts[i]):
                found.append((e, i))
    return found


def hold(offset, key, keep):
    """Return a list of (entity, events) of each unit."""
    found = []
    for e in range(len(offset) - 1):
        units = {}
        for i in range(offset[e], offset[e + 1]):
            if key[i] and (not len(keep) or keep[i]):
                units.setdefault(int(key[i]), []).append(i)
        found.extend((e, units[one]) for one in sorted(units))
    return found
