"""Slow, obvious twins of the kernels in `pathworth.kernels.select`."""

from __future__ import annotations


def last_known(offset, known, time_us, until_us):
    """Return the place of each entity's last known value before an instant, -1 without one."""
    return [
        max((i for i in range(a, b) if known[i] and time_us[i] < until_us), default=-1)
        for a, b in zip(offset.tolist(), offset.tolist()[1:], strict=False)
    ]


def known_so_far(offset, known):
    """Return the place of the latest known value up to each event of its entity, -1 before the first."""
    return [
        max((j for j in range(a, i + 1) if known[j]), default=-1)
        for a, b in zip(offset.tolist(), offset.tolist()[1:], strict=False)
        for i in range(a, b)
    ]


def lowest_bit(bits):
    """Return the place of the lowest bit that is set, null for none."""
    return next((k for k in range(64) if int(bits) >> k & 1), None)


def held_between(offset, holds, time_us, between):
    """Return how many events of each entity hold from one instant up to but without another."""
    return [
        sum(1 for i in range(a, b) if holds[i] and between[0] <= time_us[i] < between[1])
        for a, b in zip(offset.tolist(), offset.tolist()[1:], strict=False)
    ]


def keep_shown(offset, left_out, mask):
    """Return the mask without the events of the entities that are left out."""
    return [
        0 if any(a <= i < b and gone for a, b, gone in _spans(offset, left_out)) else int(mask[i])
        for i in range(len(mask))
    ]


def _spans(offset, left_out):
    return zip(offset.tolist(), offset.tolist()[1:], left_out.tolist(), strict=False)
