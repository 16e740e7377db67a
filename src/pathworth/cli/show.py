"""How answers leave: one JSON object on stdout, or a table for people; everything else goes to stderr."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from pathworth import run
from pathworth.base.errors import PathworthError
from pathworth.base.json import to_json, to_text

if TYPE_CHECKING:
    from pathworth.measure import Answer
    from pathworth.run import PeoplePage

out = Console(highlight=False)
log = Console(stderr=True, highlight=False)

MOST_ROWS = 40

ProgressCall = Callable[[str, float], None]
_SECONDS, _CLEARED = 5.0, "\r\x1b[2K"


def json(answer: Any) -> None:
    """Print an answer as one JSON object."""
    sys.stdout.write(to_text(to_json(answer)) + "\n")


def answer(found: Answer, *, as_json: bool, owners: str = "people") -> None:
    """Print an answer of measure, as JSON or as its sheet; ``owners`` are those whose journeys it is of."""
    if as_json:
        json(found)
        return
    sheet = found.sheet().of(owners)
    table(sheet.title, sheet.columns, sheet.rows[:MOST_ROWS])
    if len(sheet.rows) > MOST_ROWS:
        log.print(f"{len(sheet.rows) - MOST_ROWS} more rows are not shown; --json has them all.")


def people(page: PeoplePage, *, as_json: bool, owners: str = "people") -> None:
    """Print a page of people, or of what else has journeys."""
    if as_json:
        json(page)
        return
    rows = ((one.id, one.events, one.first, one.last) for one in page.people)
    table(f"{page.count:,} {owners}", ("id", "events", "first", "last"), rows)


def error(found: PathworthError) -> None:
    """Print what happened and what to do, with the code that programs match on."""
    if log.is_terminal:
        log.file.write(_CLEARED)
    log.print(f"[bold]{found.code}[/bold] ", end="")
    log.print(found.message, markup=False, soft_wrap=True)
    log.print(found.hint, markup=False, soft_wrap=True)


def table(title: str, heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print rows under heads; numbers stand to the right."""
    sheet = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    lines = [tuple(row) for row in rows]
    for place, head in enumerate(heads):
        numeric = all(isinstance(line[place], int | float) for line in lines) and bool(lines)
        sheet.add_column(head, justify="right" if numeric else "left", overflow="fold")
    for line in lines:
        sheet.add_row(*(cell(one) for one in line))
    out.print(sheet)


def cell(value: Any) -> str:
    """Return one cell as people read it."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


class ColumnsTold(logging.Handler):
    """Shows on stderr how far a column is that is made because a question is the first to need it."""

    def __init__(self) -> None:
        super().__init__()
        self._said = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Write over one line of a terminal; elsewhere a line at the beginning, every few seconds and at the end."""
        line = f"{record.__dict__['what']}: {record.__dict__['share']:.0%}"
        ends = record.__dict__["share"] in {0.0, 1.0}
        if log.is_terminal:
            log.file.write(_CLEARED if line.endswith("100%") else f"{_CLEARED}{line}")
            log.file.flush()
        elif ends or time.monotonic() - self._said > _SECONDS:
            self._said = time.monotonic()
            log.print(line, markup=False)


def tell_columns() -> None:
    """Show from now on how far columns are that are made on use."""
    told = logging.getLogger("pathworth.columns")
    told.setLevel(logging.INFO)
    told.addHandler(ColumnsTold())


def asking(opened: run.Workspace, work: Callable[[], Any]) -> Any:
    """Ask a question, under a progress bar where a cluster answers it."""
    engine = opened.engine
    if not isinstance(engine, run.ClusterEngine):
        return work()

    def told(tell: ProgressCall | None) -> Any:
        engine.tell = tell
        try:
            return work()
        finally:
            engine.tell = None

    return with_progress(told)


def with_progress(work: Callable[[ProgressCall | None], Any]) -> Any:
    """Run work under a progress bar on a terminal, silently elsewhere.

    Parameters
    ----------
    work
        Takes a function of (what is being done, share done from 0 to 1).
    """
    if not log.is_terminal:
        return work(None)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=log, transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def tell(what: str, done: float) -> None:
            bar.update(task, description=what, completed=done)

        return work(tell)
