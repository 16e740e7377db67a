"""What was known of a person when a visit began, what they had done by its end, and where visits lead."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

_i64, _i32, _f64 = types.int64, types.int32, types.float64
_u8, _u16, _u32, _u64 = types.uint8, types.uint16, types.uint32, types.uint64


def _known(code: object) -> object:
    """Return the signature of `known_at` for one width of codes."""
    return types.void(
        read_only(_i64), read_only(code), _i64, read_only(_i64), read_only(_i64), writable(_i32)
    )


@kernel(_known(_u8), _known(_u16), _known(_u32))
def known_at(
    offset: NDArray[np.int64],
    codes: NDArray,
    null: int,
    entity: NDArray[np.int64],
    place: NDArray[np.int64],
    known: NDArray[np.int32],
) -> None:
    """Write the last code of each visit's entity at or before the event ``place``; -1 when there is none.

    Visits are ordered by entity, then time; ``offset`` says where the events of each entity lie in ``codes``.
    """
    last_entity = -1
    k = 0
    code = -1
    for v in range(len(entity)):
        if entity[v] != last_entity:
            last_entity = entity[v]
            k = offset[last_entity]
            code = -1
        while k <= place[v]:
            if codes[k] != null:
                code = codes[k]
            k += 1
        known[v] = code


def _done(name: object) -> object:
    """Return the signature of `done_by` for one width of names."""
    return types.void(
        read_only(_i64),
        read_only(name),
        read_only(types.int8),
        read_only(_i64),
        read_only(_i64),
        writable(_u64),
    )


@kernel(_done(_u16), _done(_u32))
def done_by(
    offset: NDArray[np.int64],
    name: NDArray,
    bit: NDArray[np.int8],
    entity: NDArray[np.int64],
    place: NDArray[np.int64],
    done: NDArray[np.uint64],
) -> None:
    """Write which names each visit's entity had sent at or before the event ``place``, one bit a name.

    ``bit`` is int8[names]: the bit of a name, or -1 for a name that is not asked about.
    """
    last_entity = -1
    k = 0
    seen = np.uint64(0)
    for v in range(len(entity)):
        if entity[v] != last_entity:
            last_entity = entity[v]
            k = offset[last_entity]
            seen = np.uint64(0)
        while k <= place[v]:
            b = bit[name[k]]
            if b >= 0:
                seen |= np.uint64(1) << np.uint64(b)
            k += 1
        done[v] = seen


@kernel(types.void(read_only(_i64, 3), writable(_f64, 2), writable(_f64, 2)))
def lead_to(
    counts: NDArray[np.int64], share: NDArray[np.float64], age: NDArray[np.float64]
) -> None:
    """Write where the visits of each cell lead: cumulative incidence by cause, and the mean bin of each cause.

    ``counts`` is int64[cells, causes + 1, bins], the last cause being censored, which counts as half at risk in its
    bin. ``share`` and ``age`` are float64[cells, causes]. Aalen and Johansen (1978) on grouped times.
    """
    cells, columns, bins = counts.shape
    causes = columns - 1
    for k in range(cells):
        at_risk = 0
        for c in range(columns):
            for b in range(bins):
                at_risk += counts[k, c, b]
        for c in range(causes):
            share[k, c] = 0.0
            age[k, c] = 0.0
        alive = 1.0
        for b in range(bins):
            exposed = at_risk - 0.5 * counts[k, causes, b]
            moved = 0.0
            for c in range(causes):
                if counts[k, c, b] and exposed > 0.0:
                    part = alive * counts[k, c, b] / exposed
                    share[k, c] += part
                    age[k, c] += part * b
                    moved += part
                at_risk -= counts[k, c, b]
            at_risk -= counts[k, causes, b]
            alive = max(0.0, alive - moved)
        for c in range(causes):
            if share[k, c] > 0.0:
                age[k, c] /= share[k, c]
