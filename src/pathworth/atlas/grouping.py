"""Which kinds of events stand for one another: what shares its visits, then its past and its future."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from pathworth.atlas.counting import Counts, Moves
from pathworth.atlas.likeness import divergence, shared_bits, surroundings

Clusters = list[list[int]]
LEAST_COMPANY = 0.25
"""The rarer of two clusters shares so many of its visits with the other, or chance brought them together."""
MOST_APART = 0.75
"""Bits by which past and future together may differ inside one step that shares its visits."""
LEAST_CLOSED = 0.5
"""A step that is a visit keeps moves to itself by so much more than chance; else steps lie inside visits."""
ALWAYS = 0.75
"""What shares so many of its visits both ways, beyond chance, is one act that leaves several traces."""
RARE_SHARE, RARE_PEOPLE = 0.002, 10
"""Fewer people than this share of all, or than ten where there are hundreds, are too few for a step."""
FEW_SHARE, OTHER_BITS = 0.05, 0.05
"""When places are short, a step of fewer people that is so unlike any other is left out, not poured into it."""
SMALL_SHARE, EVEN_BITS = 0.02, 0.10
"""A small event whose neighbours are everybody's neighbours belongs nowhere."""
LEAST_VISITS = 30
"""Of fewer visits nobody knows whether they differ, which is no reason to join them."""
SAME_BITS = 0.003
"""Past and future that differ by less are the same."""
PAYS = 0.10
"""Money changes hands at a step when so many of its events carry any."""
SAME_PACE = 4.0
"""A thing done once and a thing done daily are two steps, whatever follows them."""


@dataclass(frozen=True)
class Grouped:
    """Clusters of kinds by their places, and why a kind was left out."""

    clusters: Clusters
    noise: dict[int, str]


def group(moves: Moves, *, most: int, keep: NDArray[np.bool_]) -> Grouped:
    """Group kinds of events into at most so many clusters.

    Kinds that share their visits are bound by greedy modularity (Newman 2004) over moves inside visits; a
    bound cluster that visits do not keep apart is dissolved into what always comes together. Then clusters
    are joined where past and future are the same, and last where joining loses the least.

    Parameters
    ----------
    moves
        Counts of the kinds.
    most
        How many clusters there may be.
    keep
        bool[k]: kinds that are never left out, because money or a contract hangs on them.
    """
    clusters: Clusters = []
    loose: Clusters = []
    for one in bind(moves):
        if len(one) > 1 and closedness(moves, one) >= LEAST_CLOSED:
            clusters.append(one)
        else:
            loose.extend(echoes(moves, one))
    free = [kind for kind in range(len(keep)) if not keep[kind]]
    noise = rare(moves, [kind for kind in free if [kind] in loose])
    loose = join_same(moves, [one for one in loose if one[0] not in noise])
    noise |= spread(moves, [kind for kind in free if [kind] in loose])
    clusters += [one for one in loose if one[0] not in noise]
    if not clusters:
        return Grouped([[kind] for kind in range(len(moves.events))], {})
    kept = [kind for kind in range(len(moves.events)) if kind not in noise]
    place = {kind: at for at, kind in enumerate(kept)}
    inner = [[place[kind] for kind in one] for one in clusters]
    few, out = join_until(moves.only(kept), inner, most=most, keep=keep[kept])
    noise |= dict.fromkeys((kept[kind] for one in out for kind in one), "crowded")
    return Grouped([sorted(kept[kind] for kind in one) for one in few], noise)


def rare(moves: Moves, alone: list[int]) -> dict[int, str]:
    """Return the kinds that too few people have."""
    everybody = int(moves.totals[0])
    least = max(RARE_SHARE * everybody, min(RARE_PEOPLE, 0.02 * everybody))
    few = [kind for kind in alone if moves.people[kind] < least]
    return dict.fromkeys(few, "rare")


def spread(moves: Moves, alone: list[int]) -> dict[int, str]:
    """Return the small kinds that keep everybody's company."""
    small = [kind for kind in alone if moves.events[kind] < SMALL_SHARE * moves.events.sum()]
    return {kind: "spread" for kind in small if evenness(moves, kind) < EVEN_BITS}


def evenness(moves: Moves, kind: int) -> float:
    """Return by how many bits the neighbours of a kind differ from those that any event has."""
    bits = 0.0
    before = np.column_stack([moves.then[:, :-1].T, moves.begins])
    for table in (moves.then, before):
        others = np.delete(table, kind, axis=1)
        bits += divergence(np.array([others[kind], np.delete(others, kind, axis=0).sum(axis=0)]))
    return bits


def bind(moves: Moves) -> Clusters:
    """Join kinds that meet in visits, keep each other company beyond chance, and stand in the same places."""

    def _may(left: list[int], right: list[int], now: Moves, pair: tuple[int, int]) -> bool:
        return (
            _company_of_rarer(moves, left, right) >= LEAST_COMPANY
            and apart(now, pair=pair) <= MOST_APART
        )

    return _bound(moves, [[kind] for kind in range(len(moves.events))], _may)


def echoes(moves: Moves, cluster: list[int]) -> Clusters:
    """Cut a cluster into what always comes together, whichever of the two one looks from."""
    if len(cluster) == 1:
        return [cluster]
    mine = set(cluster)

    def may(left: list[int], right: list[int], *_: object) -> bool:
        return (
            mine.issuperset(left + right)
            and _company(moves, left, right) >= ALWAYS
            and _company(moves, right, left) >= ALWAYS
        )

    found = _bound(moves, [[kind] for kind in range(len(moves.events))], may)
    return [one for one in found if one[0] in cluster]


def _bound(moves: Moves, clusters: Clusters, may: Callable[..., bool]) -> Clusters:
    """Join the pair that raises modularity most and may be joined, until there is none."""
    while True:
        now = moves.grouped(codes(clusters))
        pairs = ((clusters[a], clusters[b], now, (a, b)) for a, b in _by_modularity(now))
        found = next((one for one in pairs if may(*one)), None)
        if found is None:
            return clusters
        clusters = joined(clusters, found[3])


def _by_modularity(now: Moves) -> Iterator[tuple[int, int]]:
    """Yield pairs whose joining raises the modularity, the highest first."""
    weight = (now.beside + now.beside.T).astype(float)
    np.fill_diagonal(weight, weight.diagonal() / 2)
    degree = weight.sum(axis=1)
    whole = max(degree.sum(), 1.0)
    gain = weight / whole - np.outer(degree, degree) / whole**2
    a, b = np.triu_indices(len(gain), 1)
    order = np.argsort(-gain[a, b], kind="stable")
    for at in order[gain[a, b][order] > 0]:
        yield int(a[at]), int(b[at])


def _company_of_rarer(moves: Moves, left: list[int], right: list[int]) -> float:
    """Return how much more than chance the rarer of two clusters shares its visits with the other: 1 all."""
    if moves.visits[left].sum() > moves.visits[right].sum():
        left, right = right, left
    return _company(moves, left, right)


def _company(moves: Moves, left: list[int], right: list[int]) -> float:
    """Return the share of visits of one cluster that hold some kind of another, less chance."""
    together = moves.together[np.ix_(left, right)]
    nearest = np.asarray(right)[together.argmax(axis=1)]
    met = float(together.max(axis=1).sum() / max(moves.visits[left].sum(), 1))
    whole = max(int(moves.totals[1]) * int(moves.visits[left].sum()), 1)
    by_chance = float((moves.visits[nearest] * moves.visits[left]).sum()) / whole
    return (met - by_chance) / max(1 - by_chance, 1e-9)


def apart(now: Moves, *, pair: tuple[int, int]) -> float:
    """Return by how many bits two clusters differ in what they meet next and met last in the journey."""
    return sum(divergence(rows) for rows in surroundings(now.then, now.begins, pair=pair))


def apart_in_visits(now: Moves, *, pair: tuple[int, int]) -> float:
    """Return the same inside visits, where the end of the visit is what is met when nothing else is."""
    last = now.events - now.beside.sum(axis=1)
    first = now.events - now.beside.sum(axis=0)
    then = np.column_stack([now.beside, last])
    return sum(divergence(rows) for rows in surroundings(then, first, pair=pair))


def closedness(moves: Moves, cluster: list[int]) -> float:
    """Return how much more than chance a cluster keeps moves inside visits to itself: 1 all, 0 no more."""
    if len(cluster) == 1:
        return 1.0
    apart_only = moves.beside - np.diag(moves.beside.diagonal())
    inside = apart_only[np.ix_(cluster, cluster)].sum()
    touching = apart_only[cluster].sum() + apart_only[:, cluster].sum()
    kept = 2 * inside / max(touching, 1)
    by_chance = touching / max(2 * apart_only.sum(), 1)
    return float((kept - by_chance) / max(1 - by_chance, 1e-9))


def join_same(moves: Moves, clusters: Clusters) -> Clusters:
    """Join clusters at the same pace, every two of them with one past and future, the most alike first."""
    everything = list(range(len(moves.events)))
    rest = [[kind] for kind in everything if all(kind not in one for one in clusters)]
    now = moves.grouped(codes([*clusters, *rest]))
    size = len(clusters)
    far = np.full((size, size), np.inf)
    for a, b in combinations(range(size), 2):
        if _comparable(now, (a, b)) and not mixes_money(now, (a, b)):
            bits = max(apart(now, pair=(a, b)), apart_in_visits(now, pair=(a, b)))
            # Among pairs that cannot be told apart, those that share visits come first.
            nearer = 1e-3 * _company_of_rarer(moves, clusters[a], clusters[b])
            far[a, b] = far[b, a] = bits - nearer
    while size > 1 and far.min() <= SAME_BITS:
        left, right = sorted(divmod(int(far.argmin()), len(far)))
        far[left] = far[:, left] = np.maximum(far[left], far[right])
        far[left, left] = np.inf
        far = np.delete(np.delete(far, right, axis=0), right, axis=1)
        clusters, size = joined(clusters, (left, right)), size - 1
    return clusters


def _comparable(now: Moves, pair: tuple[int, int]) -> bool:
    """Return whether two clusters are done at the same pace, and often enough to see a difference."""
    each = now.events[list(pair)] / np.maximum(now.people[list(pair)], 1)
    often = now.visits[list(pair)].min() >= LEAST_VISITS
    return bool(often and each.max() <= SAME_PACE * each.min())


def join_until(
    moves: Moves, clusters: Clusters, *, most: int, keep: NDArray[np.bool_]
) -> tuple[Clusters, Clusters]:
    """Join or leave out clusters until few enough are left; return those that stay and those left out.

    The pair goes first whose joining loses the fewest bits about past and future. What few people have and what
    is unlike anything else is left out instead. Paying and not paying are joined last of all.
    """
    out: Clusters = []
    while len(clusters) > most:
        now = moves.grouped(codes([*clusters, *out]))
        pairs = combinations(range(len(clusters)), 2)
        ranked = [(mixes_money(now, p), loss(now, pair=p), p) for p in pairs]
        mixes, _, pair = min(ranked)
        smaller = min(pair, key=lambda at: int(moves.people[clusters[at]].max()))
        few = moves.people[clusters[smaller]].max() < FEW_SHARE * int(moves.totals[0])
        unlike = mixes or apart(now, pair=pair) > OTHER_BITS
        if few and unlike and not keep[clusters[smaller]].any():
            out.append(clusters[smaller])
            clusters = [one for at, one in enumerate(clusters) if at != smaller]
        else:
            clusters = joined(clusters, pair)
    return clusters, out


def mixes_money(now: Moves, pair: tuple[int, int]) -> bool:
    """Return whether one of two clusters is where money changes hands and the other is not."""
    share = now.paid[list(pair)] / np.maximum(now.events[list(pair)], 1)
    return bool(share.max() >= PAYS and share.min() < PAYS / 10)


def loss(now: Moves, *, pair: tuple[int, int]) -> float:
    """Return how many bits about past and future joining two clusters loses, over all their visits."""
    bits = 0.0
    for rows in surroundings(now.then, now.begins, pair=pair):
        size = rows.sum(axis=1)
        bits += shared_bits(rows) * float(size.sum())
    return bits


def joined(clusters: Clusters, pair: tuple[int, int]) -> Clusters:
    """Return the clusters with the second of a pair poured into the first."""
    left, right = pair
    poured = [*clusters[left], *clusters[right]]
    return [poured if at == left else one for at, one in enumerate(clusters) if at != right]


def codes(clusters: Clusters) -> Counts:
    """Return int64[k]: the cluster of each kind."""
    code = np.zeros(sum(map(len, clusters)), dtype=np.int64)
    for at, cluster in enumerate(clusters):
        code[cluster] = at
    return code
