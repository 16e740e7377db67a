"""Along which line steps are met: their order, where journeys begin and end, and the stages over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from pathworth.atlas.counting import Counts, Moves

ENTRY_SHARE = 0.05
"""Journeys usually begin at a step where so many of them do."""
SHARED_PEOPLE = 0.10
"""A step that shares fewer of its people with another is another way on, not a way from it."""
LEAVING_SHARE, LEAVING_PEOPLE = 0.01, 30
"""Nothing ever follows a step: of at least so many ends at most this share goes on."""


BEFORE_MONEY = (("Explore",), ("Explore", "Prepare"))
NO_MONEY = (("Go on",), ("Go on", "Finish"), ("Go on", "Go further", "Finish"))
"""Words for one, two and three stages between arriving and the step that earns, or the end."""


@dataclass(frozen=True)
class Flow:
    """Steps in order (``order[0]`` is the first); flags and stages by their places before ordering."""

    order: tuple[int, ...]
    entry: frozenset[int]
    leaving: frozenset[int]
    stage: tuple[str | None, ...]


def flow_of(moves: Moves, first: Counts, *, earning: Sequence[int]) -> Flow:
    """Lay steps out along the journey.

    Parameters
    ----------
    moves
        Counts of the steps.
    first
        In how many journeys one step is met before another.
    earning
        Steps where money is earned; stages are told by the first of them.
    """
    order = in_order(first)
    money = min(earning, key=order.index, default=None)
    if money is not None:
        order = _other_ends_first(order, moves, first, money)
    behind = set(order[order.index(money) + 1 :]) if money is not None else set()
    entry = _entry(moves) - behind
    return Flow(
        order=tuple(order),
        entry=frozenset(entry),
        leaving=_leaving(moves),
        stage=_stages(moves, order, entry, money),
    )


def in_order(first: Counts) -> list[int]:
    """Return an order in which few journeys meet a later step first; no one step stands better elsewhere."""
    lead = (first - first.T).astype(float)
    met = np.maximum(first + first.T, 1)
    order = [int(i) for i in np.argsort(-(lead / met).sum(axis=1), kind="stable")]
    better = True
    while better:
        better = False
        for step in list(order):
            rest = [one for one in order if one != step]
            gains = np.concatenate([[0.0], np.cumsum(lead[rest, step] - lead[step, rest])])
            if gains.max() > gains[order.index(step)]:
                rest.insert(int(gains.argmax()), step)
                order, better = rest, True
    return order


def _other_ends_first(order: list[int], moves: Moves, first: Counts, money: int) -> list[int]:
    """Return the order with steps that hardly share people with the earning step before it, not behind."""
    shared = (first + first.T)[money] / np.maximum(np.minimum(moves.people, moves.people[money]), 1)
    at = order.index(money)
    apart = [step for step in order[at + 1 :] if shared[step] < SHARED_PEOPLE]
    behind = [step for step in order[at + 1 :] if step not in apart]
    return [*order[:at], *apart, money, *behind]


def _entry(moves: Moves) -> set[int]:
    share = moves.begins / max(int(moves.begins.sum()), 1)
    return {int(i) for i in np.flatnonzero(share >= ENTRY_SHARE)} | {int(share.argmax())}


def _leaving(moves: Moves) -> frozenset[int]:
    if len(moves.events) < 2:
        return frozenset()
    ends = moves.then[:, -1]
    onward = moves.then[:, :-1].sum(axis=1) - moves.then[:, :-1].diagonal()
    never = onward <= LEAVING_SHARE * (onward + ends)
    return frozenset(int(i) for i in np.flatnonzero(never & (ends >= LEAVING_PEOPLE)))


def _stages(
    moves: Moves, order: Sequence[int], entry: set[int], money: int | None
) -> tuple[str | None, ...]:
    """Name stages by what is true of them: where journeys begin, where money is earned, and between."""
    if len(order) < 3:
        return tuple(None for _ in order)
    until = order.index(money) if money is not None else len(order)
    at = next((i for i, step in enumerate(order[:until]) if step not in entry), until)
    named = dict.fromkeys(order[:at], "Arrive")
    middle = list(order[at:until])
    words = BEFORE_MONEY if money is not None else NO_MONEY
    parts = min(len(words), max(1, round(len(middle) / 3)))
    for word, part in zip(words[parts - 1], _parts(moves, middle, parts), strict=True):
        named |= dict.fromkeys(part, word)
    if money is not None:
        named |= {money: "Buy"} | dict.fromkeys(order[until + 1 :], "Continue")
    return tuple(named[step] for step in range(len(order)))


def _parts(moves: Moves, line: Sequence[int], count: int) -> list[list[int]]:
    """Cut a line of steps into parts of two or more where journeys return across the cuts the least."""

    def returns(cut: int) -> float:
        before, after = list(line[:cut]), list(line[cut:])
        back = moves.then[np.ix_(after, before)].sum()
        return float(back / max(int(moves.then[np.ix_(before, after)].sum()), 1))

    def pieces(cuts: tuple[int, ...]) -> list[list[int]]:
        edges = (0, *cuts, len(line))
        return [list(line[a:b]) for a, b in pairwise(edges)]

    fair = [
        cuts
        for cuts in combinations(range(1, len(line)), count - 1)
        if min(map(len, pieces(cuts))) >= 2 or count == 1
    ]
    return pieces(min(fair, key=lambda cuts: (sum(map(returns, cuts)), cuts)))
