"""Draws the sheet of an answer with matplotlib, which only notebooks need."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt

from pathworth.measure.answers import Chart, Sheet
from pathworth.measure.drawing_flow import draw_flow

MOST_BARS = 40


def draw(sheet: Sheet, chart: Chart) -> Any:
    """Return axes with the picture of a sheet."""
    _, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    axes.set_title(sheet.title, loc="left")
    if chart.kind == "heat":
        return _heat(axes, sheet, chart)
    if chart.kind == "flow":
        return draw_flow(axes, sheet, chart=chart)
    for label, every in _series(sheet, chart):
        rows = every[:MOST_BARS] if chart.kind == "bars" else every
        if len(rows) < len(every):
            axes.set_xlabel(f"the first {len(rows)} of {len(every)}")
        for name in chart.y:
            values = [_number(row[sheet.columns.index(name)]) for row in rows]
            places = [_place(sheet, chart, row) for row in rows]
            said = " ".join(one for one in (label, name if len(chart.y) > 1 else "") if one)
            if chart.kind == "lines":
                _line(axes, places, values, whole=_whole(sheet, rows), label=said or name)
            else:
                axes.bar(places, values, label=said or name, alpha=0.75)
    axes.tick_params(axis="x", rotation=45)
    axes.set_ylim(bottom=0) if _positive(sheet, chart) else None
    if len(axes.get_legend_handles_labels()[1]) > 1:
        axes.legend(frameon=False)
    return axes


def _line(
    axes: Any, places: list[str], values: list[float], *, whole: list[bool], label: str
) -> None:
    """Draw a line, dashed with hollow points to and from what is not whole."""
    shown = [one if ok else float("nan") for one, ok in zip(values, whole, strict=True)]
    (line,) = axes.plot(places, shown, marker="o", label=label)
    for k, ok in enumerate(whole):
        near = slice(max(k - 1, 0), k + 2)
        if not ok:
            axes.plot(places[near], values[near], linestyle=":", color=line.get_color())
            axes.plot(places[k], values[k], marker="o", color=line.get_color(), fillstyle="none")


def _whole(sheet: Sheet, rows: list[tuple[Any, ...]]) -> list[bool]:
    if sheet.chart is None or sheet.chart.whole is None:
        return [True] * len(rows)
    place = sheet.columns.index(sheet.chart.whole)
    return [bool(row[place]) for row in rows]


def _heat(axes: Any, sheet: Sheet, chart: Chart) -> Any:
    places = [sheet.columns.index(name) for name in chart.y]
    cells = [[_number(row[place]) for place in places] for row in sheet.rows]
    axes.imshow(cells, aspect="auto")
    axes.set_xticks(range(len(chart.y)), chart.y, rotation=45)
    axes.set_yticks(range(len(sheet.rows)), [_place(sheet, chart, row) for row in sheet.rows])
    return axes


def _place(sheet: Sheet, chart: Chart, row: tuple[Any, ...]) -> str:
    """Return what a row is called on its axis."""
    names = (chart.x,) if isinstance(chart.x, str) else chart.x
    return " \N{RIGHTWARDS ARROW} ".join(str(row[sheet.columns.index(name)]) for name in names)


def _series(sheet: Sheet, chart: Chart) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """Return the rows of every line, by the value of the column that tells lines apart."""
    if chart.by is None:
        return [("", list(sheet.rows))]
    place = sheet.columns.index(chart.by)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in sheet.rows:
        found.setdefault(str(row[place]), []).append(row)
    return list(found.items())


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _positive(sheet: Sheet, chart: Chart) -> bool:
    return all((one or 0) >= 0 for name in chart.y for one in sheet.column(name))
