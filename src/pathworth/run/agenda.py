"""Today: at most seven lines of what changed and what waits, each with its verb and its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pathworth import store, value
from pathworth.base.errors import PathworthError, WrongUsage
from pathworth.base.instants import to_instant_us, to_iso
from pathworth.run.answers import price
from pathworth.run.learn import experiments, now_us
from pathworth.run.plan import OVER, today_in
from pathworth.run.watched.auditing import kept_audit
from pathworth.run.workspace import Workspace

MOST = 7
SOON = timedelta(days=7)
Kind = Literal["stop", "late", "waits", "changed", "begin"]


@dataclass(frozen=True)
class TodayLine:
    """One line: what it is about, the finding, the verb, and the page where it is done.

    ``kind`` orders and colours: ``stop`` before ``late`` before ``waits`` before ``changed``; ``begin`` is the next
    step of an empty workspace, whose ``command`` does it.
    """

    id: str
    kind: Kind
    text: str
    verb: str
    link: str
    command: str | None = None


@dataclass(frozen=True)
class Today:
    """What stands on the page.

    Parameters
    ----------
    lines
        At most seven; ``more`` were left out.
    quiet
        Said when there is none.
    since
        Of the last visit; null on the first.
    now
        To be handed in as ``since`` at the next visit.
    rows
        Ids of what stands in Do next, to be handed in as what is known.
    """

    lines: tuple[TodayLine, ...]
    more: int
    quiet: str | None
    since: str | None
    now: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Visit:
    """What is known of the reader's last visit: when, and which rows stood in Do next."""

    since_us: int | None
    known: tuple[str, ...]
    at_us: int
    day: date


def today(
    workspace: Workspace,
    *,
    since: str | None = None,
    known: Sequence[str] = (),
    at_us: int | None = None,
) -> Today:
    """Say what changed since the last visit, and what waits.

    Parameters
    ----------
    workspace
        Whose.
    since
        ISO instant of the last visit; null on the first.
    known
        Ids of the rows that stood in Do next then.
    at_us
        Now, for tests.
    """
    moment = at_us or now_us()
    day = today_in(workspace.store.timezone, at_us=moment)
    since_us = _instant(since)
    visit = Visit(since_us, tuple(known), moment, day)
    found = None
    if workspace.store.snapshot().events:
        found = _price(workspace)
        lines = [line for ask in _ASKED for line in ask(workspace, visit)]
        lines += _rows(found, visit)
    else:
        lines = [*_empty()]
    order = {"begin": 0, "stop": 1, "late": 2, "waits": 3, "changed": 4}
    lines.sort(key=lambda line: order[line.kind])
    return Today(
        lines=tuple(lines[:MOST]),
        more=max(0, len(lines) - MOST),
        quiet=None if lines else "Nothing changed and nothing waits.",
        since=None if since_us is None else to_iso(since_us),
        now=to_iso(moment),
        rows=() if found is None else tuple(row.id for row in found.do_next),
    )


def _instant(since: str | None) -> int | None:
    """Return an instant of an address; one that cannot be read is no visit."""
    if not since:
        return None
    try:
        return to_instant_us(since, "UTC")
    except WrongUsage:
        return None


def _price(workspace: Workspace) -> value.Price | None:
    try:
        return price(workspace)
    except PathworthError:
        return None


def _empty() -> Iterator[TodayLine]:
    yield TodayLine(
        "import",
        "begin",
        "There are no events yet. Import a file of them; its columns are shown before anything is written.",
        "Import a file",
        "/data",
        "pathworth import FILE",
    )


def _experiments(workspace: Workspace, _: Visit) -> Iterator[TodayLine]:
    """Yield experiments that can be read, or that a guardrail stopped."""
    for one in experiments(workspace):
        link = f"/learn?experiment={one.id}"
        if one.state == "running" and one.word == "harms":
            yield TodayLine(one.id, "stop", f"{one.program}: {one.sentence}", "Stop it", link)
        elif one.state == "running" and one.word in {"works", "no effect"}:
            yield TodayLine(one.id, "waits", f"{one.program}: {one.sentence}", "Decide", link)
        elif one.state == "locked":
            said = f"The experiment {one.id} is locked and has not begun."
            yield TodayLine(one.id, "waits", said, "Begin it", link)


def _stopped(workspace: Workspace, visit: Visit) -> Iterator[TodayLine]:
    """Yield experiments that their guardrail ended since the last visit."""
    for one in store.Experiments(workspace.store).all():
        if one.ended_by == "guardrail" and _is_new(one.ended_us, visit):
            link = f"/learn?experiment={one.id}"
            yield TodayLine(one.id, "stop", f"{one.ended_why}", "Read it", link)


def _unknown(workspace: Workspace, _: Visit) -> Iterator[TodayLine]:
    """Yield deliveries of unknown fate."""
    found = store.Ledger(workspace.store).unknown()
    if found:
        many = f"{len(found):,} messages" if len(found) > 1 else f"The message to {found[0].entity}"
        said = f"{many} may have arrived: that is not known, and nothing was tried again."
        yield TodayLine("unknown", "late", said, "Settle", "/act?ledger=unknown")


def _jobs(workspace: Workspace, _: Visit) -> Iterator[TodayLine]:
    """Yield jobs whose last run failed."""
    for job in store.Jobs(workspace.store).all():
        if job.error is not None:
            said = f"{job.name[:1].upper()}{job.name[1:]} failed: {job.error}"
            yield TodayLine(f"job-{job.name}", "late", said, "Look at it", "/data")


def _audited(workspace: Workspace, _: Visit) -> Iterator[TodayLine]:
    """Yield what the newest audit says of sources whose numbers are broken now."""
    report = kept_audit(workspace)
    for source in report.sources if report else ():
        for one in source.findings:
            if one.severity == "broken" and one.until is None:
                about = f"audit-{source.source}-{one.event}-{one.value}"
                yield TodayLine(about, "late", one.sentence, "See the audit", "/data")


def _opportunities(workspace: Workspace, visit: Visit) -> Iterator[TodayLine]:
    """Yield opportunities that are due within a week, or overdue."""
    for one in store.Opportunities(workspace.store).all():
        if one.due is None or one.state in OVER:
            continue
        due = date.fromisoformat(one.due)
        if due > visit.day + SOON:
            continue
        late = due < visit.day
        title = one.expected.title.rstrip(".")
        who = f" {one.owner} has it." if one.owner else " Nobody has it."
        said = f"{title}: {_due(due, visit.day)}.{who}"
        kind: Kind = "late" if late else "waits"
        yield TodayLine(f"plan-{one.id}", kind, said, "Open it", f"/plan?opportunity={one.id}")


def _due(due: date, day: date) -> str:
    days = (due - day).days
    if days == 0:
        return "due today"
    many = f"{abs(days)} day{'s' if abs(days) > 1 else ''}"
    return f"overdue by {many}" if days < 0 else f"due in {many}"


def _assumptions(workspace: Workspace, visit: Visit) -> Iterator[TodayLine]:
    """Yield steps of a map that nobody measured and whose time is over."""
    for name in [one.name for one in workspace.store.maps()]:
        document, _ = workspace.map(name)
        for step in document.steps:
            if step.expires and step.expires[:10] < visit.day.isoformat():
                who = f" It belongs to {step.owner}." if step.owner else ""
                said = f"The assumption {step.name} expired on {step.expires[:10]}.{who}"
                link = f"/map?map={name}&step={step.id}"
                yield TodayLine(f"expired-{name}-{step.id}", "late", said, "Check it", link)


def _imports(workspace: Workspace, visit: Visit) -> Iterator[TodayLine]:
    """Yield imports since the last visit, and those undone."""
    if visit.since_us is None:
        return
    records = workspace.store.imports()
    new = [one for one in records if _is_new(_us(one.committed_at), visit)]
    accepted = sum(one.result.accepted for one in new)
    rejected = sum(one.result.rejected for one in new)
    if new:
        tail = f"; {rejected:,} rows could not be read" if rejected else ""
        said = f"{accepted:,} events came in{tail}."
        yield TodayLine("imports", "changed", said, "See the data", "/data")
    for one in records:
        if _is_new(_us(one.undone_at), visit):
            number = one.result.import_id
            said = f"Import {number} was undone: {one.result.accepted:,} events are gone."
            yield TodayLine(f"undone-{number}", "changed", said, "See the data", "/data")


def _maps(workspace: Workspace, visit: Visit) -> Iterator[TodayLine]:
    """Yield maps that have a new revision since the last visit."""
    if visit.since_us is None:
        return
    for one in workspace.store.maps():
        if _is_new(_us(one.created_at), visit):
            said = f"The map {one.name} has a new version, {one.revision}, by {one.author}."
            yield TodayLine(
                f"map-{one.name}", "changed", said, "Look at it", f"/map?map={one.name}"
            )


def _rows(found: value.Price | None, visit: Visit) -> list[TodayLine]:
    """Return what stands in Do next newly; on the first visit what stands there."""
    if found is None:
        return []
    new = [row for row in found.do_next if row.id not in visit.known]
    if not new:
        return []
    first = new[0]
    worth = f"about {found.currency} {float(f'{first.per_month:.2g}'):,.0f} a month"
    title = first.title.rstrip(".")
    if visit.since_us is None:
        more = f" {len(new) - 1} more stand below it." if len(new) > 1 else ""
        said = f"First in Do next: {title}, {worth}.{more}"
    else:
        more = f", and {len(new) - 1} more" if len(new) > 1 else ""
        said = f"New in Do next: {title}, {worth}{more}."
    return [TodayLine("do-next", "changed", said, "See the list", "/map")]


def _is_new(at_us: int | None, visit: Visit) -> bool:
    if at_us is None:
        return False
    return visit.since_us is None or at_us >= visit.since_us


def _us(text: str | None) -> int | None:
    return None if text is None else to_instant_us(text, "UTC")


_ASKED: tuple[Callable[[Workspace, Visit], Iterator[TodayLine]], ...] = (
    _experiments,
    _stopped,
    _unknown,
    _jobs,
    _audited,
    _opportunities,
    _assumptions,
    _imports,
    _maps,
)
