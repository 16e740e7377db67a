"""The rows of a price: every figure of every step and arrow, or why it cannot be had."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from pathworth.atlas import Contract
from pathworth.value.chain.cells import Cells
from pathworth.value.chain.chains import Chains, TakenFrom, jackknife
from pathworth.value.chain.plan import BINS, Plan, quantile_ms
from pathworth.value.chain.sojourns import Sojourns
from pathworth.value.contracts import Arrow, Interval, StepFigures
from pathworth.value.fit.memory import memory

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]

EXIT_ID = "exit"
ENOUGH_TAKERS = 20
ENOUGH_AT_RISK = 10
ENOUGH_FOR_INTERVAL = 30
LARGE_SHARE = 0.05
NEXT_TO_NONE = 0.01


@dataclass(frozen=True)
class Counts:
    """What all units add up to: int64[S, S + 2] people, int64[S, S + 1] ms by next step or exit, and more."""

    people: NDArray[np.int64]
    elapsed_ms: NDArray[np.int64]
    visits: NDArray[np.int64]
    ages: NDArray[np.int64]
    pairs: Cells
    earns: bool
    months: float


@dataclass(frozen=True)
class Figures:
    """Every number of a price with its interval, as arrays over steps."""

    gain: NDArray[np.float64]
    gain_ends: Ends
    move: NDArray[np.float64]
    move_ends: Ends
    step: NDArray[np.float64]
    step_ends: Ends
    share: NDArray[np.float64]
    flow: NDArray[np.float64]
    lost: NDArray[np.float64]
    a_month: float
    memory: NDArray[np.bool_]
    followed: NDArray[np.bool_]


def counted(sojourns: list[Sojourns], plan: Plan) -> Counts:
    """Add up what was counted in every unit."""
    steps, personas = plan.steps, len(plan.personas)
    ages = np.zeros(personas * steps * (steps + 2) * BINS, np.int64)
    for unit in sojourns:
        ages[unit.ages.place] += unit.ages.number
    paid = any(u.accounts is not None and u.accounts.paid[1:].any() for u in sojourns)
    return Counts(
        people=np.sum([u.people for u in sojourns], axis=0),
        elapsed_ms=np.sum([u.elapsed_ms for u in sojourns], axis=0),
        visits=np.sum([u.visits for u in sojourns], axis=0),
        ages=ages.reshape(personas, steps, steps + 2, BINS).sum(axis=0),
        pairs=reduce(Cells.plus, [u.pairs for u in sojourns]),
        earns=paid or any(len(u.low.place) or len(u.high.place) for u in sojourns),
        months=plan.span.months,
    )


def figures_of(solved: Chains, *, counts: Counts, taken_from: TakenFrom) -> Figures:
    """Compute every figure with its interval.

    A month's entrants are the entrants that were counted, divided by the months: the intervals are about what
    one entrant is worth and about the mix of personas, not about how many will come next month.
    """
    gain, move, step = solved.gain(taken_from), solved.worth_of_move(), solved.worth_of_step()
    share = solved.share()[0]
    return Figures(
        gain=gain[0],
        gain_ends=jackknife(gain),
        move=move[0],
        move_ends=jackknife(move),
        step=step[0],
        step_ends=jackknife(step),
        share=share,
        flow=solved.flow[0].sum(axis=0),
        lost=solved.lost()[0],
        a_month=solved.entrants / counts.months,
        memory=memory(counts.pairs, solved.ahead(), strata=solved.strata).marked,
        followed=(solved.open_ >= ENOUGH_AT_RISK) | (1 - share.sum(axis=1) < NEXT_TO_NONE),
    )


def arrows(plan: Plan, counts: Counts, *, solved: Chains, figures: Figures) -> tuple[Arrow, ...]:
    """Return every arrow that anybody took, exits included, in the map's order."""
    steps = range(plan.steps)
    pairs = [(i, j) for i in steps for j in (*steps, plan.steps)]
    seen = [(i, j) for i, j in pairs if counts.ages[i, j].any() and not plan.ends[i]]
    return tuple(_arrow(plan, counts, solved, figures, i, j) for i, j in seen)


def _arrow(plan: Plan, counts: Counts, solved: Chains, figures: Figures, i: int, j: int) -> Arrow:
    names = [step.id for step in plan.document.steps]
    taken, people = int(counts.ages[i, j].sum()), int(counts.people[i, j])
    leaves = j == plan.steps
    share = float(1 - figures.share[i].sum() if leaves else figures.share[i, j])
    bare = Arrow(
        from_=names[i],
        to=EXIT_ID if leaves else names[j],
        people=people,
        visits=taken,
        people_per_month=people / counts.months,
        share=share if figures.followed[i] else None,
        mean_seconds=None if leaves else float(counts.elapsed_ms[i, j]) / taken / 1000,
        median_seconds=None if leaves else quantile_ms(counts.ages[i, j], 0.5) / 1000,
        value_per_person=None,
        interval=None,
        gain_per_point=None,
        per_month=None,
        per_month_interval=None,
        memory=bool(figures.memory[i]),
    )
    why = _why_not(plan, counts, solved, figures, i, j)
    if why is not None:
        return replace(bare, why=why)
    few = counts.people[i, -1] < ENOUGH_FOR_INTERVAL
    worth = replace(
        bare,
        value_per_person=float(figures.move[i, j]),
        interval=None if few else _ends(figures.move_ends, (i, j)),
    )
    if not counts.ages[i, plan.steps].any():
        return replace(worth, why="nobody leaves here, so there is nobody to take a point from")
    return replace(
        worth,
        gain_per_point=float(figures.gain[i, j]),
        per_month=float(figures.gain[i, j]) * figures.a_month,
        per_month_interval=None if few else _ends(figures.gain_ends, (i, j), figures.a_month),
        why=f"too few for an interval: under {ENOUGH_FOR_INTERVAL} people" if few else None,
    )


def _ends(ends: Ends, cell: tuple[int, ...], scale: float = 1.0) -> Interval:
    return (float(ends[0][cell]) * scale, float(ends[1][cell]) * scale)


def _why_not(
    plan: Plan, counts: Counts, solved: Chains, figures: Figures, i: int, j: int
) -> str | None:
    """Say why an arrow has no price, or nothing when it has one."""
    if j == plan.steps:
        return "leaving is not something to add to: its cost is the money lost at the step"
    if not counts.earns:
        return "no money is recorded"
    if solved.singular:
        return "not known: nobody is seen to leave, so the worth of going on has no end"
    if counts.people[i, j] < ENOUGH_TAKERS:
        return f"too few: {counts.people[i, j]} took it, a price needs {ENOUGH_TAKERS}"
    if not figures.followed[i]:
        return (
            f"not known: only {solved.open_[i]:.0f} visits were followed for as long as a next step can "
            f"take, a price needs {ENOUGH_AT_RISK}"
        )
    return None


def steps(
    plan: Plan, counts: Counts, *, solved: Chains, figures: Figures
) -> tuple[StepFigures, ...]:
    """Return the figures of every step, in the map's order."""
    return tuple(_step(plan, counts, solved, figures, i) for i in range(plan.steps))


def _step(plan: Plan, counts: Counts, solved: Chains, figures: Figures, i: int) -> StepFigures:
    people, visits = int(counts.people[i, -1]), int(counts.visits[i])
    goes_on = bool(counts.ages[i].any()) and not plan.ends[i]
    leaves = float(1 - figures.share[i].sum()) if goes_on else 0.0
    gone = int(counts.people[i, plan.steps]) if goes_on else 0
    why = _step_why_not(plan, counts, solved, figures, i)
    few = people < ENOUGH_FOR_INTERVAL
    waits = counts.ages[i, : plan.steps].sum(axis=0)
    return StepFigures(
        id=plan.document.steps[i].id,
        people=people,
        people_per_month=people / counts.months,
        share=people / solved.entrants if solved.entrants else 0.0,
        visits=visits,
        again_share=float(figures.share[i, i]),
        leave=gone,
        leave_per_month=float(figures.flow[i]) * leaves * figures.a_month,
        leave_share=leaves if goes_on and figures.followed[i] else None,
        tau_seconds=float(plan.tau_ms[i]) / 1000 if goes_on else None,
        median_seconds=quantile_ms(waits, 0.5) / 1000 if waits.any() else None,
        worth_per_person=None if why else float(figures.step[i]),
        worth_interval=None if why or few else _ends(figures.step_ends, (i,)),
        lost_per_month=float(figures.lost[i]) * figures.a_month if goes_on and not why else None,
        why=why or (f"too few for an interval: {people} people" if few else None),
    )


def _step_why_not(
    plan: Plan, counts: Counts, solved: Chains, figures: Figures, i: int
) -> str | None:
    if plan.document.steps[i].rule is None:
        return "known from evidence only: no event tells of it"
    if not counts.visits[i]:
        return "nobody is seen here"
    if not counts.ages[i].any():
        return "after the contract has begun: its worth stands at the step that begins it"
    if not counts.earns:
        return "no money is recorded"
    if solved.singular:
        return "not known: nobody is seen to leave, so the worth of going on has no end"
    if counts.people[i, -1] < ENOUGH_TAKERS:
        return f"too few: {counts.people[i, -1]} people, a price needs {ENOUGH_TAKERS}"
    if not plan.ends[i] and not figures.followed[i]:
        return "not known: too few visits were followed for as long as a next step can take"
    return None


def notes(
    plan: Plan, sojourns: list[Sojourns], *, solved: Chains, earns: bool, few: bool
) -> tuple[str, ...]:
    """Say what a reader of the price should know about how it came about."""
    found = [*plan.notes, "A point assumes that those moved behave like those who took the arrow."]
    if not earns:
        found.append("No money is recorded, so nothing here has a price.")
    elif plan.document.contract is None:
        found.append("Money is what was observed within the period.")
    else:
        found.append(_carried_on(plan.document.contract, sojourns))
    if few:
        found.append("Few people: intervals are computed person by person.")
    total = sum(s.money_micro for s in sojourns)
    top = max((s.richest for s in sojourns), default=(0, ""))
    if total > 0 and top[0] > LARGE_SHARE * total:
        found.append(f"{top[1]} alone carries {top[0] / total:.0%} of the money in the chain.")
    if solved.singular:
        found.append("Nobody is seen to leave: the worth of going on has no end and is not given.")
    return tuple(found)


def _carried_on(contract: Contract, sojourns: list[Sojourns]) -> str:
    oldest = max((s.accounts.oldest for s in sojourns if s.accounts is not None), default=0)
    base = (
        f"A contract is worth the margin of its first {contract.horizon_months} months, discounted by "
        f"{contract.discount_a_year:.0%} a year; its payments earn nothing elsewhere"
    )
    if oldest >= contract.horizon_months:
        return f"{base}."
    return f"{base}. From month {oldest + 1} on it is carried on: no account is seen at that age."
