"""How a page writes a number, so that a test can look for it."""

from __future__ import annotations

import math
from typing import Any

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "": ""}


def two_digits(value: float) -> float:
    """Round half away from zero to two significant digits, as the reader's locale does."""
    if value == 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    return math.copysign(math.floor(abs(value) / unit + 0.5) * unit, value)


def about_money(value: float, currency: str) -> str:
    """Write money as the face does: two significant digits from ten on, cents below."""
    sign = SIGNS[currency]
    minus = "\N{MINUS SIGN}" if value < 0 else ""
    size = abs(value)
    if size < 10:
        return f"{minus}{sign}{size:.2f}" if size else f"{sign}0"
    return f"{minus}{sign}{two_digits(size):,.0f}"


def count(value: float) -> str:
    """Write a count: whole, one decimal below ten when it is not."""
    if abs(value) < 10 and value != int(value):
        text = f"{math.floor(value * 10 + 0.5) / 10:.1f}"
        return text.removesuffix(".0")
    return f"{math.floor(value + 0.5):,}"


def percent(share: float) -> str:
    """Write a share: whole per cent, one decimal below one per cent."""
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0 < abs(share) < 0.01:
        return f"{math.floor(share * 1000 + 0.5) / 10:.1f}".removesuffix(".0") + "%"
    return f"{math.floor(share * 100 + 0.5)}%"


def signs(text: str, currency: str) -> str:
    """Write the amounts of a sentence with the currency's sign."""
    return text.replace(f"{currency} ", SIGNS[currency]) if currency else text


def shown_losses(price: dict[str, Any]) -> dict[str, float]:
    """Return the money that each card carries: over 2 % of all, recoverable where that is known."""
    steps = price["steps"]
    key = (
        "mendable_per_month"
        if any((s["mendable_per_month"] or 0) > 0 for s in steps)
        else "lost_per_month"
    )
    total = sum(max(0.0, s[key] or 0.0) for s in steps)
    return {s["id"]: s[key] for s in steps if total > 0 and (s[key] or 0.0) > 0.02 * total}


def has_money(picture: dict[str, Any]) -> bool:
    """Whether anything on the map has a price."""
    return any(one["arrow"]["per_month"] is not None for one in picture["arrows"])
