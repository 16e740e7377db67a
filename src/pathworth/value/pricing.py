"""The whole answer of a priced map: every arrow, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

from pathworth.atlas import MapDocument
from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.value.chain import decide, price as price_arrows
from pathworth.value.contracts import Price, StepFigures
from pathworth.value.findings import Findings, findings


def price(journeys: Journeys, document: MapDocument, *, engine: Engine | None = None) -> Price:
    """Price every arrow of a map, and say what to do next and what to ignore without guilt.

    Parameters
    ----------
    journeys
        Whose journeys; the period of the selection cuts the priced period.
    document
        The map.
    engine
        Runs the folds; this process's own when null.

    Raises
    ------
    BadInput
        When the map cannot be priced at all.
    """
    engine = engine or local_engine()
    bare = price_arrows(journeys, document, engine=engine)
    plan, few = decide(journeys, document, engine=engine)
    memory = frozenset(arrow.from_ for arrow in bare.arrows if arrow.memory)
    found = findings(journeys, plan, few=few, memory=memory, engine=engine)
    return replace(
        bare,
        steps=tuple(_mendable(step, found) for step in bare.steps),
        do_next=found.do_next,
        cannot_fix=found.cannot_fix,
        ignore=found.ignore,
        notes=(*bare.notes, *found.notes),
        do_next_why=found.do_next_why,
        ignore_why=found.ignore_why,
    )


def _mendable(step: StepFigures, found: Findings) -> StepFigures:
    here = [row.per_month for row in found.do_next if row.from_ == step.id]
    mendable = sum(here) if here else None
    return replace(step, mendable_per_month=mendable, compared=step.id in found.compared)
