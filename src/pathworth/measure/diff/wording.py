"""A difference in words: how far B likely lies from A, or that the two cannot be told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pathworth.measure.contracts import Difference, Interval
from pathworth.measure.intervals import TOO_FEW


@dataclass(frozen=True)
class Kind:
    """How one kind of number is said: ``write`` two amounts with their unit, and the words for more and less."""

    write: Callable[[float, float], str]
    more: str = "higher"
    less: str = "lower"


def said(a: float | None, b: float | None, *, interval: Interval | None, kind: Kind) -> Difference:
    """Return a difference with what can be concluded from it.

    Parameters
    ----------
    a, b
        The number on both sides.
    interval
        Of B less A at 95 %; null when there are too few entities.
    kind
        What kind of number it is.
    """
    known = a is not None and b is not None
    difference = b - a if a is not None and b is not None else None
    if not known or interval is None:
        words = "Too few on one side to compare them."
        return Difference(a, b, difference, None, TOO_FEW, words)
    return Difference(a, b, difference, interval, None, _words(interval, kind))


def said_among(difference: Difference, *, q: float | None, rate: float, many: int) -> Difference:
    """Return one of many differences: words that claim one only where at most ``rate`` of such claims are chance.

    Parameters
    ----------
    difference
        As it would be said alone.
    q
        The share of chance among those at least as clear; null when it has no interval.
    rate, many
        The share that is allowed, and how many are looked at.
    """
    if q is None or difference.interval is None:
        return difference
    low, high = difference.interval
    words = difference.words
    if q > rate and (low > 0 or high < 0):
        words = f"Cannot tell them apart: of {many:,} compared, some differ this much by chance."
    return replace(difference, q=q, words=words)


def _words(interval: Interval, kind: Kind) -> str:
    low, high = interval
    if low == high == 0:
        return "A and B are the same here."
    if low > 0:
        return f"B is likely {kind.write(low, high)} {kind.more}."
    if high < 0:
        return f"B is likely {kind.write(-high, -low)} {kind.less}."
    down, up = kind.write(-low, -low), kind.write(high, high)
    return f"Cannot tell them apart: B lies likely between {down} {kind.less} and {up} {kind.more}."


def _range(low: float, high: float, unit: str) -> str:
    first, last = _about(low, high), _about(high, high)
    one = unit.replace("points", "point", 1) if first == last == "1" else unit
    return f"{last} {one}" if first == last else f"{first} to {last} {unit}"


def _about(number: float, scale: float) -> str:
    """Return a number as people say it: whole from ten on, else to a digit that still says something."""
    if scale >= 10:
        return f"{number:,.0f}"
    return f"{number:.1f}".removesuffix(".0") if scale >= 0.95 else f"{number:.2g}"


def _points(low: float, high: float) -> str:
    return _range(low * 100, high * 100, "points")


def _seconds(low: float, high: float) -> str:
    for length, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if high >= 2 * length:
            return _range(low / length, high / length, unit)
    return _range(low, high, "seconds")


POINTS = Kind(_points)
SECONDS = Kind(_seconds, more="longer", less="shorter")
SESSIONS = Kind(lambda low, high: _range(low, high, "sessions"), more="more", less="fewer")
MATCHES = Kind(lambda low, high: _range(low, high, "matches"), more="more", less="fewer")
EVENTS = Kind(lambda low, high: _range(low, high, "events"), more="more", less="fewer")


def periods(word: str) -> Kind:
    """Return how numbers of days, weeks or months are said."""
    return Kind(lambda low, high: _range(low, high, f"{word}s"), more="more", less="fewer")


def amounts(currency: str | None) -> Kind:
    """Return how a sum is said: money with its currency, any other number bare."""
    before = "" if currency is None else f"{currency} "

    def write(low: float, high: float) -> str:
        first, last = _about(low, high), _about(high, high)
        return f"{before}{last}" if first == last else f"{before}{first} to {last}"

    return Kind(write)
