"""Kernels that say whether an entity did something often enough, by an instant or by each of its events."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable


@kernel(
    types.void(
        read_only(types.int64),
        read_only(types.uint8),
        read_only(types.int64),
        types.int64,
        types.int64,
        types.int64,
        writable(types.uint8),
    )
)
def often_enough(
    offset: NDArray[np.int64],
    holds: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    from_us: int,
    until_us: int,
    at_least: int,
    out: NDArray[np.uint8],
) -> None:
    """Write whether each entity has so many events that hold, from one instant up to but without another.

    Parameters
    ----------
    offset
        int64[n + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    holds
        uint8[n_event]: 1 for an event that counts.
    time_us
        int64[n_event]: microseconds since 1970 UTC, rising inside an entity.
    from_us, until_us, at_least
        The instants and how many.
    out
        uint8[n], written.
    """
    for e in range(offset.size - 1):
        out[e] = 0
        seen = 0
        for i in range(offset[e], offset[e + 1]):
            if holds[i] != 0 and from_us <= time_us[i] < until_us:
                seen += 1
                if seen == at_least:
                    out[e] = 1
                    break


@kernel(
    types.void(
        read_only(types.int64),
        read_only(types.uint8),
        read_only(types.int64),
        types.int64,
        types.int64,
        writable(types.uint8),
    )
)
def often_by_then(
    offset: NDArray[np.int64],
    holds: NDArray[np.uint8],
    time_us: NDArray[np.int64],
    at_least: int,
    within_us: int,
    out: NDArray[np.uint8],
) -> None:
    """Write whether at each event so many events of its entity hold, itself and those before it.

    Parameters
    ----------
    offset, holds, time_us, at_least
        As in ``often_enough``.
    within_us
        Only events less than this before the event count.
    out
        uint8[n_event], written.
    """
    for e in range(offset.size - 1):
        begin = offset[e]
        seen = 0
        for i in range(offset[e], offset[e + 1]):
            seen += holds[i] != 0
            while time_us[i] - time_us[begin] >= within_us:
                seen -= holds[begin] != 0
                begin += 1
            out[i] = seen >= at_least
