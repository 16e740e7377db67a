"""Turns events with a step into visits of steps, and counts how the visits ended and what they earned."""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import NDArray

from pathworth.kernels.compile import kernel, read_only, writable

EXIT = -1
CENSORED = -2
LEAVING = 1
CONTRACT = 2
IN_CHAIN = 1
ENTRY = 2

_i64, _i16, _u8 = types.int64, types.int16, types.uint8


@kernel(
    types.int64(
        read_only(_i64),
        read_only(_i16),
        read_only(_i64),
        _i64,
        writable(_i64),
        writable(_i16),
        writable(_i64),
        writable(_i64),
    )
)
def find_visits(
    offset: NDArray[np.int64],
    codes: NDArray[np.int16],
    time_us: NDArray[np.int64],
    gap_us: int,
    entity: NDArray[np.int64],
    step: NDArray[np.int16],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> int:
    """Write one row per visit, entity by entity in time order, and return how many there are.

    ``offset`` is int64[n + 1] into ``codes`` and ``time_us``; code -1 is an event of no step: it neither
    separates two events of one step nor measures their gap. ``first`` up to ``last`` are places in ``codes``.
    """
    n = 0
    for e in range(len(offset) - 1):
        open_step = -1
        for k in range(offset[e], offset[e + 1]):
            code = codes[k]
            if code < 0:
                continue
            if code != open_step or time_us[k] - time_us[last[n - 1] - 1] > gap_us:
                entity[n] = e
                step[n] = code
                first[n] = k
                n += 1
                open_step = code
            last[n - 1] = k + 1
    return n


@kernel(
    types.void(
        read_only(_i64),
        read_only(_i16),
        read_only(_i64),
        read_only(_i64, 2),
        read_only(_u8),
        _i64,
        writable(_u8),
        writable(_i16),
        writable(_i64),
    )
)
def follow_visits(
    entity: NDArray[np.int64],
    step: NDArray[np.int16],
    start_us: NDArray[np.int64],
    rules: NDArray[np.int64],
    under_contract: NDArray[np.uint8],
    end_us: int,
    place: NDArray[np.uint8],
    cause: NDArray[np.int16],
    sojourn_ms: NDArray[np.int64],
) -> None:
    """Say of every visit whether it belongs to the chain and begins it, what came next, and after how long.

    ``rules`` is int64[2, steps]: tau in ms, and 0, LEAVING or CONTRACT. A move comes before age tau; at age
    tau without one the cause is EXIT; whoever is younger at ``end_us`` is CENSORED. A leaving or contract
    step ends its visit at once. ``place`` is IN_CHAIN, plus ENTRY for a first visit or one that begins after
    an exit; visits under a contract, and those within tau of a leaving visit, are outside of the chain.
    """
    n = len(entity)
    ended = left = 0
    for v in range(n):
        if v == 0 or entity[v] != entity[v - 1]:
            ended = CONTRACT if under_contract[entity[v]] else 0
            place[v] = 0 if ended else IN_CHAIN + ENTRY
        elif ended == CONTRACT:
            place[v] = 0
        else:
            away = start_us[v] - start_us[left] >= rules[0, step[left]] * 1000 - 500
            if away:
                ended = 0
            place[v] = 0 if ended else (IN_CHAIN + ENTRY if away else IN_CHAIN)
        if ended == 0:
            left = v
            ended = rules[1, step[v]]
        tau_ms = rules[0, step[v]]
        age_ms = (end_us - start_us[v] + 500) // 1000
        cause[v] = EXIT if age_ms >= tau_ms else CENSORED
        sojourn_ms[v] = min(tau_ms, max(age_ms, 0))
        if rules[1, step[v]]:
            cause[v] = EXIT
            sojourn_ms[v] = 0
        elif v + 1 < n and entity[v + 1] == entity[v] and start_us[v + 1] < end_us:
            next_ms = (start_us[v + 1] - start_us[v] + 500) // 1000
            if next_ms < tau_ms:
                cause[v] = step[v + 1]
                sojourn_ms[v] = next_ms


@kernel(
    types.void(
        read_only(_i64),
        read_only(_i64),
        read_only(_i64),
        read_only(_i64),
        read_only(_i64),
        read_only(_i64),
        read_only(_i64),
        writable(_i64),
    )
)
def sum_money(
    offset: NDArray[np.int64],
    time_us: NDArray[np.int64],
    net_micro: NDArray[np.int64],
    entity: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    until_us: NDArray[np.int64],
    money_micro: NDArray[np.int64],
) -> None:
    """Add the net money of all events of the entity from a visit's start to the next visit's start.

    Never past ``until_us`` (exclusive), but always the visit's own events up to its last one.
    """
    for v in range(len(entity)):
        stop = offset[entity[v] + 1]
        if v + 1 < len(entity) and entity[v + 1] == entity[v]:
            stop = first[v + 1]
        total = 0
        for k in range(first[v], stop):
            if k >= last[v] and time_us[k] >= until_us[v]:
                break
            total += net_micro[k]
        money_micro[v] = total


@kernel(
    types.void(
        read_only(_u8),
        read_only(_u8),
        read_only(_i16),
        read_only(_i16),
        read_only(_i64),
        read_only(_i64),
        read_only(_i64),
        writable(_i64, 4),
        writable(_i64, 4),
        writable(_i64, 2),
    )
)
def count_sojourns(
    place: NDArray[np.uint8],
    persona: NDArray[np.uint8],
    step: NDArray[np.int16],
    cause: NDArray[np.int16],
    sojourn_ms: NDArray[np.int64],
    money_micro: NDArray[np.int64],
    edges_ms: NDArray[np.int64],
    counts: NDArray[np.int64],
    limbs: NDArray[np.int64],
    entrants: NDArray[np.int64],
) -> None:
    """Add every visit in the chain to its cell.

    ``counts`` is int64[persona, state, cause, bin] with the causes 0..S-1 (the next step), S (exit) and S + 1
    (censored); ``limbs`` int64[2, persona, state, cause] holds the high and low 32 bits of the money, which
    a censored sojourn does not add to; ``entrants`` is int64[persona, state].
    """
    steps = entrants.shape[1]
    for v in range(len(step)):
        if not place[v] & IN_CHAIN:
            continue
        p, s, c = persona[v], step[v], int(cause[v])
        if place[v] & ENTRY:
            entrants[p, s] += 1
        if c < 0:
            c = steps if c == EXIT else steps + 1
        counts[p, s, c, np.searchsorted(edges_ms, sojourn_ms[v], side="right")] += 1
        if c <= steps:
            limbs[0, p, s, c] += money_micro[v] >> 32
            limbs[1, p, s, c] += money_micro[v] & 0xFFFFFFFF


@kernel(
    types.void(
        read_only(_i64),
        read_only(_u8),
        read_only(_i16),
        read_only(_i16),
        read_only(_i64),
        writable(_i64, 2),
        writable(_i64, 2),
        writable(_i64, 2),
    )
)
def count_people(
    entity: NDArray[np.int64],
    place: NDArray[np.uint8],
    step: NDArray[np.int16],
    cause: NDArray[np.int16],
    sojourn_ms: NDArray[np.int64],
    seen: NDArray[np.int64],
    people: NDArray[np.int64],
    elapsed_ms: NDArray[np.int64],
) -> None:
    """Count each entity once per move and once per step, and add the time of the moves.

    ``seen`` is int64[S, S + 2] filled with -1 and ``people`` has its shape: the columns are the next step,
    exit, and (last) any visit of the step, inside the chain or not; ``elapsed_ms`` is int64[S, S + 1].
    """
    steps = len(people)
    for v in range(len(step)):
        s, c = step[v], int(cause[v])
        if seen[s, steps + 1] != entity[v]:
            seen[s, steps + 1] = entity[v]
            people[s, steps + 1] += 1
        if not place[v] & IN_CHAIN or c == CENSORED:
            continue
        if c == EXIT:
            c = steps
        elapsed_ms[s, c] += sojourn_ms[v]
        if seen[s, c] != entity[v]:
            seen[s, c] = entity[v]
            people[s, c] += 1
