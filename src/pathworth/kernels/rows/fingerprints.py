"""Judges which rows are new and which repeat an earlier one, by 128-bit ids in sorted order."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

NEW, DUPLICATE, CONFLICTING = 0, 1, 2
_TIES = 64

_words = read_only(types.uint64)


@kernel(types.boolean(writable(types.int64), _words, _words))
def order_ties(order: NDArray[np.int64], high: NDArray[np.uint64], low: NDArray[np.uint64]) -> bool:
    """Put rows of equal high words in the order of (low, row); false when one word is too often there for that.

    Parameters
    ----------
    order
        int64[n]: rows ascending by ``high``, equal ones in any order; changed in place.
    high, low
        uint64[n]: the two words of each row's digest.
    """
    first = 0
    for k in range(1, len(order)):
        row = order[k]
        if high[order[k - 1]] != high[row]:
            first = k
            continue
        if k - first >= _TIES:
            return False
        at = k
        while at > first and (
            low[order[at - 1]] > low[row]
            or (low[order[at - 1]] == low[row] and order[at - 1] > row)
        ):
            order[at] = order[at - 1]
            at -= 1
        order[at] = row
    return True


@kernel(
    types.void(
        read_only(types.int64),
        _words,
        _words,
        read_only(types.int32),
        writable(types.int32),
        writable(types.uint8),
    )
)
def number_twins(
    order: NDArray[np.int64],
    high: NDArray[np.uint64],
    low: NDArray[np.uint64],
    file: NDArray[np.int32],
    ordinal: NDArray[np.int32],
    verdict: NDArray[np.uint8],
) -> None:
    """Count off identical rows of one file, and judge those of a later file that an earlier one holds.

    Parameters
    ----------
    order
        int64[n]: rows by (high, low), identical ones in the order in which they came.
    high, low
        uint64[n]: the two words of each row's digest.
    file
        int32[n]: file of each row, never falling among identical rows.
    ordinal
        int32[n]: number of the row among identical rows of its file, from 0.
    verdict
        uint8[n]: NEW or DUPLICATE.
    """
    taken = 0
    for k in range(len(order)):
        row = order[k]
        before = order[k - 1] if k else row
        if k == 0 or high[before] != high[row] or low[before] != low[row]:
            taken = 0
            ordinal[row] = 0
        elif file[before] != file[row]:
            ordinal[row] = 0
        else:
            ordinal[row] = ordinal[before] + 1
        verdict[row] = DUPLICATE
        if ordinal[row] >= taken:
            verdict[row] = NEW
            taken += 1


@kernel(types.void(read_only(types.int64), _words, _words, _words, writable(types.uint8)))
def first_of_each(
    order: NDArray[np.int64],
    high: NDArray[np.uint64],
    low: NDArray[np.uint64],
    content: NDArray[np.uint64],
    verdict: NDArray[np.uint8],
) -> None:
    """Judge rows that carry an id: the first of an id is new, a later one repeats it or conflicts with it.

    Parameters
    ----------
    order
        int64[n]: rows by (high, low), those of one id in the order in which they came.
    high, low
        uint64[n]: the two words of each row's id.
    content
        uint64[n]: hash of everything that the row says.
    verdict
        uint8[n]: NEW, DUPLICATE or CONFLICTING.
    """
    first = 0
    for k in range(len(order)):
        row = order[k]
        if k == 0 or high[first] != high[row] or low[first] != low[row]:
            first = row
            verdict[row] = NEW
        else:
            verdict[row] = DUPLICATE if content[first] == content[row] else CONFLICTING


@kernel(types.void(_words, _words, _words, _words, _words, _words, writable(types.uint8)))
def look_up(
    high: NDArray[np.uint64],
    low: NDArray[np.uint64],
    content: NDArray[np.uint64],
    run_high: NDArray[np.uint64],
    run_low: NDArray[np.uint64],
    run_content: NDArray[np.uint64],
    verdict: NDArray[np.uint8],
) -> None:
    """Judge ids against a run of ids that were accepted earlier.

    Parameters
    ----------
    high, low, content
        uint64[n]: the ids that are asked, ascending by ``high``, and what their rows say.
    run_high, run_low, run_content
        uint64[m]: the run, ascending by ``run_high``; a hit on it is confirmed on ``run_low``.
    verdict
        uint8[n]: set to DUPLICATE or CONFLICTING on a hit, else left as it is.
    """
    at = 0
    for row in range(len(high)):
        step = 1
        while at + step < len(run_high) and run_high[at + step] < high[row]:
            at += step
            step *= 2
        last = min(at + step, len(run_high))
        while at < last:
            middle = (at + last) // 2
            if run_high[middle] < high[row]:
                at = middle + 1
            else:
                last = middle
        hit = at
        while hit < len(run_high) and run_high[hit] == high[row]:
            if run_low[hit] == low[row]:
                verdict[row] = DUPLICATE if run_content[hit] == content[row] else CONFLICTING
                break
            hit += 1
