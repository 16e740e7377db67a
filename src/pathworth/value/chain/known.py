"""What a part's events say: their step, their net money, the contract they pay for, the persona they name."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import WrongUsage
from pathworth.base.instants import to_instant_us
from pathworth.journeys import Part, Step, step_codes
from pathworth.value.chain.period import DAY_US
from pathworth.value.chain.plan import Plan

NOT_SAID = -(2**63)


def coded(part: Part, plan: Plan) -> NDArray[np.int16]:
    """Return the place in the map of every selected event's step, -1 for noise and for no step."""
    codes = plan.places[step_codes(part, plan.ruled)]
    noise = [k for k, name in enumerate(part.snapshot.names) if name in plan.document.noise]
    if noise:
        low, high = int(part.offset[0]), int(part.offset[-1])
        codes[np.isin(part.shard.name[low:high], noise)] = -1
    return codes


def matching(part: Part, rule: str) -> NDArray[np.bool_]:
    """Return which selected events of the part fulfil a rule."""
    found: NDArray[np.bool_] = step_codes(part, (Step("matching", rule),)) == 0
    return found


def net_money(part: Part) -> NDArray[np.int64]:
    """Return the net money of every selected event of the part, in micro-units."""
    low, high = int(part.offset[0]), int(part.offset[-1])
    if high == low:
        return np.empty(0, np.int64)
    columns = part.shard.columns
    net = columns["value"][low:high] - columns["cost"][low:high]
    return np.where(part.keep[low:high] > 0, net, 0) if part.keep.size else net


def earned(part: Part, plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return net money without the contract's payments, and who pays for a contract older than the data."""
    net = net_money(part)
    older = np.zeros(part.last - part.first, np.uint8)
    contract = plan.document.contract
    if contract is None:
        return net, older
    pays = matching(part, contract.payments)
    if contract.since is not None:
        rows = np.flatnonzero(pays)
        whose = np.searchsorted(part.offset - part.offset[0], rows, side="right") - 1
        since = since_us(part, contract.since)[rows]
        begins = part.shard.time_us[part.offset[whose]]
        older[whose[(since > -(2**62)) & (since < begins - DAY_US)]] = 1
    return np.where(pays, 0, net), older


def since_us(part: Part, column: str) -> NDArray[np.int64]:
    """Return the contract's first day on every event of the part; the smallest int64 where it is not said."""
    low, high = int(part.offset[0]), int(part.offset[-1])
    info = part.snapshot.columns.get(column)
    if info is None or column not in part.shard.columns:
        return np.full(high - low, NOT_SAID, np.int64)
    values = part.shard.columns[column][low:high]
    if info.kind == "time":
        return values
    found: NDArray[np.int64] = _days(info.values, part.snapshot.timezone)[values]
    return found


@lru_cache(maxsize=8)
def _days(values: tuple[str, ...], timezone: str) -> NDArray[np.int64]:
    """Return the instant of each code of a text column of dates; what is no date is not said."""
    return np.array([NOT_SAID, *(_instant(text, timezone) for text in values)], np.int64)


def _instant(text: str, timezone: str) -> int:
    try:
        return to_instant_us(text, timezone)
    except WrongUsage:
        return NOT_SAID


def persona_codes(part: Part, column: str | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each entity's first known persona code (0 unknown) and the event of the part that says it.

    A trait without a column of its name is taken as known from the beginning.
    """
    n = part.last - part.first
    nothing = np.zeros(n, np.int64)
    if column is None:
        return nothing, nothing
    offset = part.offset - part.offset[0]
    if column in part.snapshot.columns and column in part.shard.columns:
        low, high = int(part.offset[0]), int(part.offset[-1])
        codes = _codes(part.shard.columns[column][low:high], part.snapshot.columns[column].kind)
        rows = np.flatnonzero(codes)
        whose, firsts = np.unique(
            np.searchsorted(offset, rows, side="right") - 1, return_index=True
        )
        nothing[whose] = codes[rows[firsts]]
        since = offset[1:].copy()
        since[whose] = rows[firsts]
        return nothing, since
    if column in part.snapshot.traits and column in part.shard.traits:
        codes = _codes(
            part.shard.traits[column][part.first : part.last], part.snapshot.traits[column].kind
        )
        return codes, offset[:-1].copy()
    return nothing, offset[1:].copy()


def _codes(values: NDArray, kind: str) -> NDArray[np.int64]:
    """Return codes with 0 for null; numbers, money and times make no persona."""
    if kind == "text":
        return values.astype(np.int64)
    if kind == "flag":
        flags: NDArray[np.int64] = np.where(values == 2, 0, values.astype(np.int64) + 1)
        return flags
    return np.zeros(len(values), np.int64)
