"""The rules by which a row is refused, in the order in which they are asked; the first one speaks."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 0.5
"""When more than this share of the rows is refused, so is the whole import."""


@dataclass(frozen=True)
class Refusal:
    """A rule with its stable code and the sentence that explains it."""

    code: str
    reason: str


REFUSALS = (
    Refusal("NO_ENTITY", "{mapping.entity} is empty, so nobody knows whose event it is."),
    Refusal("NO_EVENT", "{mapping.event} is empty, so nobody knows what happened."),
    Refusal("NO_TIME", "{mapping.time} is empty, so nobody knows when it happened."),
    Refusal("BAD_TIME", "{time} is no time from 1900 to 2099 in the format {format}."),
    Refusal("BAD_MONEY", "{value} as value and {cost} as cost are not both amounts of money."),
)
