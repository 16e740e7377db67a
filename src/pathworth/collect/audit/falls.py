"""From when to when a share of chances was far below what it had been, tested day by day with what was known then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.collect.audit.contracts import Flags
from pathworth.collect.audit.tails import fewer

WINDOWS = (1, 2, 3, 7)
"""The last days that are looked at together: few for what stops at once, many for what is rare."""
BEFORE_DAYS = 28
"""Whole weeks, so that every day of the week is in both."""
RATE, FAMILY_DAYS = 0.05, 91
"""So often at most a source without any fault is found at fault by chance in a quarter."""
LEAST_BEFORE, LEAST_EXPECTED = 20, 3.0
FALLEN, BACK, ELSEWHERE = 0.5, 0.75, 0.7
Days = NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True)
class Fall:
    """One fall of a cell.

    Parameters
    ----------
    cell
        Which.
    first, last
        The first and the last low day; ``last`` is null while it lasts.
    seen, expected
        What came on those days, and how much was to be expected.
    usual
        The share before.
    chance
        The probability, at most, of so few by chance on the day on which it was found.
    """

    cell: int
    first: int
    last: int | None
    seen: int
    expected: float
    usual: float
    chance: float


def level_of(cells: int) -> float:
    """Return below which probability a cell is out: the rate of false alarms, over all that is tried in a quarter."""
    return RATE / (FAMILY_DAYS * len(WINDOWS) * max(cells, 1))


def flags(
    chances: Days,
    came: Days,
    *,
    level: float,
    least: float = 0.0,
    elsewhere: Days | None = None,
    there: Days | None = None,
) -> Flags:
    """Say on which days the share of cells is far below that of the four weeks before.

    Parameters
    ----------
    chances, came
        int[cells, days].
    level
        Below which probability.
    least
        The share before must be this at least.
    elsewhere, there
        The same counts elsewhere, where the share must have stayed; null where there is no elsewhere.
    """
    best = np.ones(chances.shape)
    for window in WINDOWS:
        of, seen = (_sums(one, window) for one in (chances, came))
        of_before, before = (_sums_before(one, window) for one in (chances, came))
        usual = before / np.maximum(of_before, 1)
        fit = (of_before >= LEAST_BEFORE) & (usual >= least) & (of * usual >= LEAST_EXPECTED)
        fit &= seen <= FALLEN * usual * of
        fit &= _low_for_weekdays((of, seen), (chances, came), window=window, least=least)
        if elsewhere is not None and there is not None:
            fit &= _stayed(elsewhere, there, window)
        where = np.nonzero(fit)
        found = fewer(seen[where], of[where], before=before[where], of_before=of_before[where])
        best[where] = np.minimum(best[where], found)
    return Flags(best < level, best)


def _low_for_weekdays(
    now: tuple[NDArray[np.int64], NDArray[np.int64]],
    every: tuple[Days, Days],
    *,
    window: int,
    least: float,
) -> NDArray[np.bool_]:
    """Return where a share is far below that of the same days of the week too, since weekends are quieter."""
    of_same, same = (_sums_on_weekdays(one, window) for one in every)
    usual = same / np.maximum(of_same, 1)
    low: NDArray[np.bool_] = (usual >= least) & (now[1] <= FALLEN * usual * now[0])
    return low | (of_same < LEAST_EXPECTED)


def _stayed(chances: Days, came: Days, window: int) -> NDArray[np.bool_]:
    of, seen = _sums(chances, window), _sums(came, window)
    of_before, before = _sums_before(chances, window), _sums_before(came, window)
    expected = of * before / np.maximum(of_before, 1)
    stayed: NDArray[np.bool_] = (expected >= LEAST_EXPECTED) & (seen >= ELSEWHERE * expected)
    return stayed


def _sums(values: Days, window: int) -> NDArray[np.int64]:
    """Return the sums of so many days up to each day."""
    total = np.cumsum(values, axis=1, dtype=np.int64)
    total[:, window:] -= total[:, :-window].copy()
    return total


def _sums_before(values: Days, window: int) -> NDArray[np.int64]:
    """Return the sums of the four weeks before such a window."""
    out = np.zeros(values.shape, dtype=np.int64)
    out[:, window:] = _sums(values, BEFORE_DAYS)[:, :-window]
    return out


def _sums_on_weekdays(values: Days, window: int) -> NDArray[np.int64]:
    """Return the sums of the same days of the week in the four weeks before."""
    sums, out = _sums(values, window), np.zeros(values.shape, dtype=np.int64)
    for days in range(7, BEFORE_DAYS + 1, 7):
        out[:, days:] += sums[:, :-days]
    return out


def falls(
    chances: Days,
    came: Days,
    *,
    level: float,
    least: float = 0.0,
    elsewhere: Days | None = None,
    there: Days | None = None,
) -> list[Fall]:
    """Return the falls of all cells; days of a fall are no measure of what comes after them."""
    others = {"elsewhere": elsewhere, "there": there}
    found: list[Fall] = []
    held = flags(chances, came, level=level, least=least, **others)
    for cell in np.flatnonzero(held.on.any(axis=1)).tolist():
        rows = slice(cell, cell + 1)
        of, seen = chances[rows].copy(), came[rows].copy()
        beside = {key: None if one is None else one[rows] for key, one in others.items()}
        flag = Flags(held.on[rows], held.chance[rows])
        after = 0
        while flag.on[0, after:].any():
            day = after + int(np.argmax(flag.on[0, after:]))
            fall = _fall(cell, day, of=of[0], seen=seen[0], chance=float(flag.chance[0, day]))
            found.append(fall)
            if fall.last is None:
                break
            low = slice(fall.first, fall.last + 1)
            of[:, low] = seen[:, low] = 0
            after = max(fall.last, day) + 1
            flag = flags(of, seen, level=level, least=least, **beside)
    return found


def _fall(cell: int, day: int, *, of: Days, seen: Days, chance: float) -> Fall:
    first = _begins(day, of=of, seen=seen)
    low = slice(max(0, first - BEFORE_DAYS), first)
    usual = float(seen[low].sum() / max(int(of[low].sum()), 1))
    last = _ends(day, usual, of=of, seen=seen)
    span = slice(first, len(of) if last is None else last + 1)
    return Fall(
        cell=cell,
        first=first,
        last=last,
        seen=int(seen[span].sum()),
        expected=float(usual * of[span].sum()),
        usual=usual,
        chance=chance,
    )


def _begins(day: int, *, of: Days, seen: Days) -> int:
    """Return the first low day: where two shares, before and from there on, fit the days best."""
    low = max(0, day - BEFORE_DAYS - max(WINDOWS))
    n, x = of[low : day + 1].astype(np.float64), seen[low : day + 1].astype(np.float64)
    n_after, x_after = n[::-1].cumsum()[::-1], x[::-1].cumsum()[::-1]
    fits = _fit(n_after, x_after) + _fit(n.sum() - n_after, x.sum() - x_after)
    fits[n == 0] = -np.inf
    fits[: max(1, len(n) - BEFORE_DAYS)] = -np.inf
    return low + int(np.argmax(fits))


def _fit(of: NDArray[np.float64], seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log likelihood of counts at their own share."""
    share = seen / np.maximum(of, 1.0)
    inner = np.clip(share, 1e-12, 1 - 1e-12)
    return seen * np.log(inner) + (of - seen) * np.log(1 - inner)


def _ends(day: int, usual: float, *, of: Days, seen: Days) -> int | None:
    """Return the last low day after one on which a fall was found; null while it lasts."""
    for start in range(day + 1, len(of)):
        if seen[start] < BACK * usual * of[start] or not seen[start]:
            continue
        total = np.cumsum(of[start : start + max(WINDOWS)], dtype=np.float64) * usual
        enough = int(np.searchsorted(total, LEAST_EXPECTED))
        if enough == len(total):
            continue
        if seen[start : start + enough + 1].sum() >= BACK * total[enough]:
            return start - 1
    return None
