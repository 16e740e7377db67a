"""Draws moves from level to level: bars for states, bands for moves, both as tall as they are common."""

from __future__ import annotations

from typing import Any

import numpy as np

from pathworth.measure.answers import Chart, Sheet

_GAP = 0.02
_BAR = 0.08
_MOST_NAMED = 60
"""Above so many bars only the tallest are named."""

Bar = tuple[int, str]


def draw_flow(axes: Any, sheet: Sheet, *, chart: Chart) -> Any:
    """Draw the columns ``from`` and ``to`` of a sheet with their levels into axes, and return these."""
    columns = (str(chart.x), "from", "to", chart.y[0])
    moves = [
        ((int(level), str(here)), (int(level) + 1, str(there)), float(n))
        for level, here, there, n in zip(*map(sheet.column, columns), strict=True)
    ]
    bars = _stacked(_heights(moves))
    out, into = ({bar: low for bar, (low, _) in bars.items()} for _ in range(2))
    for here, there, n in moves:
        low, high = out[here], into[there]
        out[here], into[there] = low + n, high + n
        if not (_absent(here) or _absent(there)):
            _band(axes, here[0] + _BAR, there[0] - _BAR, edges=((low, n), (high, n)))
    named = sorted(bars, key=lambda bar: bars[bar][0] - bars[bar][1])[:_MOST_NAMED]
    for bar, (low, high) in bars.items():
        if _absent(bar):
            continue
        axes.bar(bar[0], high - low, 2 * _BAR, low, color="C0")
        if bar in named:
            axes.text(bar[0], (low + high) / 2, bar[1], ha="center", va="center", fontsize=7)
    axes.set_xticks(sorted({level for level, name in bars if not _absent((level, name))}))
    axes.set_xlabel(chart.x)
    axes.set_ylabel(chart.y[0])
    return axes


def _absent(bar: Bar) -> bool:
    """Return whether a bar only says why walks stop."""
    return bar[1].startswith("(")


def _heights(moves: list[tuple[Bar, Bar, float]]) -> dict[Bar, float]:
    """Return how tall each bar is: all that comes in or all that goes out, whichever is more."""
    totals: tuple[dict[Bar, float], dict[Bar, float]] = ({}, {})
    for here, there, n in moves:
        for total, bar in zip(totals, (here, there), strict=True):
            total[bar] = total.get(bar, 0.0) + n
    every = sorted({*totals[0], *totals[1]})
    return {bar: max(total.get(bar, 0.0) for total in totals) for bar in every}


def _stacked(heights: dict[Bar, float]) -> dict[Bar, tuple[float, float]]:
    """Return where each bar begins and ends, the tallest of a level at the bottom."""
    top: dict[int, float] = {}
    gap = _GAP * max(heights.values(), default=0.0)
    found = {}
    for bar in sorted(heights, key=lambda bar: (bar[0], _absent(bar), -heights[bar])):
        low = top.get(bar[0], 0.0)
        found[bar] = (low, low + heights[bar])
        top[bar[0]] = low + heights[bar] + gap
    return found


def _band(
    axes: Any, left: float, right: float, *, edges: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    """Draw a move as a band between two bars; edges are (lower end, height) at both."""
    (low, height), (far, tall) = edges
    along = np.linspace(0, 1, 30)
    turn = along * along * (3 - 2 * along)
    x = left + (right - left) * along
    bottom = low + (far - low) * turn
    axes.fill_between(x, bottom, bottom + height + (tall - height) * turn, alpha=0.25, color="C0")
