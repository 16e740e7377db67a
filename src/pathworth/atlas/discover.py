"""From raw events to a proposed map: kinds of events, the steps they make, their names and their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

import numpy as np

from pathworth.atlas.contracts import Discovery, Noise
from pathworth.atlas.counting import (
    CountKinds,
    CountMatches,
    CountMoves,
    CountOrder,
    Counts,
    Kind,
    Moves,
    SomePeople,
)
from pathworth.atlas.grouping import group
from pathworth.atlas.likeness import adjusted_rand
from pathworth.atlas.proposing import Proposal, declared_notes, propose
from pathworth.atlas.splitting import CountValues, Split, candidates, choose
from pathworth.base.declarations import Declarations
from pathworth.base.errors import NotSupported, WrongUsage
from pathworth.journeys import Engine, Journeys, Question, local_engine
from pathworth.store import GROUPS

P = TypeVar("P")
MOST_NAMES = 120
"""Event names beyond the commonest so many are too rare to be told apart on a dozen steps."""
SAMPLE = 2_000_000
"""Steps are looked for among the people of so many groups as hold about so many events."""
LEAST_HALF = 100
"""People in each half below which halves say nothing."""


def discover(
    journeys: Journeys,
    *,
    declarations: Declarations | None = None,
    most_steps: int = 12,
    engine: Engine | None = None,
    name: str = "journey",
) -> Discovery:
    """Propose a map from raw events.

    Events that share their visits, or their past and future, become one step; a property that splits an
    event's future within the same people splits it; what belongs nowhere is left out and listed. Names follow
    from the events, never the other way round: renamed events give the same steps.

    Parameters
    ----------
    journeys
        The selection; its kept events only.
    declarations
        Persona, contract, calendar and structural pairs that go into the map.
    most_steps
        How many steps there may be, 1 to 64.
    engine
        Where folds run; threads of this process unless said.
    name
        Name of the map.

    Raises
    ------
    WrongUsage
        ``BAD_MOST_STEPS`` outside 1 to 64.
    NotSupported
        ``NO_EVENTS`` when the selection is empty.
    """
    if not 1 <= most_steps <= 64:
        raise WrongUsage("BAD_MOST_STEPS", f"{most_steps} steps are no map.", "Ask for 1 to 64.")
    said = declarations or Declarations()
    asked = _Asked(journeys, said, engine or local_engine())
    names, uncommon = asked.names()
    groups = max(1, min(GROUPS, GROUPS * SAMPLE // sum(one.events for one in names)))
    splits = asked.splits(names, groups)
    kinds = asked.kinds([one.event for one in names], splits)
    partials = asked.partials(CountMoves(kinds, tuple(range(len(kinds)))), groups)
    met = reduce(Moves.__add__, partials)
    starts = asked.starts(kinds)
    grouped = group(met, most=most_steps, keep=(starts > 0) | (met.paid > 0))
    counts = asked.total(CountKinds(kinds))
    proposal = Proposal(kinds, met, grouped, counts, starts, journeys.snapshot.columns)
    moves = asked.total(CountMoves(proposal.held, proposal.code), groups)
    first = asked.total(CountOrder(proposal.held, proposal.code), groups)
    document, ids = propose(proposal, moves, first=first, declared=said, name=name)
    agreement = _agreement(partials[:groups], most_steps)
    return Discovery(
        document=document,
        events=proposal.placed(ids),
        noise=(*proposal.noise(), *uncommon),
        agreement=agreement,
        notes=(*_notes(splits, agreement, groups), *declared_notes(document, said)),
    )


@dataclass(frozen=True)
class _Asked:
    """What a map is asked of: every count that discovery needs."""

    journeys: Journeys
    declared: Declarations
    engine: Engine

    def partials(self, question: Question[P], groups: int = GROUPS) -> list[P]:
        """Return the partials of a question that is asked of so many groups of people."""
        asked = question if groups == GROUPS else SomePeople(question, groups)
        return self.engine.fold(self.journeys, asked)

    def total(self, question: Question[P], groups: int = GROUPS) -> P:
        """Return the answer of a question that is asked of so many groups of people."""
        return reduce(question.merge, self.partials(question, groups))

    def names(self) -> tuple[list[Noise], list[Noise]]:
        """Return the commonest names with their counts, and the others as noise."""
        known = self.journeys.snapshot.names
        count = self.total(CountKinds(tuple(map(Kind, known))))
        # Never by name: renamed events must meet every tie in the same order.
        order = [int(i) for i in np.lexsort((-count[:, 1], -count[:, 0])) if count[i, 0]]
        if not order:
            raise NotSupported(
                "NO_EVENTS",
                "No event is left to find steps in.",
                "Import events, or widen the period and the filters.",
            )
        why = f"it is not among the {MOST_NAMES} commonest events"
        rows = [Noise(known[i], int(count[i, 0]), int(count[i, 1]), why) for i in order]
        return rows[:MOST_NAMES], rows[MOST_NAMES:]

    def splits(self, names: Sequence[Noise], groups: int) -> list[Split]:
        """Return which events a property splits; what was declared about people splits nothing."""
        said = self.declared
        people = (said.persona, said.contract_plan, said.contract_since, said.contract_months)
        columns = self.journeys.snapshot.columns
        events = tuple(one.event for one in names)
        counted = {
            one: self.total(CountValues(events, one), groups)
            for one in candidates(columns, leave_out=[p for p in people if p])
        }
        return choose(events, counted, columns=columns)

    def kinds(self, events: Sequence[str], splits: Sequence[Split]) -> tuple[Kind, ...]:
        """Return the kinds of events: names, or their values where they are split."""
        by_event = {split.event: split for split in splits}
        kinds = []
        for event in events:
            split = by_event.get(event)
            if split is None:
                kinds.append(Kind(event))
                continue
            known = (None, *self.journeys.snapshot.columns[split.property].values)
            rest = tuple(value for value in known if value not in split.values)
            kinds.extend(Kind(event, split.property, (value,)) for value in split.values)
            kinds.extend([Kind(event, split.property, rest)] if rest else [])
        return tuple(kinds)

    def starts(self, kinds: tuple[Kind, ...]) -> Counts:
        """Return how many events of each kind begin the declared contract."""
        if self.declared.contract_starts is None:
            return np.zeros(len(kinds), dtype=np.int64)
        return self.total(CountMatches(kinds, self.declared.contract_starts))


def _agreement(partials: Sequence[Moves], most: int) -> float | None:
    """Return how far the steps of two halves of the people agree, weighted by events."""
    if len(partials) < 2:
        return None
    halves = [reduce(Moves.__add__, partials[half::2]) for half in (0, 1)]
    if min(int(half.totals[0]) for half in halves) < LEAST_HALF:
        return None
    parts = []
    for half in halves:
        found = group(half, most=most, keep=half.paid > 0)
        code = np.zeros(len(half.events), dtype=np.int64)
        for at, cluster in enumerate(found.clusters):
            code[cluster] = at + 1
        parts.append(code)
    return adjusted_rand(parts[0], parts[1], weight=halves[0].events + halves[1].events)


def _notes(splits: Sequence[Split], agreement: float | None, groups: int) -> list[str]:
    notes = [
        f"{one.event} is told apart by {one.property}: what comes before and after differs"
        f" by {one.bits:.2f} bits within the same people."
        for one in splits
    ]
    if groups < GROUPS:
        notes.append(f"Steps were looked for among {groups} in {GROUPS} people, taken at random.")
    if agreement is None:
        return [*notes, "Too few people to see whether half of them would give the same steps."]
    return [
        *notes,
        f"Two halves of the people give the same steps to {agreement:.2f} (1 is the same).",
    ]
