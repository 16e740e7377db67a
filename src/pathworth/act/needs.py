"""Which properties of people and events a program speaks of, so that they are known of whoever it decides about."""

from __future__ import annotations

from collections.abc import Iterable

from pathworth.act.contracts import Program
from pathworth.act.sending.write import variables
from pathworth.act.watching.state import ACCOUNT
from pathworth.atlas import MapDocument
from pathworth.base import predicate as p
from pathworth.store import Exclusions, Workspace

_NO_PROPERTIES = {"value", "cost", "event", "time"}


def needed(program: Program, document: MapDocument | None) -> frozenset[str]:
    """Return the properties that a program asks about: its address, the account, its message, rules and map."""
    rail, message = program.guardrail, program.message
    rules = [one.rule for one in document.steps] if document is not None else []
    rules += [program.who, program.exit, rail.event if rail else None]
    found = {program.address, ACCOUNT} | spoken_of(rule for rule in rules if rule is not None)
    for source in (message.subject, message.text, message.html or ""):
        found |= set(variables(source))
    if program.quiet_hours is not None and program.quiet_hours.zone is not None:
        found.add(program.quiet_hours.zone)
    return frozenset(found - _NO_PROPERTIES)


def needed_to_exclude(workspace: Workspace) -> frozenset[str]:
    """Return the properties by which somebody may be one whom no number counts and no program writes to."""
    rules = (one.who for one in Exclusions(workspace).all() if one.active)
    return frozenset(spoken_of(rule for rule in rules if rule is not None) - _NO_PROPERTIES)


def spoken_of(rules: Iterable[str]) -> set[str]:
    """Return every name that predicates speak of."""
    return {one.name for rule in rules for one in p.operands(p.parse(rule))}
