"""Money in whole micro-units of its currency, so that sums are exact in any order."""

from __future__ import annotations

MICRO = 1_000_000


def to_micro(amount: float) -> int:
    """Turn an amount in units of its currency into micro-units, rounded half away from zero."""
    return int(amount * MICRO + (0.5 if amount >= 0 else -0.5))


def from_micro(micro: float) -> float:
    """Turn micro-units into units of the currency."""
    return micro / MICRO
