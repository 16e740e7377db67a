"""What every answer can do in a notebook: a sheet of rows, Arrow, pandas, a table in HTML, a picture."""

from __future__ import annotations

import html
import importlib.util
import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import pyarrow as pa

from pathworth.base.errors import NotSupported

_OWNERS = re.compile(r"^([\d,]+ (?:sessions of [\d,]+ )?)people\b")


@dataclass(frozen=True)
class Chart:
    """How a sheet is drawn.

    Parameters
    ----------
    kind
        ``bars`` and ``lines`` over ``x``; ``heat``: ``y`` are the columns of a matrix with rows ``x``; ``flow``: moves
        between the columns ``from`` and ``to``, from a level ``x`` to the next, as thick as ``y``.
    x
        Column of the categories or times; several are said one after the other.
    y
        Columns of numbers.
    by
        Column whose values each get a line or group of bars of their own.
    whole
        Column that is false in rows which show less than there will be; lines to them are dashed.
    """

    kind: Literal["bars", "lines", "heat", "flow"]
    x: str | tuple[str, ...]
    y: tuple[str, ...]
    by: str | None = None
    whole: str | None = None


@dataclass(frozen=True)
class Sheet:
    """An answer as rows under heads, as people read it and as it is drawn."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    chart: Chart | None = None

    def column(self, name: str) -> list[Any]:
        """Return one column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def of(self, owners: str) -> Sheet:
        """Return the sheet with another word for those whose journeys it is of, such as accounts."""
        title = _OWNERS.sub(rf"\g<1>{owners}", self.title)
        heads = tuple(owners if head == "people" else head for head in self.columns)
        return replace(self, title=title, columns=heads)


class Answer:
    """The base of every answer."""

    @abstractmethod
    def sheet(self) -> Sheet:
        """Return the answer as rows under heads."""
        raise NotImplementedError

    def cells(self) -> Mapping[str, int]:
        """Return the numbers of entities whose people can be listed, by cell; none in a comparison."""
        return {}

    def to_arrow(self) -> pa.Table:
        """Return the sheet as an Arrow table."""
        sheet = self.sheet()
        return pa.table({name: pa.array(sheet.column(name)) for name in sheet.columns})

    def to_pandas(self) -> Any:
        """Return the sheet as a pandas frame.

        Raises
        ------
        NotSupported
            ``NEEDS_EXTRA`` when pandas is not installed.
        """
        _extra("pandas")
        return self.to_arrow().to_pandas()

    def plot(self) -> Any:
        """Return a picture of the sheet, axes of matplotlib.

        Raises
        ------
        NotSupported
            ``NEEDS_EXTRA`` when matplotlib is not installed, ``NO_PICTURE`` for an answer that is a table only.
        """
        sheet = self.sheet()
        if sheet.chart is None:
            raise NotSupported(
                "NO_PICTURE", f"{sheet.title} has no picture.", "Use to_arrow() or to_pandas()."
            )
        _extra("matplotlib")
        from pathworth.measure.drawing import draw

        return draw(sheet, sheet.chart)

    def _repr_html_(self) -> str:
        """Return the sheet as a table for a notebook."""
        sheet = self.sheet()
        head = "".join(f"<th>{html.escape(name)}</th>" for name in sheet.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_shown(one))}</td>" for one in row) + "</tr>"
            for row in sheet.rows
        )
        title = html.escape(sheet.title)
        return f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _shown(value: Any) -> str:
    """Return a cell as people read it."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _extra(library: str) -> None:
    if importlib.util.find_spec(library) is None:
        raise NotSupported(
            "NEEDS_EXTRA",
            f"{library} is not installed.",
            "Install it with: pip install 'pathworth[notebook]'.",
        )
