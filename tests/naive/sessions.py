"""The slow, obvious twin of the kernel in `pathworth.kernels.folds.sessions`."""

from __future__ import annotations

import itertools


def by_gap(offset, time_us, keep, gap_us):
    """Return every entity's sessions as lists of times."""
    everybody = []
    for first, last in itertools.pairwise(offset):
        times = [int(time_us[i]) for i in range(int(first), int(last)) if len(keep) == 0 or keep[i]]
        cuts = [i for i in range(1, len(times)) if times[i] - times[i - 1] > gap_us]
        pieces = [times[a:b] for a, b in zip([0, *cuts], [*cuts, len(times)], strict=True)]
        everybody.append([piece for piece in pieces if piece])
    return everybody
