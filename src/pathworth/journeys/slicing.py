"""Units inside an entity's journey: its sessions, or one unit for every value of a key such as a cart."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import to_us
from pathworth.base.errors import NotSupported, WrongUsage
from pathworth.base.period import FOREVER_US
from pathworth.base.predicate import Column
from pathworth.journeys.contracts import Part, Slicing
from pathworth.journeys.fields import EventArrays, EventFields, known
from pathworth.journeys.selection import ALL, event_mask
from pathworth.kernels.folds.cuts import cut, hold
from pathworth.store import Snapshot

SESSION_GAP = "30m"
UNIT_HELP = "Say person, session, session(gap=1h), session(id=COLUMN), session(event=NAME), or a declared entity."
_SESSION = re.compile(r"session(?:\((?P<how>gap|id|event)=(?P<what>.+)\))?", re.DOTALL)


def cuts_people(of: str) -> bool:
    """Return whether a word means people, or stretches of their journeys; else it names an entity."""
    return of == "person" or _SESSION.fullmatch(of) is not None


def read_slicing(of: str, holding: str | None = None) -> Slicing | None:
    """Return the units that a question is asked of; null for whole entities.

    Parameters
    ----------
    of
        ``person``, ``session`` (a pause over 30 minutes begins a new one), ``session(gap=1h)``,
        ``session(id=COLUMN)`` or ``session(event=NAME)``.
    holding
        Property whose value stays the same inside a unit, such as ``cart_id``.

    Raises
    ------
    WrongUsage
        ``UNKNOWN_UNIT`` for another word, ``TWO_UNITS`` for sessions and a held property at a time.
    """
    session = _SESSION.fullmatch(of)
    if session is None and of != "person":
        raise WrongUsage(
            "UNKNOWN_UNIT",
            f"There are no journeys of {of!r}.",
            UNIT_HELP,
        )
    if session is None:
        return None if holding is None else Slicing("key", column=holding)
    if holding is not None:
        raise WrongUsage(
            "TWO_UNITS",
            f"Journeys are cut into sessions or held by {holding!r}, not both.",
            "Leave one of the two out.",
        )
    return _session(session["how"], session["what"])


def _session(how: str | None, what: str | None) -> Slicing:
    match how:
        case "id":
            return Slicing("key", column=what)
        case "event":
            quoted = (what or "").replace("'", "''")
            return Slicing("session", gap_us=FOREVER_US, rule=f"event = '{quoted}'")
    gap_us = to_us(what or SESSION_GAP)
    if gap_us <= 0:
        raise WrongUsage("EMPTY_GAP", "The gap is empty.", "Write a time such as 30m.")
    return Slicing("session", gap_us=gap_us)


def check_slicing(slicing: Slicing | None, snapshot: Snapshot) -> None:
    """Refuse units that the events cannot be cut into.

    Raises
    ------
    UnknownName
        ``UNKNOWN_COLUMN`` with near names, for the property that is held.
    NotSupported
        ``UNIT_NEEDS_KEY`` when that property is money or a flag.
    """
    if slicing is None or slicing.column is None:
        return
    field = EventFields(snapshot).find(Column(slicing.column))
    if field.kind not in {"text", "number"} or field.place == "event":
        raise NotSupported(
            "UNIT_NEEDS_KEY",
            f"{field.name!r} holds {field.kind}, which names no unit.",
            "Hold a text or a number that stays the same, such as cart_id.",
        )


@dataclass(frozen=True)
class Units:
    """The units of a part.

    Parameters
    ----------
    offset
        int64[units + 1]: the events of each unit.
    owner
        int64[units]: place in the part of the entity whose unit it is.
    order
        int64[events in units]: places, in the part's events, of what ``offset`` counts; null when they stay
        where they are.
    """

    offset: NDArray[np.int64]
    owner: NDArray[np.int64]
    order: NDArray[np.int64] | None = None


def units_of(part: Part, slicing: Slicing) -> Units:
    """Return the units of a part's kept events."""
    span = slice(int(part.offset[0]), int(part.offset[-1]))
    offset, events = part.offset - span.start, span.stop - span.start
    keep = part.keep[span] if part.keep.size else ALL
    begin, owner = np.empty((2, events + 1), np.int64)
    if slicing.kind == "session":
        starts = ALL if slicing.rule is None else event_mask(part, slicing.rule)
        time_us = part.shard.time_us[span]
        found = cut(offset, time_us, keep, starts, slicing.gap_us, begin, owner)
        begin[found] = events
        return Units(begin[: found + 1].copy(), owner[:found].copy())
    order = np.empty(events, np.int64)
    found = hold(offset, _keys(part, slicing.column or ""), keep, order, begin, owner)
    used = int(begin[found])
    return Units(begin[: found + 1].copy(), owner[:found].copy(), order[:used].copy())


def _keys(part: Part, column: str) -> NDArray:
    """Return unsigned codes of the key of every event, 0 for none."""
    field = EventFields(part.snapshot).find(Column(column))
    values = EventArrays(part).of(field)
    if field.kind == "text":
        return values
    _, codes = np.unique(values, return_inverse=True)
    keys: NDArray = ((codes + 1) * known(values, field.kind)).astype(np.uint32)
    return keys
