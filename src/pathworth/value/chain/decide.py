"""The first pass over the journeys: decides tau of every step and which personas are priced apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pathworth.atlas import MapDocument
from pathworth.base.errors import BadInput
from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.store import Snapshot
from pathworth.value.chain.period import priced_period
from pathworth.value.chain.plan import (
    EVERYBODY,
    OTHERS,
    Plan,
    first_plan,
    waiting_ages,
)
from pathworth.value.chain.sojourns import Waits, WaitsOf
from pathworth.value.chain.visits import Visits, all_visits

MOST_STEPS = 64
MOST_PERSONAS = 5
ENOUGH_ENTRANTS = 200
KNOWN_AT_ENTRY = 0.5
FEW_UNITS = 500


def decide(journeys: Journeys, document: MapDocument, *, engine: Engine) -> tuple[Plan, bool]:
    """Decide the plan of a price, and whether groups or single entities are its independent units.

    Parameters
    ----------
    journeys
        The selection; its period cuts the priced period.
    document
        The map.
    engine
        Runs the first fold.

    Raises
    ------
    BadInput
        ``TOO_MANY_STEPS`` above 64 steps; ``UNKNOWN_STEP`` when the contract names a step that is not there.
    """
    _check(document)
    span = priced_period(journeys.snapshot, journeys.period, calendar=document.calendar)
    names = persona_names(journeys.snapshot, document.persona)
    first = first_plan(document, span, codes=len(names))
    parts = engine.fold(first.whole(journeys), WaitsOf(first))
    waits = Waits(
        np.sum([p.waits for p in parts], axis=0), np.sum([p.entered for p in parts], axis=0)
    )
    tau_ms = waiting_ages(document, span, waits=waits.waits)
    personas, stratum, notes = _strata(document, names, waits.entered)
    units = sum(p.entered.any() for p in parts)
    few = waits.entered.sum() < FEW_UNITS or (units < len(parts) and waits.entered.sum() < 2000)
    plan = Plan(
        document,
        span,
        tau_ms,
        first.ends,
        personas,
        stratum,
        notes=(*span.notes, *notes),
    )
    return plan, bool(few)


def _check(document: MapDocument) -> None:
    if len(document.steps) > MOST_STEPS:
        raise BadInput(
            "TOO_MANY_STEPS",
            f"The map has {len(document.steps)} steps; {MOST_STEPS} can be priced.",
            "Join steps, or discover a smaller map.",
        )
    ids = [step.id for step in document.steps]
    if document.contract is not None and document.contract.step not in ids:
        raise BadInput(
            "UNKNOWN_STEP",
            f"The contract begins at {document.contract.step!r}, which is no step of the map.",
            f"Name one of: {', '.join(ids)}.",
        )


def persona_names(snapshot: Snapshot, column: str | None) -> tuple[str, ...]:
    """Return the personas that a property or trait can name, by code from 1 on."""
    if column is None:
        return ()
    info = snapshot.columns.get(column) or snapshot.traits.get(column)
    if info is None:
        return ()
    return ("false", "true") if info.kind == "flag" else tuple(info.values)


def _strata(
    document: MapDocument, names: tuple[str, ...], entered: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.uint8], tuple[str, ...]]:
    """Choose the personas that are large enough at entry; everybody else is the last stratum."""
    together = np.zeros(len(names) + 1, np.uint8)
    if document.persona is None:
        return (EVERYBODY,), together, ()
    known = 1 - entered[0] / max(int(entered.sum()), 1)
    if not names or known < KNOWN_AT_ENTRY:
        why = (
            f"The persona hint {document.persona!r} is known at entry for {known:.0%} of journeys, so it "
            "does not split the chain: what becomes known later would sort people by how far they came."
        )
        return (EVERYBODY,), together, (why,)
    large = [c for c in range(1, min(len(names), 254) + 1) if entered[c] >= ENOUGH_ENTRANTS]
    large = sorted(sorted(large, key=lambda c: (-entered[c], names[c - 1]))[:MOST_PERSONAS])
    stratum = np.full(len(names) + 1, len(large), np.uint8)
    stratum[large] = np.arange(len(large))
    chosen = tuple(names[c - 1] for c in large)
    return (*chosen, OTHERS), stratum, ()


def visits(journeys: Journeys, document: MapDocument, *, engine: Engine | None = None) -> Visits:
    """Return every visit of a map's steps, what came next, after how long, and what it earned.

    Parameters
    ----------
    journeys
        Whose journeys; the period of the selection cuts the priced period.
    document
        The map.
    engine
        Runs the folds; this process's own when null.
    """
    engine = engine or local_engine()
    plan, _ = decide(journeys, document, engine=engine)
    return all_visits(journeys, plan, engine=engine)
