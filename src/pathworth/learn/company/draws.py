"""Random numbers by counter: who, which move, for what, which of several; never by order of asking."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from pathworth.kernels.philox import philox_pairs

Floats = NDArray[np.float64]


class Purpose(IntEnum):
    """What a number is drawn for; part of the counter, so that one use never shifts another."""

    PERSONA = 1
    LEDGER = 3
    TOUR = 4
    COUNTRY = 5
    HINTS = 6
    IDENTITY = 8
    MOVE = 9
    HOLD = 10
    EXPIRY = 11
    RESTART = 12
    RETURN = 13
    PLAN = 14
    LAST_VIEW = 15
    VIEW_PLACE = 16
    GAP = 17
    TRACE = 18
    OPENING = 19
    OPENING_PERSONA = 20
    LIFE = 21
    LIFE_TIME = 22
    CHAMPION = 23
    PAYMENT = 24
    SEATS = 25
    USE_COUNT = 26
    USE = 27
    CLOSE = 28
    ACCEPT = 30
    ACCEPT_TIME = 31
    COLLEAGUES = 32
    REACTIVATE = 33
    REFER = 34
    ONCE_MORE = 35
    NOISE = 36
    RENAME = 37
    READING = 38
    READING_TIME = 39
    MUTE = 40
    CONSENT = 41
    OWN_MAIL = 42
    DEVICE = 43
    DEVICE_DAY = 44
    KIOSK = 45
    SKEW = 46
    STRANGER = 47
    MESSAGE = 48
    DEAL = 49
    TICKET = 50
    SURVEY = 51
    MAIL = 52
    INVOICE = 53
    SPEND = 54
    SEARCH = 55
    VOICE = 56
    EMISSION = 100


@dataclass(frozen=True)
class Draws:
    """The stream of one seed.

    Parameters
    ----------
    seed
        0 up to 2^63; the key of Philox4x32-10.
    """

    seed: int

    def words(
        self, who: NDArray, purpose: int, *, place: NDArray | int = 0, index: NDArray | int = 0
    ) -> NDArray[np.uint64]:
        """Return uint64[2, n]: two raw numbers for each counter."""
        n = len(who)
        out = np.empty((2, n), dtype=np.uint64)
        philox_pairs(
            self.seed,
            np.ascontiguousarray(who, dtype=np.uint32),
            _column(place, n),
            _column(index, n),
            purpose,
            out,
        )
        return out

    def pair(
        self, who: NDArray, purpose: int, *, place: NDArray | int = 0, index: NDArray | int = 0
    ) -> Floats:
        """Return float64[2, n]: two independent numbers in [0, 1) for each counter."""
        words = self.words(who, purpose, place=place, index=index)
        return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def normal(
        self, who: NDArray, purpose: int, *, place: NDArray | int = 0, index: NDArray | int = 0
    ) -> Floats:
        """Return one standard normal number for each counter (Box and Muller, numpy's own functions)."""
        one, two = self.pair(who, purpose, place=place, index=index)
        out: Floats = np.sqrt(-2.0 * np.log(1.0 - one)) * np.cos(2.0 * np.pi * two)
        return out


def _column(value: NDArray | int, n: int) -> NDArray[np.uint32]:
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(value, dtype=np.uint32)
    return np.full(n, value, dtype=np.uint32)


def pick(shares: NDArray, chance: Floats) -> NDArray[np.int64]:
    """Return which of the shares each chance falls into.

    Parameters
    ----------
    shares
        float64[k] for all, or float64[n, k] for each; the last takes what rounding leaves.
    chance
        float64[n] in [0, 1).
    """
    edges = np.cumsum(shares, axis=-1)[..., :-1]
    place: NDArray[np.int64] = (chance[:, None] >= edges).sum(axis=1)
    return place


def poisson_edges(rate: float) -> Floats:
    """Return the distribution function of a Poisson count, up to where it is 1 within 1e-13."""
    term = np.exp(np.float64(-rate))
    edges = [term]
    while edges[-1] < 1 - 1e-13 and len(edges) < rate + 20 * np.sqrt(rate) + 20:
        term = term * rate / len(edges)
        edges.append(edges[-1] + term)
    return np.array(edges)
