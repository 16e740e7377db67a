"""Whether a predicate can be asked, without asking it: no property becomes a column for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from pathworth.base.predicate import parse
from pathworth.journeys.contracts import Step
from pathworth.journeys.fields import EventFields, TraitFields, Unread
from pathworth.journeys.predicates.bind import bind
from pathworth.journeys.predicates.names import Names
from pathworth.store import ColumnInfo, OnUse, Snapshot


class _Sketch(Mapping[str, ColumnInfo]):
    """Columns, and what is known of the properties that are none yet."""

    def __init__(self, columns: Mapping[str, ColumnInfo], on_use: Mapping[str, OnUse]) -> None:
        self._columns, self._on_use = columns, on_use

    def __getitem__(self, name: str, /) -> ColumnInfo:
        other = self._on_use.get(name)
        if other is None or other.built:
            return self._columns[name]
        return Unread("text") if other.kind is None else ColumnInfo(other.kind)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def sketch(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot to check with: a property that is no column yet stays none, and is known by its kind."""
    if not snapshot.on_use:
        return snapshot
    columns, traits = (_Sketch(one, snapshot.on_use) for one in (snapshot.columns, snapshot.traits))
    return replace(snapshot, columns=columns, traits=traits)


def check_predicate(
    snapshot: Snapshot,
    text: str,
    *,
    speaks: Literal["events", "people"],
    steps: tuple[Step, ...] = (),
) -> None:
    """Refuse a predicate that cannot be asked; raises as ``parse`` and ``bind``.

    Parameters
    ----------
    snapshot
        Whose names it speaks of.
    text
        Over events, or over people.
    speaks
        Which of the two.
    steps
        What its functions may name beside events.
    """
    known = sketch(snapshot)
    fields = EventFields(known) if speaks == "events" else TraitFields(known)
    bind(parse(text), fields, names=Names.of(known, steps))
