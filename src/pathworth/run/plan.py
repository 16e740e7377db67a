"""The plan: opportunities accepted from Do next, with what was expected of them and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pathworth import store, value
from pathworth.base.errors import PathworthError, UnknownName, WrongUsage
from pathworth.base.instants import to_iso
from pathworth.base.money import from_micro, to_micro
from pathworth.run.answers import price
from pathworth.run.learn import now_us
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace

OVER = ("stopped", "done")


@dataclass(frozen=True)
class Worth:
    """Money a month with its interval, in units of the currency."""

    per_month: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class PlanChange:
    """One change: who changed which field when, and from what to what."""

    at: str
    by: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Opportunity:
    """An accepted opportunity; ``expected`` was locked, ``now`` is the same row asked again.

    ``now`` is null when the row no longer stands in Do next; ``happened`` says either in words. ``overdue`` holds
    while it is neither stopped nor done.
    """

    id: int
    row: str
    title: str
    because: str
    map: str
    revision: int
    snapshot: str
    step: str
    step_name: str
    to: str | None
    group: value.PropertyValue
    currency: str
    expected: Worth
    now: Worth | None
    happened: str
    state: str
    owner: str | None
    due: str | None
    overdue: bool
    note: str | None
    experiment: str | None
    accepted: str
    accepted_by: str
    history: tuple[PlanChange, ...]


def accept_opportunity(
    workspace: Workspace,
    row: str,
    *,
    map_name: str | None = None,
    selection: Selection | None = None,
    owner: str | None = None,
    due: str | None = None,
    author: str,
) -> Opportunity:
    """Accept a row of Do next: what it is worth now is locked as what is expected of it.

    Parameters
    ----------
    workspace
        Where.
    row
        Id of the row.
    map_name, selection
        Of the list that it stands in.
    owner, due
        Who does it, until which ISO date; both may be said later.
    author
        Who accepts.

    Raises
    ------
    UnknownName
        ``UNKNOWN_ROW``.
    WrongUsage
        ``BAD_DUE``.
    Refused
        ``ALREADY_ACCEPTED``.
    """
    _check_due(due)
    asked = selection or Selection()
    found = price(workspace, map_name, selection=asked)
    rows = {one.id: one for one in found.do_next}
    if row not in rows:
        raise UnknownName.near("row", row, rows)
    kept = store.Opportunities(workspace.store).accept(
        _expectation(found, rows[row], asked),
        owner=_said(owner),
        due=due or None,
        author=author,
        at_us=now_us(),
    )
    return _view(workspace, kept)


def change_opportunity(
    workspace: Workspace, number: int, *, said: Mapping[str, str | None], author: str
) -> Opportunity:
    """Change state, owner, due date, note or experiment of an opportunity; each change is kept.

    Parameters
    ----------
    workspace
        Where.
    number
        Of the opportunity.
    said
        New values by field; empty text takes one away.
    author
        Who changes.
    """
    clean = {field: _said(text) for field, text in said.items()}
    if "due" in clean:
        _check_due(clean["due"])
    if clean.get("experiment") is not None:
        store.Experiments(workspace.store).get(str(clean["experiment"]))
    kept = store.Opportunities(workspace.store).change(number, clean, author=author, at_us=now_us())
    return _view(workspace, kept)


def opportunities(workspace: Workspace) -> tuple[Opportunity, ...]:
    """Return the plan, the oldest first, each with what its row is worth now."""
    return tuple(_view(workspace, one) for one in store.Opportunities(workspace.store).all())


def today_in(timezone: str, *, at_us: int | None = None) -> date:
    """Return the calendar day in a time zone."""
    moment = datetime.fromtimestamp((at_us or now_us()) / 1_000_000, UTC)
    return moment.astimezone(ZoneInfo(timezone)).date()


def _expectation(
    found: value.Price, row: value.DoNextRow, selection: Selection
) -> store.Expectation:
    return store.Expectation(
        row=row.id,
        title=row.title,
        because=row.because,
        map=found.map,
        revision=found.revision or 0,
        selection=json.dumps(asdict(selection), sort_keys=True),
        snapshot=found.as_of.snapshot,
        seq=found.as_of.seq,
        step=row.from_,
        to=row.to,
        property=row.group.property,
        value=row.group.value,
        currency=found.currency,
        worth_micro=to_micro(row.per_month),
        low_micro=to_micro(row.interval[0]),
        high_micro=to_micro(row.interval[1]),
    )


def _view(workspace: Workspace, kept: store.OpportunityRecord) -> Opportunity:
    locked = kept.expected
    expected = Worth(
        from_micro(locked.worth_micro),
        (from_micro(locked.low_micro), from_micro(locked.high_micro)),
    )
    now, step_name, happened = _asked_again(workspace, locked, expected)
    today = today_in(workspace.store.timezone).isoformat()
    return Opportunity(
        id=kept.id,
        row=locked.row,
        title=locked.title,
        because=locked.because,
        map=locked.map,
        revision=locked.revision,
        snapshot=locked.snapshot,
        step=locked.step,
        step_name=step_name,
        to=locked.to,
        group=value.PropertyValue(locked.property, locked.value),
        currency=locked.currency,
        expected=expected,
        now=now,
        happened=happened,
        state=kept.state,
        owner=kept.owner,
        due=kept.due,
        overdue=kept.due is not None and kept.due < today and kept.state not in OVER,
        note=kept.note,
        experiment=kept.experiment,
        accepted=to_iso(kept.accepted_us),
        accepted_by=kept.accepted_by,
        history=tuple(
            PlanChange(to_iso(one.at_us), one.author, one.field, one.before, one.after)
            for one in kept.history
        ),
    )


def _asked_again(
    workspace: Workspace, locked: store.Expectation, expected: Worth
) -> tuple[Worth | None, str, str]:
    """Return what the row is worth now, its step's name, and in words what became of the expectation."""
    try:
        found = price(workspace, locked.map, selection=Selection(**json.loads(locked.selection)))
        document, _ = workspace.map(locked.map)
    except PathworthError as error:
        return None, locked.step, f"It cannot be asked again: {error.message}"
    names = {step.id: step.name for step in document.steps}
    name = names.get(locked.step, locked.step)
    row = next((one for one in found.do_next if one.id == locked.row), None)
    if row is None:
        gone = "Nothing of it stands in Do next any more"
        return None, name, f"{gone}: the gap is closed, or too small to be told from chance."
    now = Worth(row.per_month, row.interval)
    if found.as_of.seq == locked.seq and found.revision == locked.revision:
        return now, name, "No new data since it was accepted."
    return now, name, _compared(expected, now, currency=locked.currency)


def _compared(expected: Worth, now: Worth, *, currency: str) -> str:
    left = f"{currency} {_about(now.per_month):,.0f} a month are still there to be won"
    if now.interval[1] < expected.per_month:
        return f"Less is left than was expected: about {left}."
    if now.interval[0] > expected.per_month:
        return f"It has grown: about {left}."
    return f"About {left}, as was expected."


def _about(amount: float) -> float:
    return float(f"{amount:.2g}")


def _said(text: str | None) -> str | None:
    return (text or "").strip() or None


def _check_due(due: str | None) -> None:
    if not due:
        return
    try:
        date.fromisoformat(due)
    except ValueError:
        raise WrongUsage("BAD_DUE", f"{due!r} is not a day.", "Write 2026-03-01.") from None
