"""Kernels that count something in cells: how often, by how many units and entities, and how long it took."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable
from pathworth.kernels.folds.transitions import bin_of

_i64 = types.int64


@kernel(types.void(_i64, _i64, _i64, _i64, writable(_i64, 2), writable(_i64, 3)))
def mark(
    part: np.int64 | int,
    cell: np.int64 | int,
    unit: np.int64 | int,
    entity: np.int64 | int,
    last: NDArray[np.int64],
    out: NDArray[np.int64],
) -> None:
    """Count once in a cell, with the unit and the entity unless they were the last that was counted there.

    Parameters
    ----------
    part, cell
        Where in ``out``.
    unit, entity
        Whose; calls for a cell come by rising unit and entity.
    last
        int64[cells, 2], -1 before the first call: the last unit and entity counted in a cell.
    out
        int64[parts, cells, 3], added to: times, units and entities.
    """
    at, place = np.uint64(part), np.uint64(cell)
    out[at, place, 0] += 1
    out[at, place, 1] += last[place, 0] != unit
    out[at, place, 2] += last[place, 1] != entity
    last[place, 0] = unit
    last[place, 1] = entity


@kernel(
    types.void(
        read_only(_i64),
        read_only(_i64),
        read_only(_i64),
        read_only(types.uint8),
        writable(_i64, 2),
        writable(_i64, 3),
    )
)
def mark_all(
    cells: NDArray[np.int64],
    units: NDArray[np.int64],
    owner: NDArray[np.int64],
    part: NDArray[np.uint8],
    last: NDArray[np.int64],
    out: NDArray[np.int64],
) -> None:
    """Count a list of cells.

    Parameters
    ----------
    cells, units
        int64[m]: which cell, and whose, by rising unit.
    owner
        int64[n]: the entity of each unit; empty when units are entities.
    part
        uint8[n]: the part of each unit; empty when there is one part.
    last, out
        As in ``mark``.
    """
    for k in range(np.uint64(cells.size)):
        unit = units[k]
        entity = owner[np.uint64(unit)] if owner.size > 0 else unit
        mine = np.int64(part[np.uint64(unit)]) if part.size > 0 else np.int64(0)
        mark(mine, cells[k], unit, entity, last, out)


@kernel(types.void(read_only(_i64), read_only(_i64), writable(_i64, 2)))
def bin_all(cells: NDArray[np.int64], took_ms: NDArray[np.int64], bins: NDArray[np.int64]) -> None:
    """Count times in cells by their bin.

    Parameters
    ----------
    cells, took_ms
        int64[m]: which cell, and whole ms from 0.
    bins
        int64[cells, BINS], added to.
    """
    for k in range(np.uint64(cells.size)):
        bins[np.uint64(cells[k]), np.uint64(bin_of(np.uint64(took_ms[k])))] += 1


@kernel(
    types.void(
        read_only(types.uint8),
        read_only(types.int64),
        read_only(types.uint8),
        writable(types.int64, 3),
    )
)
def count_levels(
    level: NDArray[np.uint8],
    owner: NDArray[np.int64],
    part: NDArray[np.uint8],
    out: NDArray[np.int64],
) -> None:
    """Count units by level, and their owners by the highest level of theirs.

    Parameters
    ----------
    level
        uint8[n]: steps taken by each unit.
    owner
        int64[n], rising: whose each unit is; empty when each is its own.
    part
        uint8[n]: the part of each unit, one for all of an owner; empty when there is one part.
    out
        int64[2, parts, levels], added to: units, and owners.
    """
    most = np.uint64(0)
    for k in range(np.uint64(level.size)):
        mine = np.uint64(part[k]) if part.size > 0 else np.uint64(0)
        here = np.uint64(level[k])
        most = max(most, here)
        out[0, mine, here] += 1
        if owner.size > 0:
            following = k + np.uint64(1)
            if following < np.uint64(level.size) and owner[following] == owner[k]:
                continue
        out[1, mine, most] += 1
        most = np.uint64(0)
