"""The people behind a step, an arrow or a group of a priced map; as many as the number says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.atlas import MapDocument, MapStep, Sign
from pathworth.base.errors import UnknownName
from pathworth.journeys import Engine, Journeys, Part, local_engine
from pathworth.store import Snapshot, order_of
from pathworth.value.chain import Plan, Visits, decide
from pathworth.value.chain.visits import EXIT, part_visits
from pathworth.value.contracts import PropertyValue
from pathworth.value.covariates import Column, cases_of, columns_of
from pathworth.value.signs import did_since

EXIT_ID = "exit"


@dataclass(frozen=True)
class Behind:
    """Which number's people are asked for.

    Parameters
    ----------
    step
        Id of the step, or of the step that an arrow leaves.
    to
        Id of the step that the arrow reaches, or ``exit``; null for everybody at the step.
    group
        Only visits of which this was known; null for all.
    sign
        Only people who did this sign of the step, by its name; null for all.
    """

    step: str
    to: str | None = None
    group: PropertyValue | None = None
    sign: str | None = None


@dataclass(frozen=True)
class People:
    """The people behind a number, by the hash of their id; ``place`` is int64[n, 2] of (shard, entity)."""

    snapshot: Snapshot
    place: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True)
class BehindOf:
    """The question for the people behind a number."""

    plan: Plan
    step: int
    cause: int | None
    column: Column | None
    code: int
    sign: str | None

    def fold(self, part: Part) -> NDArray[np.int64]:
        """Return int64[n, 2] of (shard, entity), each person once."""
        visits = part_visits(part, self.plan)
        visits = visits.where(self._chosen(part, visits))
        if self.sign is not None:
            visits = visits.where(did_since(part, visits, rule=self.sign, plan=self.plan))
        return np.unique(np.stack([visits.shard, visits.entity], axis=1).astype(np.int64), axis=0)

    def _chosen(self, part: Part, visits: Visits) -> NDArray[np.bool_]:
        span = self.plan.span
        rows = (visits.step == self.step) & (visits.start_us >= span.from_us)
        rows &= visits.start_us < span.to_us
        if self.cause is not None or self.column is not None:
            # Only the priced chain has moves and comparisons; a step counts whoever is seen at it.
            rows &= visits.in_chain
        if self.cause is not None:
            rows &= visits.cause == self.cause
        if self.column is not None:
            none = np.zeros(len(visits), np.int64)
            cases = cases_of(part, visits, plan=self.plan, columns=(self.column,), hint=none)
            rows &= cases.values[0] == self.code
        chosen: NDArray[np.bool_] = rows
        return chosen

    def merge(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
        """Put two parts together; nobody is in both."""
        return np.concatenate([left, right])


def people(
    journeys: Journeys, document: MapDocument, *, behind: Behind, engine: Engine | None = None
) -> People:
    """Return the people behind a number of a priced map.

    Parameters
    ----------
    journeys, document
        What was priced.
    behind
        The number.
    engine
        Runs the fold; this process's own when null.

    Raises
    ------
    UnknownName
        ``UNKNOWN_STEP``, ``UNKNOWN_SIGN`` or ``UNKNOWN_PROPERTY``, with the nearest known ones.
    """
    engine = engine or local_engine()
    places = {step.id: place for place, step in enumerate(document.steps)}
    for word in (behind.step, behind.to):
        if word is not None and word != EXIT_ID and word not in places:
            raise UnknownName.near("step", word, places)
    plan, _ = decide(journeys, document, engine=engine)
    column, code = _column(journeys.snapshot, plan, behind.group)
    cause = None if behind.to is None else places.get(behind.to, EXIT)
    step = document.steps[places[behind.step]]
    sign = None if behind.sign is None else _sign(step, behind.sign).rule
    question = BehindOf(plan, places[behind.step], cause, column, code, sign)
    found = np.concatenate(engine.fold(plan.whole(journeys), question))
    order = np.argsort(order_of(journeys.snapshot.shards, found), kind="stable")
    return People(journeys.snapshot, found[order])


def _sign(step: MapStep, name: str) -> Sign:
    found = next((sign for sign in step.signs if sign.name == name), None)
    if found is None:
        raise UnknownName.near("sign", name, [sign.name for sign in step.signs])
    return found


def _column(
    snapshot: Snapshot, plan: Plan, group: PropertyValue | None
) -> tuple[Column | None, int]:
    if group is None:
        return None, 0
    columns = columns_of(snapshot, plan)
    for column in columns:
        if column.name == group.property and group.value in column.values:
            return column, column.values.index(group.value) + 1
    raise UnknownName.near("property", group.property, {column.name for column in columns})
