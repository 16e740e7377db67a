"""The map document that grouped kinds of events make, with what was declared and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pathworth.atlas.contracts import Contract, MapDocument, MapStep, Noise, Placed
from pathworth.atlas.counting import Counts, Kind, Moves
from pathworth.atlas.flow import flow_of
from pathworth.atlas.grouping import Clusters, Grouped
from pathworth.atlas.wording import best_first, ids_of, name_of, rule_of, spoken_kind
from pathworth.base.declarations import Declarations
from pathworth.store import ColumnInfo

WHOLE = 0.99
"""A predicate that holds for so many events of a kind holds for the kind."""
EARNS = 0.10
"""A step earns money when it holds at least so many of the events that carry any."""
REASONS = {
    "rare": "too few people have it to say where it belongs",
    "crowded": "it has too few people for one of the places on the map",
    "spread": "it comes amid every step alike",
}


@dataclass(frozen=True)
class Proposal:
    """Kinds of events and what their clusters become on a map.

    ``met`` may be counted of a part of the people; ``counts`` is int64[k, 2], events and people of all, and
    ``starts`` int64[k], how many events of all begin the declared contract.
    """

    kinds: tuple[Kind, ...]
    met: Moves
    grouped: Grouped
    counts: Counts
    starts: Counts
    columns: Mapping[str, ColumnInfo]

    @property
    def clusters(self) -> Clusters:
        """Return the kinds of each step by their places."""
        return self.grouped.clusters

    @cached_property
    def held(self) -> tuple[Kind, ...]:
        """Return the kinds that some step holds."""
        return tuple(self.kinds[kind] for cluster in self.clusters for kind in cluster)

    @cached_property
    def code(self) -> tuple[int, ...]:
        """Return the step of each kind held."""
        return tuple(at for at, cluster in enumerate(self.clusters) for _ in cluster)

    @cached_property
    def contract(self) -> int | None:
        """Return the step that holds most starts of the contract."""
        found = [int(self.starts[cluster].sum()) for cluster in self.clusters]
        return int(np.argmax(found)) if max(found, default=0) else None

    def earning(self) -> list[int]:
        """Return the steps where money is earned."""
        if self.contract is not None:
            return [self.contract]
        paid = [int(self.met.paid[cluster].sum()) for cluster in self.clusters]
        return [at for at, one in enumerate(paid) if one > EARNS * sum(paid)]

    def named(self, visits: Counts) -> list[str]:
        """Return the name of each step; ``visits`` is int64[step]."""
        prefer = self.starts if self.starts.any() else self.met.paid
        names = []
        for at, cluster in enumerate(self.clusters):
            best = best_first(cluster, self.met, prefer=prefer)
            share = [float(self.met.visits[kind] / max(int(visits[at]), 1)) for kind in best]
            others = [kind for other in self.clusters if other is not cluster for kind in other]
            siblings = [self.kinds[kind] for kind in others]
            names.append(name_of([self.kinds[k] for k in best], share, siblings=siblings))
        return names

    def cut_by_contract(self) -> list[int]:
        """Return the steps from which the contract's rule takes a part of a kind, or a kind of another."""
        part = (self.starts > 0) & (self.starts < WHOLE * self.counts[:, 0])
        mine = np.array([at == self.contract for at in range(len(self.clusters))])
        held = np.array([bool(self.starts[cluster].any()) for cluster in self.clusters])
        some = np.array([bool(part[cluster].any()) for cluster in self.clusters])
        return [int(at) for at in np.flatnonzero(some | (held & ~mine))]

    def placed(self, ids: Sequence[str]) -> tuple[Placed, ...]:
        """Return where the events of each kind went, the commonest first; ``ids`` are of the clusters."""
        step = {kind: ids[at] for at, cluster in enumerate(self.clusters) for kind in cluster}
        rows = []
        for at in map(int, np.argsort(-self.counts[:, 0], kind="stable")):
            kind, events, people = self.kinds[at], int(self.counts[at, 0]), int(self.counts[at, 1])
            value = kind.values[0] if kind.values and len(kind.values) == 1 else None
            if events:
                rows.append(Placed(kind.event, kind.property, value, events, people, step.get(at)))
        return tuple(rows)

    def noise(self) -> tuple[Noise, ...]:
        """Return what was left out, with the reason."""
        return tuple(
            Noise(
                spoken_kind(self.kinds[kind]),
                int(self.counts[kind, 0]),
                int(self.counts[kind, 1]),
                REASONS[reason],
            )
            for kind, reason in sorted(self.grouped.noise.items())
            if self.counts[kind, 0]
        )


def propose(
    found: Proposal, moves: Moves, *, first: Counts, declared: Declarations, name: str
) -> tuple[MapDocument, list[str]]:
    """Return the map along the flow, and the id of the step that each cluster became.

    Parameters
    ----------
    found
        The clusters.
    moves, first
        Counts of the clusters, and in how many journeys one is met before another.
    declared
        What goes into the map as it was said.
    name
        Name of the map.
    """
    flow = flow_of(moves, first, earning=found.earning())
    words = found.named(moves.visits)
    ids = ids_of(words)
    rules = [rule_of([found.kinds[k] for k in one], found.columns) for one in found.clusters]
    order = list(flow.order)
    cut = found.cut_by_contract()
    if found.contract is not None and cut and declared.contract_starts:
        rules[found.contract] = f"({declared.contract_starts}) or ({rules[found.contract]})"
        order.remove(found.contract)
        order.insert(min((order.index(at) for at in cut if at in order), default=0), found.contract)
    steps = tuple(
        MapStep(
            id=ids[at],
            name=words[at],
            rule=rules[at],
            stage=flow.stage[at],
            entry=at in flow.entry,
            leaving=at in flow.leaving,
        )
        for at in order
    )
    stages = dict.fromkeys(one for at in flow.order if (one := flow.stage[at]) is not None)
    in_some = {kind.event for kind in found.held}
    document = MapDocument(
        name=name,
        steps=steps,
        stages=tuple(stages),
        persona=declared.persona if declared.persona in found.columns else None,
        contract=_contract(declared, None if found.contract is None else ids[found.contract]),
        structural=declared.structural,
        calendar=declared.calendar,
        noise=tuple(sorted({found.kinds[k].event for k in found.grouped.noise} - in_some)),
    )
    return document, ids


def _contract(declared: Declarations, step: str | None) -> Contract | None:
    payments = declared.contract_payments or declared.contract_starts
    if step is None or payments is None:
        return None
    return Contract(
        step=step,
        payments=payments,
        plan=declared.contract_plan,
        since=declared.contract_since,
        months=declared.contract_months,
    )


def declared_notes(document: MapDocument, declared: Declarations) -> list[str]:
    """Return in words what was declared and is not in the data, and what a single step means."""
    notes = []
    if declared.contract_starts and document.contract is None:
        notes.append(f"No event begins the declared contract ({declared.contract_starts}).")
    if declared.persona and document.persona is None:
        notes.append(f"The declared persona {declared.persona} is no column of this data.")
    if len(document.steps) == 1:
        notes.append("There is one step; coming again is its loop, drawn on it.")
    return notes
