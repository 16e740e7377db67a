"""What people did that tells a group of them best: the behaviour nearest to a segment of traits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pathworth.store import Snapshot

_MOST = 64
_LEAST = 0.2
"""Under this share of people in common no behaviour is near."""


@dataclass(frozen=True)
class Nearest:
    """A deed that most of a segment's people did, and few others.

    Parameters
    ----------
    who
        The predicate that speaks of the deed.
    both
        People of the segment who did it.
    only_segment, only_deed
        People of the segment who did not, and people who did and are not in it.
    """

    who: str
    both: int
    only_segment: int
    only_deed: int


def nearest_deed(snapshot: Snapshot, chosen: Sequence[np.ndarray]) -> Nearest | None:
    """Return the event whose people are most like a group's; null when none is near.

    Likeness is the share that both have of all people of either (Jaccard 1901), asked of the 64 commonest events.

    Parameters
    ----------
    snapshot
        Whose people.
    chosen
        bool[n_entity] per shard: the group.
    """
    counts = np.zeros(len(snapshot.names), np.int64)
    for place, shard in enumerate(snapshot.shards):
        counts += np.bincount(shard.name[snapshot.shown_events(place)], minlength=len(counts))
    common = np.argsort(-counts, kind="stable")[:_MOST]
    bit_of = np.zeros(len(counts), np.uint64)
    bit_of[common] = np.uint64(1) << np.arange(len(common), dtype=np.uint64)
    did, both, group = np.zeros(len(common), np.int64), np.zeros(len(common), np.int64), 0
    for place, shard in enumerate(snapshot.shards):
        if not shard.entities:
            continue
        sets = np.bitwise_or.reduceat(bit_of[shard.name], shard.offset[:-1])
        shown, mine = snapshot.shown(place), chosen[place]
        group += int(np.count_nonzero(mine))
        for k in range(len(common)):
            has = (sets >> np.uint64(k)) & np.uint64(1) != 0
            did[k] += np.count_nonzero(has & shown)
            both[k] += np.count_nonzero(has & mine)
    like = both / np.maximum(did + group - both, 1)
    if not len(like) or like.max() < _LEAST:
        return None
    k = int(like.argmax())
    name = snapshot.names[int(common[k])].replace("'", "''")
    return Nearest(f"did('{name}')", int(both[k]), group - int(both[k]), int(did[k] - both[k]))
