"""Lays events out as journeys: entities by hash and id, the events of each by time and number."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_RUN = 16

_int64_in = read_only(types.int64)
_int64_out = writable(types.int64)


@kernel(types.boolean(_int64_in, _int64_in, types.int64, types.int64))
def _later(time_us: NDArray[np.int64], seq: NDArray[np.int64], a: int, b: int) -> bool:
    return bool(time_us[a] > time_us[b] or (time_us[a] == time_us[b] and seq[a] > seq[b]))


@kernel(types.int64(read_only(types.uint8), _int64_in, types.int64, types.int64))
def _compare(data: NDArray[np.uint8], offset: NDArray[np.int64], a: int, b: int) -> np.int64:
    """Return below, at or above 0 as text a sorts before, with or after text b by its bytes."""
    at, to = offset[a], offset[b]
    common = min(offset[a + 1] - at, offset[b + 1] - to)
    for k in range(common):
        if data[at + k] != data[to + k]:
            return np.int64(np.int64(data[at + k]) - np.int64(data[to + k]))
    return np.int64((offset[a + 1] - at) - (offset[b + 1] - to))


@kernel(
    types.int64(
        read_only(types.uint64),
        read_only(types.uint8),
        _int64_in,
        _int64_out,
        writable(types.int32),
    )
)
def rank_ids(
    hashes: NDArray[np.uint64],
    data: NDArray[np.uint8],
    offset: NDArray[np.int64],
    order: NDArray[np.int64],
    rank: NDArray[np.int32],
) -> int:
    """Give distinct ids their numbers by (hash, id) and return how many there are.

    Parameters
    ----------
    hashes
        uint64[n]: hash of each id; ids may repeat.
    data, offset
        uint8[n_byte] and int64[n + 1]: the ids in UTF-8.
    order
        int64[n]: places sorted by hash; equal hashes are put in the order of their ids.
    rank
        int32[n]: number of each id, the same for equal ids.
    """
    distinct = -1
    for k in range(len(order)):
        place = order[k]
        at = k
        while at > 0 and hashes[order[at - 1]] == hashes[place]:
            if _compare(data, offset, order[at - 1], place) <= 0:
                break
            order[at] = order[at - 1]
            at -= 1
        order[at] = place
    for k in range(len(order)):
        place = order[k]
        if (
            k == 0
            or hashes[order[k - 1]] != hashes[place]
            or _compare(data, offset, order[k - 1], place) != 0
        ):
            distinct += 1
        rank[place] = distinct
    return distinct + 1


@kernel(types.void(read_only(types.int32), _int64_out))
def count_events(rank: NDArray[np.int32], counts: NDArray[np.int64]) -> None:
    """Count the events of each entity.

    Parameters
    ----------
    rank
        int32[n]: entity of each event.
    counts
        int64[n_entity]: what is counted is added.
    """
    for event in range(len(rank)):
        counts[rank[event]] += 1


@kernel(types.void(read_only(types.int32), _int64_out, _int64_out))
def place_events(
    rank: NDArray[np.int32], cursor: NDArray[np.int64], order: NDArray[np.int64]
) -> None:
    """Gather the events of each entity, in the order in which they came.

    Parameters
    ----------
    rank
        int32[n]: entity of each event.
    cursor
        int64[n_entity]: where the events of each entity begin; moved to where they end.
    order
        int64[n]: the events, entity by entity.
    """
    for event in range(len(rank)):
        entity = rank[event]
        order[cursor[entity]] = event
        cursor[entity] += 1


@kernel(types.void(_int64_in, _int64_in, _int64_in, _int64_out, _int64_out))
def sort_within(
    offset: NDArray[np.int64],
    time_us: NDArray[np.int64],
    seq: NDArray[np.int64],
    order: NDArray[np.int64],
    scratch: NDArray[np.int64],
) -> None:
    """Sort the events of each entity by (time, seq): short runs by insertion, then merged pairwise.

    Parameters
    ----------
    offset
        int64[n_entity + 1]: where the events of each entity begin and end in ``order``.
    time_us, seq
        int64[n] each: time and number of each event.
    order
        int64[n]: the events, entity by entity; sorted in place.
    scratch
        int64[n]: room to merge in.
    """
    for entity in range(len(offset) - 1):
        first, last = offset[entity], offset[entity + 1]
        for k in range(first + 1, last):
            event = order[k]
            floor = first + (k - first) // _RUN * _RUN
            at = k
            while at > floor and _later(time_us, seq, order[at - 1], event):
                order[at] = order[at - 1]
                at -= 1
            order[at] = event
        width = _RUN
        while width < last - first:
            for low in range(first, last, 2 * width):
                mid, high = min(low + width, last), min(low + 2 * width, last)
                if mid >= high or not _later(time_us, seq, order[mid - 1], order[mid]):
                    continue
                left, right = low, mid
                for k in range(low, high):
                    if right >= high or (
                        left < mid and not _later(time_us, seq, order[left], order[right])
                    ):
                        scratch[k] = order[left]
                        left += 1
                    else:
                        scratch[k] = order[right]
                        right += 1
                for k in range(low, high):
                    order[k] = scratch[k]
            width *= 2


@kernel(types.void(_int64_in, read_only(types.uint8), _int64_out))
def last_filled(
    offset: NDArray[np.int64], filled: NDArray[np.uint8], out: NDArray[np.int64]
) -> None:
    """Find the last event of each entity that holds a value.

    Parameters
    ----------
    offset
        int64[n_entity + 1]: where the events of each entity begin and end.
    filled
        uint8[n]: 1 where an event holds a value.
    out
        int64[n_entity]: that event's place, -1 when there is none.
    """
    for entity in range(len(offset) - 1):
        event = offset[entity + 1] - 1
        while event >= offset[entity] and filled[event] == 0:
            event -= 1
        out[entity] = event if event >= offset[entity] else -1
