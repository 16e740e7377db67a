"""What was known of a person when a visit began: every property, declared windows, the persona hint.

A property counts on a visit with the value that the person's last event of any source said, up to and including the
visit's first event in ``(time, seq)`` order. What only later events of the visit say is not known at its start, and
an entity's traits (its last values of all time) are never used where the events themselves carry the property: both
would tell of people who went on what nobody could know of those who did not.
"""

from __future__ import annotations

from calendar import month_abbr, month_name
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pathworth.base.instants import to_instant_us
from pathworth.journeys import Part
from pathworth.kernels.gaps import done_by, known_at
from pathworth.store import ColumnInfo, Snapshot
from pathworth.value.chain.known import coded
from pathworth.value.chain.period import DAY_US
from pathworth.value.chain.plan import BIN_EDGES_MS, BINS, Plan
from pathworth.value.chain.visits import CENSORED, EXIT, Visits
from pathworth.value.gaps.cells import Cases, Shape

Kind = Literal["property", "window", "done", "last"]
INSIDE, DID = 1, 1
NULL = {"text": 0, "flag": 2}
BITS = 64
LONGEST_LEAD_US = 7 * DAY_US


@dataclass(frozen=True)
class Column:
    """Something by which visits are told apart; code k of a visit is ``values[k - 1]``, 0 is unknown.

    ``property``: known at the start. ``window``: whether the visit began inside a declared calendar window, or just
    before. ``done``: whether the person had sent an event of that name by the end of the visit. ``last``: the name of
    its last event.
    """

    name: str
    kind: Kind
    values: tuple[str, ...]


def columns_of(snapshot: Snapshot, plan: Plan) -> tuple[Column, ...]:
    """Return what visits are told apart by, in an order that does not depend on codes.

    Parameters
    ----------
    snapshot
        Its text and flag properties count, the persona hint itself aside.
    plan
        Its map's calendar gives a column per window's name.
    """
    asked = [name for name in sorted(snapshot.columns) if name != plan.document.persona]
    properties = [Column(name, "property", _values(snapshot.columns[name])) for name in asked]
    windows = sorted({recurring(name) for name, _, _ in plan.document.calendar})
    names = commonest(snapshot)
    return (
        *(column for column in properties if column.values),
        *(Column(name, "window", ("inside", "outside")) for name in windows),
        *(Column(name, "done", ("did", "did not")) for name in names),
        Column("", "last", snapshot.names),
    )


def commonest(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the names of at most 64 events, the commonest, in alphabetical order."""
    if len(snapshot.names) <= BITS:
        return tuple(sorted(snapshot.names))
    often = np.zeros(len(snapshot.names), np.int64)
    for place, shard in enumerate(snapshot.shards):
        shown = shard.name[snapshot.shown_events(place)]
        often += np.bincount(shown, minlength=len(often))
    ranked = sorted(range(len(often)), key=lambda k: (-often[k], snapshot.names[k]))
    return tuple(sorted(snapshot.names[k] for k in ranked[:BITS]))


def done_names(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """Return the names of events that people are told apart by."""
    return tuple(column.name for column in columns if column.kind == "done")


@lru_cache(maxsize=256)
def recurring(name: str) -> str:
    """Return a window's name without months and numbers: windows that come again are one column."""
    dated = {word.lower() for word in (*month_name, *month_abbr)}
    kept = [w for w in name.split() if w.lower() not in dated and not any(c.isdigit() for c in w)]
    return " ".join(kept) or name


def _values(info: ColumnInfo) -> tuple[str, ...]:
    if info.kind == "flag":
        return ("false", "true")
    return tuple(info.values) if info.kind == "text" else ()


def cases_of(
    part: Part, visits: Visits, *, plan: Plan, columns: tuple[Column, ...], hint: NDArray[np.int64]
) -> Cases:
    """Return the visits of a part as comparisons see them.

    Parameters
    ----------
    part
        Whole entities.
    visits
        Their visits, every one.
    plan
        The priced map.
    columns
        What visits are told apart by.
    hint
        int64[visits]: the stratum of the persona hint known at the start of each visit; 0 is unknown.
    """
    cause = visits.cause.astype(np.int64)
    cause[visits.cause == EXIT] = plan.steps
    cause[visits.cause == CENSORED] = plan.steps + 1
    values = np.zeros((len(columns), len(visits)), np.int32)
    wanted = any(column.kind == "done" for column in columns)
    done = Names(part, visits, names=done_names(columns), behind=True) if wanted else None
    for k, column in enumerate(columns):
        values[k] = _value(column, part, visits, plan=plan, done=done)
    return Cases(
        step=visits.step.astype(np.int64),
        cause=cause,
        age=np.searchsorted(BIN_EDGES_MS, visits.sojourn_ms, side="right").astype(np.int64),
        hint=hint,
        values=values,
    )


def shape_of(columns: tuple[Column, ...], plan: Plan, *, hints: int) -> Shape:
    """Return the sizes of the table for so many strata of the hint, unknown included."""
    values = max(len(column.values) for column in columns) + 1
    return Shape(len(columns), plan.steps, values, hints, BINS)


def _value(
    column: Column, part: Part, visits: Visits, *, plan: Plan, done: Names | None
) -> NDArray[np.int32]:
    """Return int32[visits]: the codes of one column."""
    if column.kind == "property":
        return known_codes(part, visits, name=column.name).astype(np.int32)
    if column.kind == "window":
        inside = _inside(column.name, visits.start_us, plan, part.snapshot.timezone)
        return np.where(inside, 1, 2).astype(np.int32)
    if done is not None and column.kind == "done":
        return np.where(done.has(column.name), 1, 2).astype(np.int32)
    return part.shard.name[visits.last_event - 1].astype(np.int32) + 1


def known_codes(part: Part, visits: Visits, *, name: str | None) -> NDArray[np.int64]:
    """Return int64[visits]: the code of a property known at the start of each visit, 0 when none was."""
    none = np.zeros(len(visits), np.int64)
    info = None if name is None else part.snapshot.columns.get(name)
    if name is None or info is None or info.kind not in NULL or name not in part.shard.columns:
        return none
    offset, low = _local(part)
    codes, null = part.shard.columns[name][low : low + int(offset[-1])], NULL[info.kind]
    if len(part.keep):
        codes = np.where(part.keep[low : low + len(codes)] > 0, codes, codes.dtype.type(null))
    known = np.empty(len(visits), np.int32)
    whose, place = visits.entity - part.first, visits.first_event - low
    known_at(offset, np.ascontiguousarray(codes), null, whose, place, known)
    if info.kind == "flag":
        return known.astype(np.int64) + 1
    return np.maximum(known, 0).astype(np.int64)


def carried(part: Part, plan: Plan, *, columns: tuple[Column, ...]) -> NDArray[np.int64]:
    """Return int64[columns]: events of the map's steps that carry each property; 0 for whatever is no property."""
    found = np.zeros(len(columns), np.int64)
    low, high = int(part.offset[0]), int(part.offset[-1])
    own = np.flatnonzero(coded(part, plan) >= 0)
    for k, column in enumerate(columns):
        if column.kind == "property" and column.name in part.shard.columns:
            null = NULL[part.snapshot.columns[column.name].kind]
            found[k] = np.count_nonzero(part.shard.columns[column.name][low:high][own] != null)
    return found


def _local(part: Part) -> tuple[NDArray[np.int64], int]:
    """Return the part's offsets counted from its own first event, and where that event lies in the shard."""
    low = int(part.offset[0])
    return part.offset - low, low


def _inside(name: str, start_us: NDArray[np.int64], plan: Plan, timezone: str) -> NDArray[np.bool_]:
    """Return which visits began inside a window of that name, or so shortly before that they wait in it.

    The last day belongs to a window; shortly before means a third of its length, at most a week.
    """
    found = np.zeros(len(start_us), bool)
    for window, begin, last in plan.document.calendar:
        if recurring(window) == name:
            from_us, to_us = to_instant_us(begin, timezone), to_instant_us(last, timezone)
            to_us += DAY_US if len(last) == len("2026-01-01") else 0
            lead_us = min((to_us - from_us) // 3, LONGEST_LEAD_US)
            found |= (start_us >= from_us - lead_us) & (start_us < to_us)
    return found


class Names:
    """Which names a person had sent by the end of a visit (``behind``), or within it, found for all in one pass."""

    def __init__(self, part: Part, visits: Visits, *, names: tuple[str, ...], behind: bool) -> None:
        self.bit_of = {name: k for k, name in enumerate(names)}
        bit = np.array([self.bit_of.get(name, -1) for name in part.snapshot.names], np.int8)
        offset, low = _local(part)
        self.mask = np.zeros(len(visits), np.uint64)
        if len(bit) == 0 or len(visits) == 0:
            return
        codes = np.ascontiguousarray(part.shard.name[low : low + int(offset[-1])])
        whose, begins = visits.entity - part.first, offset
        if not behind:
            whose, begins = np.arange(len(visits), dtype=np.int64), visits.first_event - low
        done_by(begins, codes, bit, whose, visits.last_event - 1 - low, self.mask)

    def has(self, name: str) -> NDArray[np.bool_]:
        """Return which visits have the event of that name."""
        return (self.mask >> np.uint64(self.bit_of[name])) & np.uint64(1) > 0


def held(part: Part, visits: Visits, *, steps: int, names: tuple[str, ...]) -> NDArray[np.int64]:
    """Return int64[steps, names]: visits of each step that hold an event of each name."""
    within = Names(part, visits, names=names, behind=False)
    found = np.zeros((steps, len(names)), np.int64)
    for k, name in enumerate(names):
        found[:, k] = np.bincount(visits.step[within.has(name)], minlength=steps)
    return found


def with_hint(visits: Visits, hint: NDArray[np.int64]) -> Visits:
    """Return the visits with the hint known at their start in place of the persona known at entry."""
    return replace(visits, persona=hint.astype(np.uint8))
