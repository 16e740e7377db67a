"""The map page's numbers: one sentence, steps in stages, arrows as drawn, and the two lists."""

from __future__ import annotations

from pathworth.atlas import MapDocument
from pathworth.value.contracts import Arrow, DrawnArrow, Picture, Price, StepFigures
from pathworth.value.words import about, money

EXIT = "exit"
FORWARD_SHARE = 0.05
LOOP_SHARE = 0.08


def picture(price: Price, document: MapDocument) -> Picture:
    """Arrange a price as the map page shows it.

    Parameters
    ----------
    price
        The price of every arrow of the map.
    document
        The map that was priced.
    """
    columns = stage_columns(document)
    arrows = drawn_arrows(price, columns)
    hidden = sum(not one.shown and one.arrow.to != EXIT for one in arrows)
    return Picture(document, headline(price, document), columns, arrows, hidden, price)


def stage_columns(document: MapDocument) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the stages in order, each with its steps in the map's order."""
    stages = document.stages or tuple(dict.fromkeys(step.stage or "" for step in document.steps))
    rows = (
        (stage, tuple(s.id for s in document.steps if (s.stage or "") == stage)) for stage in stages
    )
    return tuple((stage, steps) for stage, steps in rows if steps)


def drawn_arrows(
    price: Price, columns: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[DrawnArrow, ...]:
    """Say of each arrow whether it runs forward, loops or returns, and whether it is large enough to draw."""
    order = [step for _, steps in columns for step in steps]
    place = {step: number for number, step in enumerate(order)}
    leaving = {one.id: one.visits for one in price.steps}
    return tuple(_drawn(arrow, place, leaving.get(arrow.from_, 0)) for arrow in price.arrows)


def _drawn(arrow: Arrow, place: dict[str, int], visits: int) -> DrawnArrow:
    share = arrow.visits / visits if visits else 0.0
    if arrow.to == EXIT:
        return DrawnArrow(arrow, "forward", arrow.visits > 0)
    if arrow.from_ == arrow.to:
        return DrawnArrow(arrow, "loop", share >= LOOP_SHARE)
    if place[arrow.to] > place[arrow.from_]:
        return DrawnArrow(arrow, "forward", share >= FORWARD_SHARE)
    return DrawnArrow(arrow, "return", share >= LOOP_SHARE)


def goal(price: Price, document: MapDocument) -> StepFigures | None:
    """Return the step where the money is: the contract's, else the dearest, else the busiest of the last stage."""
    figures = {one.id: one for one in price.steps}
    if document.contract is not None:
        return figures.get(document.contract.step)
    worth = [one for one in price.steps if one.worth_per_person]
    if worth:
        return max(worth, key=lambda one: (one.worth_per_person or 0.0, one.id))
    last = stage_columns(document)[-1][1] if document.steps else ()
    return max((figures[one] for one in last if one in figures), key=_crowd, default=None)


def _crowd(one: StepFigures) -> tuple[int, str]:
    return one.people, one.id


def headline(price: Price, document: MapDocument) -> str:
    """Say what the picture says in one or two sentences: who comes, who arrives, and the dearest place."""
    names = {step.id: step.name for step in document.steps}
    come = f"Of {price.entrants_per_month:,.0f} people who come in a month"
    if len(price.steps) == 1:
        only = price.steps[0]
        again = round(100 * only.again_share)
        first = f"{price.entrants_per_month:,.0f} people come in a month; {again} in 100 come back to {names[only.id]}."
        return f"{first} {_dearest(price, names)}"
    target = goal(price, document)
    if target is None:
        first = f"{come}, most are seen at {names[max(price.steps, key=lambda s: s.people).id]}."
    else:
        first = f"{come}, {target.people_per_month:,.0f} reach {names[target.id]}."
    return f"{first} {_dearest(price, names)}"


def _dearest(price: Price, names: dict[str, str]) -> str:
    mendable = [one for one in price.steps if one.mendable_per_month]
    if mendable:
        place = max(mendable, key=lambda one: one.mendable_per_month or 0.0)
        worth = money(about(place.mendable_per_month or 0.0), price.currency)
        return f"The dearest place is {names[place.id]}: about {worth} a month."
    priced = [one for one in price.arrows if one.per_month is not None and one.to != EXIT]
    if not priced:
        return "No money is recorded, so nothing here has a price."
    best = max(priced, key=lambda one: one.per_month or 0.0)
    worth = money(about(best.per_month or 0.0), price.currency)
    return (
        f"One more in 100 from {names[best.from_]} to {names[best.to]} is worth about {worth} a month; "
        "no group of people stands out as worth mending."
    )
