"""Why somebody did or did not get a message: said from the ledger's row, to us and to the person."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pathworth.act.contracts import Explanation, Program
from pathworth.act.deciding.reasons import QUIET, said as in_words
from pathworth.act.document import load_program
from pathworth.act.programs import KeptProgram, maps_of, programs
from pathworth.act.sending.links import decision_of
from pathworth.base.durations import DAY_US, spoken
from pathworth.base.instants import to_iso
from pathworth.store import Consents, Decision, Ledger, Occasion, PersonStates, Programs, Workspace


def why(
    workspace: Workspace, person: str, *, program_id: str | None = None
) -> tuple[Explanation, ...]:
    """Return what was decided for a person, the newest first, and what was not and why.

    Parameters
    ----------
    workspace
        The opened workspace.
    person
        Raw id.
    program_id
        One program; null for all.
    """
    kept = {one.program.id: one for one in programs(workspace)}
    ids = workspace.whole_snapshot().ids_of(person)
    ledger, states = Ledger(workspace), PersonStates(workspace)
    rows = [row for one in ids for row in ledger.rows(program=program_id, entity=one)]
    rows.sort(key=lambda row: -row.id)
    waiting = [row for one in ids for row in states.waiting(program_id, entity=one)]
    found = [_waiting(one, kept) for one in waiting]
    found += [
        explain(workspace, row, program=kept[row.program].program)
        for row in rows
        if row.program in kept
    ]
    spoken = {one.program for one in found}
    for one in kept.values():
        asked = program_id is None or one.program.id == program_id
        if asked and one.program.id not in spoken and one.record.started_us is not None:
            found.append(_no_occasion(workspace, person, one))
    return tuple(found)


def explain(workspace: Workspace, row: Decision, *, program: Program) -> Explanation:
    """Return one row of the ledger in words, one reason first."""
    sentence, others = _sentence(workspace, row, program)
    return Explanation(
        row.program, program.name, row.entity, sentence, others, to_iso(row.decided_us), row
    )


def _sentence(workspace: Workspace, row: Decision, program: Program) -> tuple[str, tuple[str, ...]]:
    who, name = row.entity, program.name
    others = tuple(_detail(workspace, one, row, program) for one in row.reasons[1:])
    if row.action == "nothing":
        first = _detail(workspace, row.reasons[0], row, program) if row.reasons else "no reason"
        return f"Nothing was sent to {who}: {first}.", others
    waited = tuple(in_words(one) for one in row.reasons if one == QUIET)
    fates = {
        "decided": f"{name} is about to be sent to {who}.",
        "sending": f"{name} is being sent to {who} right now.",
        "delivered": f"{name} was sent to {who} on {_day(row.settled_us)}.",
        "failed": f"{name} did not reach {who}: {row.answer or 'it was refused'}.",
        "unknown": "We do not know whether this reached the mail server. It was not tried again.",
    }
    return fates.get(row.state, f"{name}: {row.state}."), waited


def _detail(workspace: Workspace, reason: str, row: Decision, program: Program) -> str:
    """Return a reason with the fact behind it."""
    match reason:
        case "cap_reached":
            cap = program.cap
            most = f"{cap.contacts} contacts in {spoken(cap.within)} is the most, and they had them"
            return f"{most}, pages and other tools included"
        case "no_consent":
            return _no_consent(workspace, row, program)
        case "program_stopped":
            return _stopped(workspace, row)
        case "goal_reached":
            step = _step(workspace, program, program.goal)
            return f"they reached {step} before it was due"
        case "suppressed":
            rest = Consents(workspace).rest_of(row.entity)
            until = f" until {_day(rest.until_us)}" if rest and rest.until_us else ""
            return f"they are left in peace{until}" + (f" ({rest.why})" if rest else "")
        case "held_out":
            return "they are in the comparison group"
        case "left_audience":
            return f"they are not in the audience ({program.who})"
    return in_words(reason)


def _no_consent(workspace: Workspace, row: Decision, program: Program) -> str:
    mine = [
        one
        for one in Consents(workspace).of(row.entity)
        if (one.channel, one.purpose) == (program.channel, program.purpose)
    ]
    withdrawn = mine and not mine[-1].given
    what = f"no consent to {program.purpose} by {program.channel}"
    return f"{what} (withdrawn {_day(mine[-1].at_us)})" if withdrawn else what


def _stopped(workspace: Workspace, row: Decision) -> str:
    record = Programs(workspace).get(row.program)
    return (
        f"the program was stopped. {record.why}".rstrip(".")
        if record.why
        else in_words("program_stopped")
    )


def _waiting(one: Occasion, kept: dict[str, KeptProgram]) -> Explanation:
    name = kept[one.program].program.name if one.program in kept else one.program
    put_off = (in_words(QUIET).replace("waited", "waits"),) if one.noted else ()
    sentence = f"Nothing was sent to {one.entity} yet: {name} decides on {_moment(one.due_us)}."
    return Explanation(one.program, name, one.entity, sentence, put_off, None)


def _no_occasion(workspace: Workspace, person: str, one: KeptProgram) -> Explanation:
    program = one.program
    step = _step(workspace, program, program.step)
    verb = "entered" if program.trigger == "enters" else "stalled in"
    since = _day(one.record.started_us)
    sentence = f"Nothing was sent to {person}: they have not {verb} {step} since {since}."
    return Explanation(program.id, program.name, person, sentence, (), None)


def step_names(workspace: Workspace, map_: str) -> dict[str, str]:
    """Return the names of a map's steps by id; empty when there is no such map."""
    document = maps_of(workspace).get(map_)
    return {one.id: one.name for one in document.steps} if document else {}


def _step(workspace: Workspace, program: Program, step: str | None) -> str:
    return step_names(workspace, program.map).get(step or "", step or "the goal")


def _day(at_us: int | None) -> str:
    if at_us is None:
        return "an unknown day"
    year, month, day = to_iso(at_us - at_us % DAY_US)[:10].split("-")
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{int(day)} {months[int(month) - 1]} {year}"


def _moment(at_us: int) -> str:
    return f"{_day(at_us)} at {to_iso(at_us)[11:16]} UTC"


@dataclass(frozen=True)
class PublicWhy:
    """What the person themselves reads: said from the same row as ours."""

    company: str
    sentence: str
    because: str
    consent: str
    used: tuple[tuple[str, str], ...]
    channel: str
    purpose: str
    unsubscribed: bool


def why_for_person(workspace: Workspace, given: str) -> PublicWhy:
    """Return why a person got a message, from the signed link in it.

    Raises
    ------
    UnknownName
        ``UNKNOWN_LINK``.
    """
    ledger = Ledger(workspace)
    row = ledger.row(decision_of(workspace, given))
    facts = json.loads(ledger.facts(row.id))
    documents = Programs(workspace).documents()
    program = load_program(documents[row.program, row.revision])
    step = _step(workspace, program, program.step)
    verb = "reached" if program.trigger == "enters" else "stayed at"
    agreed = facts.get("consent_us")
    now = Consents(workspace).now([row.entity]).get((row.entity, program.channel, program.purpose))
    return PublicWhy(
        company=workspace.path.resolve().name,
        sentence=f"You get this because you {verb} “{step}” on {_day(row.trigger_us)}.",
        because="It is meant to help you on, and ends once you have done what it is about."
        if program.goal
        else "It is sent once.",
        consent=f"You agreed to {program.purpose} by {program.channel} on {_day(agreed)}."
        if agreed
        else f"There is no consent to {program.purpose} on record.",
        used=tuple(sorted(facts.get("used", {}).items())),
        channel=program.channel,
        purpose=program.purpose,
        unsubscribed=now is None or not now.given,
    )
