"""Cases about ways: paths, what lies around an anchor, whole journeys, returns and loops."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

from bench.cases import Ask, Case, lane
from pathworth import measure
from pathworth.journeys import Engine, Journeys

naive = import_module("tests.naive.paths")
ANCHOR, DEPTH, LENGTH = "e05", 5, 20
PATHS: Ask = lambda j, e: measure.paths(j, anchor=ANCHOR, depth=DEPTH, most=100, engine=e)  # noqa: E731
BACK: Ask = lambda j, e: measure.paths(  # noqa: E731
    j, direction="backward", depth=DEPTH, most=100, engine=e
)
MATRIX: Ask = lambda j, e: measure.step_matrix(  # noqa: E731
    j, anchor=ANCHOR, depth=DEPTH, most=100, engine=e
)
VARIANTS: Ask = lambda j, e: measure.variants(j, length=LENGTH, engine=e)  # noqa: E731
REWORK: Ask = lambda j, e: measure.rework(j, most=100, engine=e)  # noqa: E731


def walked(journeys: Journeys, *, way: int, anchor: str | None) -> Counter[tuple[int, str]]:
    """Return walks by level and state, worked out by plain code."""
    shard, keep = lane(journeys)
    names = journeys.snapshot.names
    read = (shard.offset.tolist(), shard.name, range(len(names)))
    hits = [anchor is None or name == anchor for name in names]
    found = naive.anchors(read[0], read[1], hits, keep)
    if way < 0:
        first = naive.begins(found, read[1], read[2], keep)
        found = [one for one, begins in zip(found, first, strict=True) if begins]
    mine: dict[int, tuple[int, int]] = {}
    for one in found:
        if way < 0 or one[0] not in mine:
            mine[one[0]] = one
    how = {"way": way, "fold": True, "within_us": 2**62, "columns": DEPTH + 1}
    out: Counter[tuple[int, str]] = Counter()
    for unit, place in mine.values():
        path, _ = naive.walk((unit, place, -1), *read, shard.time_us, keep, **how)
        out.update((level * way, names[state]) for level, (state, _) in enumerate(path))
    return out


def paths_check(journeys: Journeys, engine: Engine) -> bool:
    """Compare the states of paths forward with plain code."""
    found = {(one.level, one.state): one.count for one in PATHS(journeys, engine).nodes}
    return found == walked(journeys, way=1, anchor=ANCHOR)


def back_check(journeys: Journeys, engine: Engine) -> bool:
    """Compare the states of paths backward from the end with plain code."""
    found = {(one.level, one.state): one.count for one in BACK(journeys, engine).nodes}
    return found == walked(journeys, way=-1, anchor=None)


def matrix_check(journeys: Journeys, engine: Engine) -> bool:
    """Compare what follows an anchor in the matrix with plain code."""
    answer = MATRIX(journeys, engine)
    found = {
        (position, row.state): n
        for row in answer.rows
        for position, n in zip(answer.positions, row.counts, strict=True)
        if n and position >= 0 and row.kind == "state"
    }
    return found == walked(journeys, way=1, anchor=ANCHOR)


def variants_check(journeys: Journeys, engine: Engine) -> bool:
    """Compare how many different journeys there are, and the commonest, with plain code."""
    shard, keep = lane(journeys)
    states = range(len(journeys.snapshot.names))
    read = (shard.offset.tolist(), shard.name, states, keep)
    rows = Counter(row for row in naive.rows(*read, fold=True, length=LENGTH) if row)
    answer = VARIANTS(journeys, engine)
    counts = [one.count for one in answer.shown]
    return answer.variants == len(rows) and counts == sorted(rows.values())[-len(counts) :][::-1]


def rework_check(journeys: Journeys, engine: Engine) -> bool:
    """Compare returns, repeats and loops with plain code."""
    shard, keep = lane(journeys)
    names = journeys.snapshot.names
    read = (shard.offset.tolist(), shard.name, range(len(names)), shard.time_us, keep)
    visits = naive.visits(*read)
    times: Counter[tuple[str, str]] = Counter()
    for (_, state, kind), n in naive.rework(visits)[0].items():
        times[names[state], kind] += n
    answer = REWORK(journeys, engine)
    loops = Counter((names[a], names[b]) for _, a, b, _ in naive.loops(visits))
    return all(
        (one.visits, one.returns, one.again)
        == tuple(times[one.state, kind] for kind in ("visit", "return", "again"))
        for one in answer.states
    ) and all(one.count == loops[one.state, one.through] for one in answer.loops)


_BOTH = ("name", "time_us")
WAYS = (
    Case("paths", _BOTH, None, PATHS, paths_check),
    Case("paths_back", _BOTH, None, BACK, back_check),
    Case("step_matrix", _BOTH, None, MATRIX, matrix_check),
    Case("variants", _BOTH, None, VARIANTS, variants_check),
    Case("rework", _BOTH, None, REWORK, rework_check),
)
