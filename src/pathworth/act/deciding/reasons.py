"""Every reason for which nothing is sent: its code, and how it is said to people."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKING = (
    "program_stopped",
    "goal_reached",
    "exited",
    "excluded",
    "left_audience",
    "suppressed",
    "no_consent",
    "no_address",
    "cap_reached",
    "address_reached",
    "not_writable",
    "too_late",
    "held_out",
)
"""In the order in which they are said; the first one is the headline."""
QUIET = "quiet_hours"

_WORDS = {
    "program_stopped": "the program was stopped",
    "goal_reached": "the goal was already reached",
    "exited": "what ends this program happened first",
    "excluded": "left out of every number, so no message either",
    "left_audience": "no longer in the audience",
    "suppressed": "left in peace for now",
    "no_consent": "no consent for this",
    "no_address": "no address is known",
    "cap_reached": "the cap on contacts is reached",
    "address_reached": "this address already had it, under another id",
    "not_writable": "the message needs something that is not known here",
    "too_late": "it was too late to still act on it",
    "held_out": "in the comparison group",
    "quiet_hours": "it waited for the end of the quiet hours",
}


def in_order(reasons: Sequence[str]) -> tuple[str, ...]:
    """Return reasons in the order in which they are said."""
    known = (*BLOCKING, QUIET)
    return tuple(sorted(reasons, key=lambda one: known.index(one) if one in known else len(known)))


def said(reason: str) -> str:
    """Return a reason in words."""
    return _WORDS.get(reason, reason.replace("_", " "))
