"""The slow, obvious twin of the kernel in `pathworth.kernels.folds.sessions`."""

from __future__ import annotations

import itertools


def by_gap(offset, time_us, keep, gap_us):
    """Return every entity's sessions as lists of times."""
    found = sessions_of(offset, (), time_us, keep, (), gap_us)
    return [[[int(time_us[i]) for i in one] for one in pieces] for pieces in found]


def sessions_of(offset, owner, time_us, keep, starts, gap_us):
    """Return every entity's sessions as lists of places; rows of one owner are one entity."""
    everybody = [[] for _ in range(int(max(owner)) + 1 if len(owner) else len(offset) - 1)]
    for row, (first, last) in enumerate(itertools.pairwise(offset)):
        kept = [i for i in range(int(first), int(last)) if len(keep) == 0 or keep[i]]
        cuts = [
            k
            for k in range(1, len(kept))
            if time_us[kept[k]] - time_us[kept[k - 1]] > gap_us or (len(starts) and starts[kept[k]])
        ]
        pieces = [kept[a:b] for a, b in zip([0, *cuts], [*cuts, len(kept)], strict=True)]
        everybody[owner[row] if len(owner) else row] += [piece for piece in pieces if piece]
    return everybody
