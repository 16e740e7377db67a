"""The price of every arrow of a map: what one more move in 100 is worth, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pathworth.atlas import MapDocument
from pathworth.base.errors import NotSupported
from pathworth.base.instants import to_iso
from pathworth.journeys import AsOf, Engine, Journeys, LocalEngine, local_engine
from pathworth.value.chain.chains import Chains, TakenFrom, chains
from pathworth.value.chain.decide import decide
from pathworth.value.chain.figures import Counts, arrows, counted, figures_of, notes, steps
from pathworth.value.chain.plan import Plan
from pathworth.value.chain.sojourns import Sojourns, SojournsOf
from pathworth.value.contracts import Price
from pathworth.value.fit.model import model_spread


def price(
    journeys: Journeys,
    document: MapDocument,
    *,
    engine: Engine | None = None,
    taken_from: TakenFrom = "exit",
) -> Price:
    """Price every step and arrow of a map.

    Parameters
    ----------
    journeys
        Whose journeys; the period of the selection cuts the priced period.
    document
        The map.
    engine
        Runs the folds; this process's own when null.
    taken_from
        Whom one more mover in 100 is taken from: those who would have left, or all others alike.

    Raises
    ------
    BadInput
        When the map cannot be priced at all: too many steps, a contract at a step that is not there.

    Notes
    -----
    Semi-Markov chain with Aalen-Johansen moves, one per persona known at entry; delete-a-group jackknife.
    """
    solved = solve_map(journeys, document, engine=engine or local_engine())
    found = solved.price(taken_from)
    if taken_from == "exit" and any(arrow.per_month is not None for arrow in found.arrows):
        return solved.with_model_error(found)
    return found


def sampling_price(
    journeys: Journeys, document: MapDocument, *, engine: Engine | None = None
) -> Price:
    """Price every step and arrow of a map without its model error, which takes two more folds.

    Parameters
    ----------
    journeys, document, engine
        As for `price`.
    """
    return solve_map(journeys, document, engine=engine or local_engine()).price("exit")


@dataclass(frozen=True)
class SolvedMap:
    """A map with everything that its price is made of."""

    journeys: Journeys
    engine: Engine
    plan: Plan
    few: bool
    sojourns: list[Sojourns]
    counts: Counts
    chains: Chains

    def price(self, taken_from: TakenFrom) -> Price:
        """Return the price with its sampling error."""
        plan, counts, solved, snapshot = self.plan, self.counts, self.chains, self.journeys.snapshot
        figures = figures_of(solved, counts=counts, taken_from=taken_from)
        return Price(
            map=plan.document.name,
            revision=None,
            currency=snapshot.currency,
            from_=to_iso(plan.span.from_us),
            to=to_iso(plan.span.to_us),
            months=counts.months,
            entrants=solved.entrants,
            entrants_per_month=figures.a_month,
            personas=solved.personas,
            steps=steps(plan, counts, solved=solved, figures=figures),
            arrows=arrows(plan, counts, solved=solved, figures=figures),
            do_next=(),
            ignore=(),
            cannot_fix=(),
            notes=notes(plan, self.sojourns, solved=solved, earns=counts.earns, few=self.few),
            excluded=dict(snapshot.excluded),
            as_of=AsOf(snapshot.id, snapshot.seq),
        )

    def with_model_error(self, found: Price) -> Price:
        """Return the price with the spread that comes of putting unlike visits together."""
        spread = model_spread(
            self.journeys,
            self.plan,
            solved=self.chains,
            sojourns=self.sojourns,
            engine=self.engine,
        )
        if spread is None:
            return found
        place = {step.id: k for k, step in enumerate(self.plan.document.steps)}
        rows = []
        for arrow in found.arrows:
            if arrow.per_month is None:
                rows.append(arrow)
                continue
            apart = float(spread.gain[place[arrow.from_], place[arrow.to]])
            both = sorted((arrow.per_month, apart * found.entrants_per_month))
            rows.append(replace(arrow, model_spread=(both[0], both[1])))
        why = (
            f"Model error: beside each price stands what it is when visits are told apart by "
            f"{spread.halves.column!r} ({', '.join(spread.halves.lower)} against the others)."
        )
        return replace(found, arrows=tuple(rows), notes=(*found.notes, why))


def solve_map(journeys: Journeys, document: MapDocument, *, engine: Engine) -> SolvedMap:
    """Decide, count and solve a map.

    Raises
    ------
    NotSupported
        ``NOBODY_SELECTED`` when no visit of the map is left.
    """
    plan, few = decide(journeys, document, engine=engine)
    sojourns = _units(journeys, plan, engine, few=few)
    if not any(len(unit.ages.place) for unit in sojourns):
        raise NotSupported(
            "NOBODY_SELECTED",
            "Nobody in this selection takes a step of the map.",
            "Choose a longer period, or take a filter away.",
        )
    counts, solved = counted(sojourns, plan), chains(sojourns, plan)
    return SolvedMap(journeys, engine, plan, few, sojourns, counts, solved)


def _units(journeys: Journeys, plan: Plan, engine: Engine, *, few: bool) -> list[Sojourns]:
    """Return the sojourns of every independent unit that has any: groups, or entities where there are few."""
    question = SojournsOf(plan)
    if few:
        units = LocalEngine(1).units(plan.whole(journeys), question)
        units = sorted(units, key=lambda unit: unit.unit)
    else:
        units = engine.fold(plan.whole(journeys), question)
    with_any = [u for u in units if len(u.ages.place) or (u.accounts and u.accounts.months.any())]
    return with_any if len(with_any) > 1 else units
