"""Which properties of people and events a program speaks of, so that they are known of whoever it decides about."""

from __future__ import annotations

from collections.abc import Sequence

from pathworth.act.contracts import Program
from pathworth.act.sending.write import variables
from pathworth.act.watching.asking import Asking
from pathworth.act.watching.state import ACCOUNT
from pathworth.base import predicate as p

_NO_PROPERTIES = {"value", "cost", "event", "time"}


def written(program: Program) -> frozenset[str]:
    """Return the properties that a message needs: those it speaks of, the address, the account, the time zone."""
    message, quiet = program.message, program.quiet_hours
    found = {program.address, ACCOUNT}
    for source in (message.subject, message.text, message.html or ""):
        found |= set(variables(source))
    if quiet is not None and quiet.zone is not None:
        found.add(quiet.zone)
    return frozenset(found - _NO_PROPERTIES)


def needed(programs: Sequence[Program], asking: Asking) -> frozenset[str]:
    """Return the properties that programs and exclusions speak of, in whatever they ask through, and messages need."""
    reached = asking.reached(programs)
    asked = {one.name for predicate in reached for one in p.operands(predicate)}
    return frozenset(asked - _NO_PROPERTIES).union(*map(written, programs))
