"""Whether a map is right by itself, and whether it fits the events of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from pathworth.atlas.contracts import Finding, MapDocument
from pathworth.atlas.counting import Counts
from pathworth.atlas.rules import RULES, written_rules
from pathworth.base.errors import PathworthError, UnknownName
from pathworth.base.predicate import (
    And,
    Column,
    Compare,
    In,
    Not,
    Or,
    Predicate,
    character_of,
    parse,
)
from pathworth.journeys import (
    Engine,
    Journeys,
    Part,
    Question,
    Step,
    event_mask,
    local_engine,
    step_codes,
)
from pathworth.store import Snapshot

TOLD_SHARE = 0.01
"""Events that no step takes are told from this share on."""


def check_map(
    document: MapDocument, snapshot: Snapshot | None = None, *, engine: Engine | None = None
) -> list[Finding]:
    """Return what is wrong with a map, errors first; an empty list says that nothing is.

    Parameters
    ----------
    document
        The map.
    snapshot
        Where given, the map is held against its events and columns, too.
    engine
        Where the events are counted; threads of this process unless said.
    """
    found = [one for rule in RULES for one in rule(document)]
    if snapshot is not None:
        broken = {one.where for one in found if one.code == "RULE_DOES_NOT_PARSE"}
        found += _against(document, snapshot, broken, engine or local_engine())
    return sorted(found, key=lambda one: one.level != "error")


def _against(
    document: MapDocument, snapshot: Snapshot, broken: set[str], engine: Engine
) -> Iterator[Finding]:
    for where, rule in written_rules(document):
        if where in broken:
            continue
        yield from _unknown_events(where, rule, snapshot)
        unbound = _does_not_bind(where, rule, snapshot)
        if unbound is not None and ".signs." in where and unbound.code == "UNKNOWN_COLUMN":
            # What is to tell of progress is declared before it is sent; until then it is a hole.
            yield replace(unbound, level="warning")
        elif unbound is not None:
            broken.add(where)
            yield unbound
    yield from _unknown_columns(document, snapshot)
    yield from _unmatched(document, snapshot, broken, engine)


def _unknown_events(where: str, rule: str, snapshot: Snapshot) -> Iterator[Finding]:
    """UNKNOWN_EVENT: a rule names an event that nobody has sent, with the near names."""
    for name in dict.fromkeys(named_events(parse(rule))):
        if name not in snapshot.names:
            near = UnknownName.near("event", name, snapshot.names)
            yield Finding(near.code, "warning", where, near.message, near.hint)


def named_events(predicate: Predicate) -> Iterator[str]:
    """Yield the event names that a rule speaks of."""
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from named_events(part)
        case Not(inner):
            yield from named_events(inner)
        case Compare(Column("event"), "=" | "<>", str(value)):
            yield value
        case In(Column("event"), values):
            yield from (value for value in values if isinstance(value, str))


def _does_not_bind(where: str, rule: str, snapshot: Snapshot) -> Finding | None:
    """Return the finding that a rule asks for a column, type or trait that is not there."""
    for shard in snapshot.shards[:1]:
        try:
            event_mask(Part(0, shard, snapshot, 0, 0, np.zeros(0, dtype=np.uint8)), rule)
        except PathworthError as error:
            at = character_of(error)
            return Finding(error.code, "error", where, error.message, error.hint, at=at)
    return None


def _unknown_columns(document: MapDocument, snapshot: Snapshot) -> Iterator[Finding]:
    """UNKNOWN_COLUMN: the map leans on a property that is not there."""
    said = [("persona", document.persona)]
    said += [(f"structural.{name}", name) for name, _ in document.structural]
    if document.contract is not None:
        for field in ("plan", "since", "months"):
            said.append((f"contract.{field}", getattr(document.contract, field)))
    known = {*snapshot.columns, *snapshot.on_use}
    for where, name in said:
        if name is not None and name not in known:
            near = UnknownName.near("column", name, known)
            yield Finding(near.code, "error", where, near.message, near.hint)


@dataclass(frozen=True)
class CountTaken(Question[Counts]):
    """Count events by the step that takes them and name: int64[steps + 1, names], the last row for none."""

    steps: tuple[Step, ...]
    names: int

    def fold(self, part: Part) -> Counts:
        """Count one part."""
        first, last = int(part.offset[0]), int(part.offset[-1])
        code = step_codes(part, self.steps).astype(np.int64)
        code[code < 0] = len(self.steps)
        pair = code * self.names + part.shard.name[first:last]
        size = (len(self.steps) + 1, self.names)
        return np.bincount(pair, minlength=size[0] * size[1]).reshape(size)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


def _unmatched(
    document: MapDocument, snapshot: Snapshot, broken: set[str], engine: Engine
) -> Iterator[Finding]:
    """MATCHES_NOTHING, UNTAKEN_EVENTS: steps without events, and events without a step."""
    steps = [one for one in document.steps if one.rule and f"steps.{one.id}.rule" not in broken]
    if not steps or not snapshot.events:
        return
    question = CountTaken(tuple(Step(one.id, one.rule or "") for one in steps), len(snapshot.names))
    taken = reduce(question.merge, engine.fold(Journeys(snapshot), question))
    for one, count in zip(steps, taken.sum(axis=1), strict=False):
        if not count:
            why = f"No event is taken by {one.name}; an earlier step may take them."
            where = f"steps.{one.id}.rule"
            yield Finding("MATCHES_NOTHING", "warning", where, why, "Look at its rule.")
    left = taken[-1].copy()
    left[[at for at, name in enumerate(snapshot.names) if name in document.noise]] = 0
    share = float(left.sum() / snapshot.events)
    if share >= TOLD_SHARE:
        common = [snapshot.names[at] for at in np.argsort(-left, kind="stable")[:3] if left[at]]
        why = f"No step takes {share:.0%} of the events, most often {', '.join(common)}."
        hint = "Give them a step, or list them under noise."
        yield Finding("UNTAKEN_EVENTS", "warning", "steps", why, hint)
