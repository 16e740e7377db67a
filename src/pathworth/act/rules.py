"""What may be wrong with a program: small named checks, each with its code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pathworth.act.contracts import Program, ProgramFinding
from pathworth.act.deciding.quiet import time_of_day
from pathworth.act.sending.write import faults, names_of, variables
from pathworth.act.watching.asking import Asking
from pathworth.atlas import MapDocument
from pathworth.base.durations import to_us
from pathworth.base.errors import PathworthError, UnknownName, WrongUsage
from pathworth.journeys import Kinds, Speaks, asked_of_past, check_predicate, rule_of, sketch
from pathworth.store import Snapshot

MOST_HELD_OUT = 0.9
Findings = Iterator[ProgramFinding]


@dataclass(frozen=True)
class Checked:
    """A program with what it is held against."""

    program: Program
    maps: Mapping[str, MapDocument]
    snapshot: Snapshot


def bad_id(program: Program) -> Findings:
    """BAD_PROGRAM_ID, NO_PROGRAM_NAME: a short word that stays, and a name that people read."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", program.id):
        why = f"{program.id!r} is no id of a program."
        yield _error("BAD_PROGRAM_ID", "id", why, "Use lower case, digits and hyphens.")
    if not program.name.strip():
        yield _error("NO_PROGRAM_NAME", "name", "The program has no name.", "Give it one.")


def places(checked: Checked) -> Findings:
    """UNKNOWN_MAP, UNKNOWN_STEP, STEP_WITHOUT_RULE, GOAL_IS_STEP: steps that somebody is seen to take."""
    program = checked.program
    document = checked.maps.get(program.map)
    if document is None:
        near = UnknownName.near("map", program.map, checked.maps)
        yield _error("UNKNOWN_MAP", "map", near.message, near.hint)
        return
    steps = {step.id: step for step in document.steps}
    for where, word in (("step", program.step), ("goal", program.goal)):
        if word is None:
            continue
        if word not in steps:
            near = UnknownName.near("step", word, steps)
            yield _error("UNKNOWN_STEP", where, near.message, near.hint)
        elif steps[word].rule is None:
            why = f"Nothing observed says who takes {steps[word].name}."
            yield _error("STEP_WITHOUT_RULE", where, why, "Choose a step with a rule.")
    if program.goal == program.step:
        why = "The goal is the step that gives the occasion, and so reached at once."
        yield _error("GOAL_IS_STEP", "goal", why, "Choose a later step, or none.")
    if program.goal is None:
        why = "No goal: the message also goes to people who already did what it is for."
        yield _warning("NO_GOAL", "goal", why, "Name the step that makes it pointless.")


def times(checked: Checked) -> Findings:
    """NO_STALL_TIME, STALL_TIME_UNUSED, BAD_DURATION, BAD_QUIET_HOURS: times that mean something."""
    program = checked.program
    if program.trigger == "stalls" and program.stalls_after is None:
        why = "It begins when somebody stalls, and nothing says after how long."
        yield _error("NO_STALL_TIME", "stalls_after", why, "Write stalls_after: 5d.")
    if program.trigger == "enters" and program.stalls_after is not None:
        why = "It begins when somebody enters, so stalls_after does nothing."
        yield _warning("STALL_TIME_UNUSED", "stalls_after", why, "Take it out.")
    said = [("wait", program.wait), ("too_late", program.too_late), ("cap", program.cap.within)]
    said += [("stalls_after", program.stalls_after)] if program.stalls_after else []
    said += [("again", program.again)] if program.again != "never" else []
    said += [("guardrail", program.guardrail.within)] if program.guardrail else []
    for where, text in said:
        try:
            to_us(text)
        except WrongUsage as error:
            yield _error("BAD_DURATION", where, error.message, error.hint)
    quiet = program.quiet_hours
    for where, text in (("begin", quiet.begin), ("end", quiet.end)) if quiet else ():
        if time_of_day(text) is None:
            why = f"{text!r} is no time of day."
            yield _error("BAD_QUIET_HOURS", f"quiet_hours.{where}", why, "Write 21:00.")


def restraint(checked: Checked) -> Findings:
    """NO_PURPOSE, BAD_CAP, BAD_HOLDOUT, NO_HOLDOUT, BAD_GUARDRAIL, NO_GUARDRAIL: consent, cap, comparison."""
    program = checked.program
    if not program.purpose.strip():
        why = "The program has no purpose, and consent is given for one."
        yield _error("NO_PURPOSE", "purpose", why, "Name it, for example product mail.")
    if program.cap.contacts < 1:
        why = f"At most {program.cap.contacts} contacts leave nobody to write to."
        yield _error("BAD_CAP", "cap.contacts", why, "Write at least 1.")
    if not 0 <= program.holdout <= MOST_HELD_OUT:
        why = f"{program.holdout:.0%} cannot be held out."
        yield _error("BAD_HOLDOUT", "holdout", why, "Write a share from 0 to 0.9.")
    elif program.holdout == 0:
        why = "Nobody is held out, so nothing can show whether it works."
        yield _warning("NO_HOLDOUT", "holdout", why, "Hold out 10 %.")
    rail = program.guardrail
    if rail is None:
        why = "No guardrail: mutes will not stop it."
        yield _warning("NO_GUARDRAIL", "guardrail", why, "Say how many mutes it may cost.")
    elif not 0 < rail.mutes_per_send < 1 or not 0 < rail.error < 1:
        why = "The guardrail's shares lie between 0 and 1."
        yield _error("BAD_GUARDRAIL", "guardrail", why, "Write mutes_per_send: 0.01.")


def predicates(checked: Checked) -> Findings:
    """RULE_DOES_NOT_PARSE, UNKNOWN_IN_RULE: audience, exit and mute can be answered from the data."""
    program, snapshot = checked.program, checked.snapshot
    asking = Asking(Kinds.of(sketch(snapshot)), checked.maps, snapshot.segments)
    names, rail = asking.names(program.map), program.guardrail
    said = [("exit", program.exit), ("guardrail.event", rail.event if rail else None)]
    for where, text in [*said, ("who", program.who)]:
        if not text:
            continue
        speaks: Speaks = "people" if where == "who" else "events"
        try:
            rule_of(text, asking.kinds, speaks=speaks, names=names)
            tuple(asked_of_past(text, names))
            if snapshot.events:
                check_predicate(snapshot, text, speaks=speaks, steps=names.steps)
        except UnknownName as error:
            # It may come with the first event that carries it, so it does not stop the program.
            made = _error if error.code == "UNKNOWN_SEGMENT" else _warning
            yield made("UNKNOWN_IN_RULE", where, error.message, error.hint)
        except PathworthError as error:
            yield _error("RULE_DOES_NOT_PARSE", where, error.message, error.hint)


def message(checked: Checked) -> Findings:
    """TEMPLATE_ERROR, NO_SUBJECT, NO_TEXT, NO_UNSUBSCRIBE, UNKNOWN_VARIABLE: a message that can be written."""
    program, known = checked.program, checked.snapshot.columns
    parts = {"subject": program.message.subject, "text": program.message.text}
    if program.message.html is not None:
        parts["html"] = program.message.html
    for where, source in parts.items():
        for fault in faults(source):
            why = f"The {where} cannot be written: {fault.message}."
            hint = "Mend that line; a person's values are written {{ person.name }}."
            yield _error("TEMPLATE_ERROR", f"message.{where}", why, hint, line=fault.line)
        for name, line in variables(source).items():
            if known and name not in known:
                near = UnknownName.near("column", name, [*known, *checked.snapshot.on_use])
                why = f"No event in the data carries {name}, and whoever lacks it gets nothing."
                place = f"message.{where}"
                yield _warning("UNKNOWN_VARIABLE", place, why, near.hint, line=line)
        if (
            program.channel == "email"
            and where != "subject"
            and "unsubscribe" not in names_of(source)
        ):
            why = f"The {where} has no place for the way out."
            hint = "Write {{ unsubscribe }} where its address shall stand."
            yield _error("NO_UNSUBSCRIBE", f"message.{where}", why, hint)
    if program.channel == "email" and not program.message.subject.strip():
        yield _error("NO_SUBJECT", "message.subject", "The message has no subject.", "Write one.")
    if not program.message.text.strip():
        yield _error("NO_TEXT", "message.text", "The message says nothing.", "Write what it says.")


def addresses(checked: Checked) -> Findings:
    """NO_ADDRESS_KNOWN: somebody's address is known."""
    program, known = checked.program, checked.snapshot.columns
    if known and program.channel == "email" and program.address not in known:
        why = f"No event so far carries {program.address}, so no address is known."
        hint = "Send it with an event, or name the property that holds the address."
        yield _warning("NO_ADDRESS_KNOWN", "address", why, hint)


RULES: tuple[Callable[[Checked], Findings], ...] = (
    places,
    times,
    restraint,
    predicates,
    message,
    addresses,
)


def check_program(
    program: Program, maps: Mapping[str, MapDocument], *, snapshot: Snapshot
) -> Findings:
    """Yield everything that is wrong with a program, errors and warnings.

    Parameters
    ----------
    program
        The program.
    maps
        The workspace's maps, by name.
    snapshot
        Whose columns its predicates and template speak of.
    """
    yield from bad_id(program)
    for rule in RULES:
        yield from rule(Checked(program, maps, snapshot))


def _found(level: Literal["error", "warning"]) -> Callable[..., ProgramFinding]:
    def _made(
        code: str, where: str, why: str, hint: str, *, line: int | None = None
    ) -> ProgramFinding:
        return ProgramFinding(code, level, where, why, hint, line)

    return _made


_error, _warning = _found("error"), _found("warning")
