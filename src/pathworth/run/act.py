"""Programs for the faces: as they stand, decisions in words, the calendar, and what jobs do for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pathworth import act, store
from pathworth.base.durations import DAY_US, spoken
from pathworth.base.instants import to_instant_us, to_iso
from pathworth.base.period import FOREVER_US, Period
from pathworth.run.privacy.sensitive import CODE, warnings
from pathworth.run.privacy.veil import shown_address, shown_text
from pathworth.run.workspace import Workspace, text_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Tally:
    """How the decisions of a program ended; ``held_out`` counts those that only the comparison kept back."""

    decided: int
    sent: int
    delivered: int
    on_the_way: int
    failed: int
    unknown: int
    nothing: int
    held_out: int
    waiting: int
    mutes: int


@dataclass(frozen=True)
class ProgramLine:
    """A program in the list."""

    id: str
    name: str
    state: Literal["draft", "running", "stopped"]
    why: str | None
    started: str | None
    revision: int
    sentence: str
    step_name: str
    goal_name: str | None
    channel: str
    purpose: str
    tally: Tally


@dataclass(frozen=True)
class ProgramView:
    """A program in full: its document, what is wrong with it, and why nothing was sent how often."""

    line: ProgramLine
    program: act.Program
    text: str
    author: str
    written: str
    findings: tuple[act.ProgramFinding, ...]
    reasons: tuple[act.ReasonCount, ...]
    holdout_locked: bool


@dataclass(frozen=True)
class FeedRow:
    """One decision in the feed, in words."""

    id: int
    entity: str
    program: str
    program_name: str
    decided: str
    arm: str
    action: str
    state: str
    reasons: tuple[str, ...]
    sentence: str
    others: tuple[str, ...]
    channel: str | None
    address: str | None
    answer: str | None


@dataclass(frozen=True)
class CalendarDay:
    """One program on one day of the workspace's calendar: what left, what was kept back, what is still to come."""

    day: str
    program: str
    program_name: str
    sent: int
    nothing: int
    planned: int


@dataclass(frozen=True)
class ActSettings:
    """How messages leave, whether they can, and who agreed to what; secrets are not shown."""

    channels: act.Channels
    email_ready: bool
    webhook_ready: bool
    consents: tuple[store.ConsentCount, ...]


def act_programs(workspace: Workspace) -> tuple[ProgramLine, ...]:
    """Return every program, running ones first."""
    tallies = _tallies(workspace)
    lines = [_line(workspace, one, tallies) for one in act.programs(workspace.store)]
    order = {"running": 0, "draft": 1, "stopped": 2}
    return tuple(sorted(lines, key=lambda one: (order[one.state], one.name)))


def act_program(workspace: Workspace, program: str) -> ProgramView:
    """Return one program in full; raises ``UNKNOWN_PROGRAM``."""
    kept = act.program(workspace.store, program)
    counts: Counter[str] = Counter()
    for one in store.Ledger(workspace.store).counts():
        if one.program == program and one.action == "nothing" and one.reasons:
            counts[one.reasons[0]] += one.count
    return ProgramView(
        line=_line(workspace, kept, _tallies(workspace)),
        program=kept.program,
        text=act.dump_program(kept.program),
        author=kept.record.author,
        written=kept.record.created_at,
        findings=(*act.check(workspace.store, kept.program), *_sensitive(workspace, kept.program)),
        reasons=tuple(act.ReasonCount(c, act.said(c), n) for c, n in counts.most_common()),
        holdout_locked=kept.record.started_us is not None,
    )


def _sensitive(workspace: Workspace, program: act.Program) -> Iterator[act.ProgramFinding]:
    """Yield what the author of a program should know of the columns that its rules read."""
    event = program.guardrail.event if program.guardrail else None
    for where, rule in (("who", program.who), ("exit", program.exit), ("guardrail", event)):
        for told in warnings(workspace.store, rule, of=f"the program {program.id!r}"):
            yield act.ProgramFinding(
                CODE, "warning", where, told, "Choose people by what they did, or know why not."
            )


def save_program(workspace: Workspace, file: Path) -> ProgramView:
    """Keep a program file as the next revision of the program that it names."""
    kept = act.save_program(workspace.store, text_of(file), author="file")
    return act_program(workspace, kept.program.id)


def decisions(
    workspace: Workspace,
    *,
    program: str | None = None,
    person: str | None = None,
    state: str | None = None,
    limit: int = 50,
) -> tuple[FeedRow, ...]:
    """Return the newest decisions in words, of one program, person or state, or of all."""
    rows = store.Ledger(workspace.store).rows(
        program=program, entity=person, state=state, limit=limit, newest_first=True
    )
    return _told(workspace, rows)


def unknown_messages(workspace: Workspace) -> tuple[FeedRow, ...]:
    """Return messages of unknown fate that nobody settled."""
    return _told(workspace, store.Ledger(workspace.store).unknown())


def settle_unknown(workspace: Workspace, row: int, *, again: bool, by: str) -> FeedRow:
    """Send a message of unknown fate again, or leave it; raises ``UNKNOWN_DECISION``, ``NOT_UNKNOWN``."""
    ledger = store.Ledger(workspace.store)
    return _told(workspace, [ledger.resolve(row, again=again, by=by, at_us=_now())])[0]


def calendar(workspace: Workspace, *, days_back: int = 14) -> tuple[CalendarDay, ...]:
    """Return what left, what was kept back and what is still to come, by day and program."""
    zone, now = ZoneInfo(workspace.store.timezone), _now()
    names = {one.program.id: one.program.name for one in act.programs(workspace.store)}
    sent: Counter[tuple[str, str]] = Counter()
    nothing: Counter[tuple[str, str]] = Counter()
    planned: Counter[tuple[str, str]] = Counter()
    for row in store.Ledger(workspace.store).rows(since_us=now - days_back * DAY_US):
        counted = sent if row.action == "send" else nothing
        counted[_day(row.decided_us, zone), row.program] += 1
    for one in store.PersonStates(workspace.store).waiting(limit=100_000):
        planned[_day(max(one.due_us, now), zone), one.program] += 1
    keys = sorted(sent.keys() | nothing.keys() | planned.keys())
    return tuple(
        CalendarDay(
            day, program, names.get(program, program),
            sent[day, program], nothing[day, program], planned[day, program],
        )
        for day, program in keys
    )  # fmt: skip


def act_settings(workspace: Workspace) -> ActSettings:
    """Return how messages leave and who agreed to what."""
    found = act.channels(workspace.store)
    return ActSettings(
        channels=act.shown_channels(workspace.store),
        email_ready=act.ready(found, "email"),
        webhook_ready=act.ready(found, "webhook"),
        consents=store.Consents(workspace.store).counts(),
    )


def why(
    workspace: Workspace, person: str, *, program: str | None = None
) -> tuple[act.Explanation, ...]:
    """Return why a person did or did not get something: the newest first, one reason first."""
    return act.why(workspace.store, person, program_id=program)


def rehearse(
    workspace: Workspace,
    program: act.Program | str,
    *,
    from_: str | None = None,
    to: str | None = None,
) -> act.Rehearsal:
    """Return what a program would have decided in a period; nothing is written."""
    zone = workspace.store.timezone
    if from_ is None and to is None:
        return act.rehearse(workspace.store, program)
    period = Period(
        -FOREVER_US if from_ is None else to_instant_us(from_, zone),
        FOREVER_US if to is None else to_instant_us(to, zone),
    )
    return act.rehearse(workspace.store, program, period=period)


def let_rest(workspace: Workspace, person: str, *, why: str, days: int | None) -> None:
    """Leave a person in peace, for so many days or for good."""
    until = None if days is None else _now() + days * DAY_US
    act.let_rest(workspace.store, person, why=why, until_us=until)


def prepare(workspace: Workspace) -> None:
    """Make columns of what running programs ask about, before the next event needs them."""
    act.prepare(workspace.store)


def decide(workspace: Workspace) -> str:
    """Decide what is due, as a job does it; say what was done."""
    rows = act.decide_due(workspace.store)
    sends = sum(1 for one in rows if one.action == "send")
    return f"{len(rows)} decided, {sends} of them to be sent." if rows else "Nothing was due."


def deliver(workspace: Workspace) -> str:
    """Send what was decided, as a job does it; say what was done."""
    count = act.deliver(workspace.store, act.sender_of(workspace.store))
    return f"{count} messages." if count else "Nothing to send."


def _told(
    workspace: Workspace, rows: tuple[store.Decision, ...] | list[store.Decision]
) -> tuple[FeedRow, ...]:
    kept = {one.program.id: one.program for one in act.programs(workspace.store)}
    found = []
    for row in rows:
        said = act.explain(workspace.store, row, program=kept[row.program])
        found.append(
            FeedRow(
                id=row.id,
                entity=row.entity,
                program=row.program,
                program_name=said.program_name,
                decided=to_iso(row.decided_us),
                arm=row.arm,
                action=row.action,
                state=row.state,
                reasons=row.reasons,
                sentence=said.sentence,
                others=said.others,
                channel=row.channel,
                address=shown_address(row.address),
                answer=None if row.answer is None else shown_text(row.answer),
            )
        )
    return tuple(found)


def _line(workspace: Workspace, kept: act.KeptProgram, tallies: dict[str, Tally]) -> ProgramLine:
    program, record = kept.program, kept.record
    steps = act.step_names(workspace.store, program.map)
    step = steps.get(program.step, program.step)
    goal = None if program.goal is None else steps.get(program.goal, program.goal)
    return ProgramLine(
        id=program.id,
        name=program.name,
        state=record.state,
        why=record.why,
        started=None if record.started_us is None else to_iso(record.started_us),
        revision=record.revision,
        sentence=_sentence(program, step),
        step_name=step,
        goal_name=goal,
        channel=program.channel,
        purpose=program.purpose,
        tally=tallies.get(program.id, Tally(*([0] * 10))),
    )


def _sentence(program: act.Program, step: str) -> str:
    if program.trigger == "stalls":
        begin = f"When somebody stays at “{step}” for {spoken(program.stalls_after or '?')}"
    else:
        begin = f"When somebody enters “{step}”"
    wait = "" if program.wait in {"0m", "0s", "0h", "0d"} else f", after {spoken(program.wait)}"
    return f"{begin}{wait}: {'a mail' if program.channel == 'email' else 'a webhook'}."


def _tallies(workspace: Workspace) -> dict[str, Tally]:
    waiting = store.PersonStates(workspace.store).waiting_count()
    ledger = store.Ledger(workspace.store)
    counts: dict[str, Counter[str]] = {}
    for one in ledger.counts():
        counted = counts.setdefault(one.program, Counter())
        counted["all"] += one.count
        counted[one.action] += one.count
        counted[one.state] += one.count
        if set(one.reasons) <= {"held_out", "quiet_hours"} and one.arm == "held out":
            counted["held"] += one.count
    return {
        program: Tally(
            decided=counted["all"],
            sent=counted["send"],
            delivered=counted["delivered"],
            on_the_way=counted["decided"] + counted["sending"],
            failed=counted["failed"],
            unknown=counted["unknown"],
            nothing=counted["nothing"],
            held_out=counted["held"],
            waiting=waiting.get(program, 0),
            mutes=ledger.sends_and_mutes(program, since_us=0)[1],
        )
        for program in {*counts, *waiting}
        for counted in [counts.get(program, Counter())]
    }


def _day(at_us: int, zone: ZoneInfo) -> str:
    return (_EPOCH + timedelta(microseconds=at_us)).astimezone(zone).date().isoformat()


def _now() -> int:
    return (datetime.now(UTC) - _EPOCH) // timedelta(microseconds=1)
