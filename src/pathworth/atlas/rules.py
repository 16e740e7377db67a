"""What may be wrong with a map by itself: small named checks, each with its code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from pathworth.atlas.contracts import Finding, MapDocument
from pathworth.base.durations import to_us
from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.base.predicate import character_of, parse

MOST_STEPS, READABLE_STEPS = 64, 12
RESERVED = ("exit", "start")
Findings = Iterator[Finding]


def no_steps(document: MapDocument) -> Findings:
    """NO_STEPS: a map needs one."""
    if not document.steps:
        yield _error("NO_STEPS", "steps", "The map has no step.", "Write one, or discover a map.")


def duplicate_steps(document: MapDocument) -> Findings:
    """DUPLICATE_STEP, DUPLICATE_NAME: ids are unique; two steps of one name cannot be told apart."""
    for word, times in Counter(step.id for step in document.steps).items():
        if times > 1:
            why = f"{times} steps have the id {word}."
            yield _error("DUPLICATE_STEP", f"steps.{word}", why, "Give each its own id.")
    for name, times in Counter(step.name for step in document.steps).items():
        if times > 1:
            why = f"{times} steps are called {name!r}."
            yield _warning("DUPLICATE_NAME", "steps", why, "Give each its own name.")


def reserved_steps(document: MapDocument) -> Findings:
    """RESERVED_STEP: arrows already mean something by these words."""
    for step in document.steps:
        if step.id in RESERVED:
            why = f"{step.id} already stands for where journeys end or begin."
            yield _error("RESERVED_STEP", f"steps.{step.id}", why, "Choose another id.")


def too_many_steps(document: MapDocument) -> Findings:
    """TOO_MANY_STEPS, CROWDED_MAP: more than can be counted, or than can be read in a minute."""
    count = len(document.steps)
    if count > MOST_STEPS:
        why = f"The map has {count} steps, the limit is {MOST_STEPS}."
        yield _error("TOO_MANY_STEPS", "steps", why, "Join steps that one decision concerns.")
    elif count > READABLE_STEPS:
        why = f"The map has {count} steps; {READABLE_STEPS} can be read in a minute."
        yield _warning("CROWDED_MAP", "steps", why, "Join steps that one decision concerns.")


def unknown_stages(document: MapDocument) -> Findings:
    """UNKNOWN_STAGE, DUPLICATE_STAGE, EMPTY_STAGE: stages are columns, and each has steps."""
    for step in document.steps:
        if step.stage is not None and step.stage not in document.stages:
            near = UnknownName.near("stage", step.stage, document.stages)
            yield _error("UNKNOWN_STAGE", f"steps.{step.id}.stage", near.message, near.hint)
    used = {step.stage for step in document.steps}
    for stage, times in Counter(document.stages).items():
        if times > 1:
            why = f"The stage {stage} is listed {times} times."
            yield _error("DUPLICATE_STAGE", "stages", why, "List it once.")
        if stage not in used:
            why = f"No step stands under {stage}."
            yield _warning("EMPTY_STAGE", "stages", why, "Take it off, or put a step under it.")


def rules_that_do_not_parse(document: MapDocument) -> Findings:
    """RULE_DOES_NOT_PARSE: at its character."""
    for where, rule in written_rules(document):
        try:
            parse(rule)
        except WrongUsage as error:
            at = character_of(error)
            yield Finding("RULE_DOES_NOT_PARSE", "error", where, error.message, error.hint, at=at)


def written_rules(document: MapDocument) -> Iterator[tuple[str, str]]:
    """Yield every rule of a map with its place in the document."""
    for step in document.steps:
        if step.rule is not None:
            yield f"steps.{step.id}.rule", step.rule
        for sign in step.signs:
            yield f"steps.{step.id}.signs.{sign.name}", sign.rule
    if document.contract is not None:
        yield "contract.payments", document.contract.payments


def duplicate_signs(document: MapDocument) -> Findings:
    """DUPLICATE_SIGN: two signs of one name in a step cannot be told apart."""
    for step in document.steps:
        for name, times in Counter(sign.name for sign in step.signs).items():
            if times > 1:
                why = f"{times} signs of {step.name} are called {name!r}."
                yield _error("DUPLICATE_SIGN", f"steps.{step.id}.signs", why, "Name them apart.")


def same_rules(document: MapDocument) -> Findings:
    """SAME_RULE: the first of two equal rules takes every event."""
    seen: dict[str, str] = {}
    for step in document.steps:
        if step.rule is not None and step.rule in seen:
            why = f"{step.name} has the rule of {seen[step.rule]}, which takes every event first."
            yield _warning("SAME_RULE", f"steps.{step.id}.rule", why, "Change one of the two.")
        elif step.rule is not None:
            seen[step.rule] = step.name


def contract_steps(document: MapDocument) -> Findings:
    """CONTRACT_STEP_UNKNOWN: the contract begins at a step of the map."""
    known = [step.id for step in document.steps]
    if document.contract is not None and document.contract.step not in known:
        near = UnknownName.near("step", document.contract.step, known)
        yield _error("CONTRACT_STEP_UNKNOWN", "contract.step", near.message, near.hint)


def no_entry(document: MapDocument) -> Findings:
    """NO_ENTRY: people must come from somewhere."""
    if document.steps and not any(step.entry for step in document.steps):
        why = "No step says that journeys begin there."
        yield _warning("NO_ENTRY", "steps", why, "Mark one with entry: true.")


def bad_durations(document: MapDocument) -> Findings:
    """BAD_DURATION: a number and a unit."""
    said = [("session_gap", document.session_gap)]
    said += [(f"steps.{step.id}.tau", step.tau) for step in document.steps if step.tau]
    for where, text in said:
        try:
            length = to_us(text)
        except WrongUsage as error:
            yield _error(error.code, where, error.message, error.hint)
            continue
        if length <= 0:
            yield _error("BAD_DURATION", where, f"{text!r} lasts no time.", "Write 30m, 7d.")


def bad_dates(document: MapDocument) -> Findings:
    """BAD_DATE, BAD_WINDOW: days that exist, windows that end after they begin."""
    for step in document.steps:
        if step.expires is not None and _day(step.expires) is None:
            yield _no_day(f"steps.{step.id}.expires", step.expires)
    for name, first, last in document.calendar:
        days = (_day(first), _day(last))
        for text, day in zip((first, last), days, strict=True):
            if day is None:
                yield _no_day(f"calendar.{name}", text)
        if days[0] is not None and days[1] is not None and days[1] < days[0]:
            why = f"{name} ends on {last}, before it begins on {first}."
            yield _error("BAD_WINDOW", f"calendar.{name}", why, "Turn the two days round.")


def assumptions(document: MapDocument) -> Findings:
    """OPEN_ASSUMPTION: a step that nobody observed has an owner and a day on which it expires."""
    for step in document.steps:
        if step.rule is None and (step.owner is None or step.expires is None):
            why = f"Nothing observed says who takes {step.name}, and nobody answers for it."
            hint = "Give it an owner and a day on which it expires, or a rule."
            yield _warning("OPEN_ASSUMPTION", f"steps.{step.id}", why, hint)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _no_day(where: str, text: str) -> Finding:
    return _error("BAD_DATE", where, f"{text!r} is no day.", "Write a day as 2026-09-27.")


def _error(code: str, where: str, message: str, hint: str) -> Finding:
    return Finding(code, "error", where, message, hint)


def _warning(code: str, where: str, message: str, hint: str) -> Finding:
    return Finding(code, "warning", where, message, hint)


RULES: tuple[Callable[[MapDocument], Findings], ...] = (
    no_steps,
    duplicate_steps,
    reserved_steps,
    too_many_steps,
    unknown_stages,
    rules_that_do_not_parse,
    duplicate_signs,
    same_rules,
    contract_steps,
    no_entry,
    bad_durations,
    bad_dates,
    assumptions,
)
