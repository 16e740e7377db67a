"""A small world of visits with planted causes, for tests of comparisons: nothing here is about any company."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pathworth.atlas import MapDocument, MapStep
from pathworth.journeys import Journeys
from pathworth.store import ColumnInfo, EventArrays, snapshot_from_arrays
from pathworth.value.gaps.cells import Cases, Shape, Table, count

ARRIVE, JOIN, FIRST, TEAM, BUY = range(5)
STEPS = 5
EXIT, CENSORED = STEPS, STEPS + 1
HOUR = 3_600.0
DAY = 24 * HOUR
LENGTH = 350 * DAY

# rows[persona][step]: chance of each next step; what is left leaves.
ROWS = np.array(
    [
        [[0, 0.75, 0, 0, 0], [0, 0.12, 0.70, 0, 0], [0, 0, 0.12, 0.60, 0.10], [0, 0, 0, 0, 0.40], [0] * 5],
        [[0, 0.80, 0, 0, 0], [0, 0.12, 0.74, 0, 0], [0, 0, 0.12, 0.45, 0.25], [0, 0, 0, 0, 0.70], [0] * 5],
        [[0, 0.50, 0, 0, 0], [0, 0.12, 0.52, 0, 0], [0, 0, 0.12, 0.05, 0.30], [0, 0, 0, 0, 0.50], [0] * 5],
    ]
)  # fmt: skip
PERSONAS = np.array([0.4, 0.25, 0.35])
WORTH = np.array([4700.0, 3500.0, 800.0])
MEDIAN_DAYS = np.array([0.4, 0.5, 1.6, 3.0, 1.0])
TOOLS = np.array([[0.36, 0.34, 0.2, 0.1], [0.42, 0.3, 0.2, 0.08], [0.4, 0.34, 0.2, 0.06]])
"""Chance of tool 1, 2, 3 (a clumsy connection) and 4 (no connection at all), by persona."""
SKIPS = np.array([0.5, 0.35, 0.8])
BIG = np.array([0.3, 0.3, 0.1])


@dataclass(frozen=True)
class World:
    """What is planted; every effect can be switched off or made larger."""

    clumsy: float = 0.24
    mismatch: float = 0.04
    slow: float = 8.0
    skip_costs: float = 0.0
    deadline_days: float = 14.0
    people: int = 6_000
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Visits:
    """What happened: one place a visit, ordered by entity and time."""

    entity: np.ndarray
    step: np.ndarray
    cause: np.ndarray
    start: np.ndarray
    sojourn: np.ndarray
    persona: np.ndarray
    tool: np.ndarray
    big: np.ndarray
    skip: np.ndarray
    hint: np.ndarray


def live(world: World, seed: int) -> Visits:
    """Let everybody move until they leave, buy, or the data ends."""
    rng = np.random.default_rng(seed)
    n = world.people
    z = rng.choice(3, size=n, p=PERSONAS)
    tool = (rng.random(n)[:, None] > np.cumsum(TOOLS, axis=1)[z]).sum(axis=1) + 1
    big, skip = rng.random(n) < BIG[z], rng.random(n) < SKIPS[z]
    hint = np.where(rng.random(n) < 0.85, z + 1, 0)
    now = rng.random(n) * LENGTH
    expires = now + world.deadline_days * DAY
    step, rows = np.zeros(n, int), []
    alive = np.arange(n)
    for _ in range(60):
        move = next_moves(world, rng, z[alive], at=step[alive], tool=tool[alive], skip=skip[alive])
        pace = np.where((step[alive] == JOIN) & (move == FIRST) & big[alive], world.slow, 1.0)
        hold = MEDIAN_DAYS[step[alive]] * DAY * pace * np.exp(rng.standard_normal(len(alive)))
        late = now[alive] + hold > expires[alive]
        move = np.where(late, EXIT, move)
        stay = (move != EXIT) & (now[alive] + hold < LENGTH)
        cut = (move == EXIT) & (now[alive] + 60 * DAY > LENGTH) | (move != EXIT) & ~stay
        cut &= step[alive] != BUY
        cause = np.where(cut, CENSORED, move)
        gone = np.where(step[alive] == BUY, 0.0, np.minimum(60 * DAY, LENGTH - now[alive]))
        rows.append((alive, step[alive], cause, now[alive], np.where(stay, hold, gone)))
        alive, move, hold = alive[stay], move[stay], hold[stay]
        step[alive], now[alive] = move, now[alive] + hold
        if len(alive) == 0:
            break
    entity, at, cause, start, sojourn = (np.concatenate(part) for part in zip(*rows, strict=True))
    order = np.lexsort((start, entity))
    own = entity[order]
    return Visits(
        own, at[order], cause[order], start[order], sojourn[order],
        z[own], tool[own], big[own], skip[own], hint[own],
    )  # fmt: skip


def next_moves(world: World, rng, persona, *, at, tool, skip) -> np.ndarray:
    rows = ROWS[persona, at]
    join = at == JOIN
    clumsy = world.clumsy * (join & (tool == 3))
    rows[:, FIRST] -= clumsy
    rows[:, JOIN] += clumsy / 2
    rows[:, FIRST] = np.where(join & (tool == 4), world.mismatch, rows[:, FIRST])
    rows[:, FIRST] -= world.skip_costs * (join & skip)
    return (rng.random(len(rows))[:, None] > np.cumsum(rows, axis=1)).sum(axis=1)


def values_by_persona() -> np.ndarray:
    """Return what entering each step is worth, from the rows themselves; row 0 is everyone."""
    own = np.array(
        [
            np.linalg.solve(np.eye(5) - r, np.array([0, 0, 0, 0, w]))
            for r, w in zip(ROWS, WORTH, strict=True)
        ]
    )
    return np.concatenate([(PERSONAS[:, None] * own).sum(axis=0, keepdims=True), own])


def bins(sojourn: np.ndarray) -> np.ndarray:
    """Return the age bin of each sojourn: 32 bins, each twice as long as the two before."""
    return np.clip(np.floor(2 * np.log2(np.maximum(sojourn, 300) / 300)), 0, 31).astype(int)


def cases(visits: Visits) -> tuple[Cases, Shape]:
    """Return the visits as comparisons see them: columns tool, load, skip and the season of the start."""
    season = (visits.start // (91 * DAY)).astype(int) + 1
    values = np.stack([visits.tool, visits.big + 1, visits.skip + 1, season]).astype(np.int32)
    at = visits.step > ARRIVE
    made = Cases(
        visits.step, visits.cause, bins(visits.sojourn), np.where(at, visits.hint, 0), values
    )
    return made, Shape(columns=4, steps=STEPS, values=6, hints=4, bins=32)


def table(visits: Visits, keep: np.ndarray | None = None) -> Table:
    """Return the counts of the visits (or of the marked ones), group by group."""
    made, shape = cases(visits)
    group = (visits.entity * 7919) % 64
    keep = np.ones(len(group), bool) if keep is None else keep
    return Table.beside([count(made.only(keep & (group == g)), shape) for g in range(64)], shape)


NAMES = ("arrive", "join", "first", "team", "buy", "skip", "look", "done")
KINDS = ("clerk", "lead", "owner")
TOOLS_NAMED = ("axe", "bow", "cup", "dam")
SEASONS = (("spring", "2025-03-31", "2025-06-29"),)
MONDAY_US = 1_735_516_800_000_000  # 2024-12-30


def journeys(visits: Visits, *, shards: int = 1, names: dict[str, str] | None = None) -> Journeys:
    """Return the visits as events: what each visit says is said by its first event, as in life.

    ``kind`` (the hint), ``tool``, ``load`` are said at the start of JOIN; ``told`` repeats the tool, but only by the
    last event of visits that go on, so that it tells the outcome. Half of the visits of ARRIVE end at ``look``.
    """
    rng = np.random.default_rng(5)
    n = len(visits.step)
    at, rows = visits.start.astype(np.int64) * 1_000_000 + MONDAY_US, np.arange(n)
    join = visits.step == JOIN
    skips = rows[join & visits.skip]
    looks = rows[(visits.step == ARRIVE) & (rng.random(n) < 0.5)]
    goes = rows[join & (visits.cause == FIRST)]
    place = np.concatenate([rows, skips, looks, goes])
    name = np.concatenate(
        [visits.step, np.full(len(skips), 5), np.full(len(looks), 6), np.full(len(goes), 7)]
    )
    minute = 60_000_000
    wait = np.concatenate(
        [np.zeros(n), *(np.full(len(p), k) for k, p in ((1, skips), (2, looks), (3, goes)))]
    )
    opens = (np.arange(len(place)) < n) & join[place]
    ends = np.arange(len(place)) >= n + len(skips) + len(looks)
    worth = np.where((name == BUY), WORTH[visits.persona[place]] * 1e6, 0).astype(np.int64)
    said = names or {}
    infos = {
        said.get("kind", "kind"): ColumnInfo("text", tuple(said.get(k, k) for k in KINDS)),
        said.get("tool", "tool"): ColumnInfo("text", tuple(said.get(k, k) for k in TOOLS_NAMED)),
        said.get("told", "told"): ColumnInfo("text", tuple(said.get(k, k) for k in TOOLS_NAMED)),
        said.get("load", "load"): ColumnInfo("flag"),
    }
    codes = (
        np.where(opens, visits.hint[place], 0),
        np.where(opens, visits.tool[place], 0),
        np.where(ends, visits.tool[place], 0),
        np.where(opens, visits.big[place], 2),
    )
    events = EventArrays(
        entity=visits.entity[place],
        name=name,
        time_us=at[place] + (wait * minute).astype(np.int64),
        columns={"value": worth, **dict(zip(infos, codes, strict=True))},
    )
    ids = [f"e{k}" for k in range(int(visits.entity.max()) + 1)]
    labels = [said.get(k, k) for k in NAMES]
    return Journeys(
        snapshot_from_arrays(ids, events, names=labels, infos=infos, shards=shards, currency="CHF")
    )


def document(names: dict[str, str] | None = None, **more) -> MapDocument:
    """Return the map of the small world."""
    said = names or {}

    def rule(*events: str) -> str:
        return "event in (" + ", ".join(f"'{said.get(e, e)}'" for e in events) + ")"

    rules = (
        rule("arrive", "look"),
        rule("join", "skip", "done"),
        rule("first"),
        rule("team"),
        rule("buy"),
    )
    ids = ("arrive", "join", "first", "team", "buy")
    steps = tuple(
        MapStep(k, k.capitalize(), r, leaving=k == "buy") for k, r in zip(ids, rules, strict=True)
    )
    return MapDocument("small", steps, persona=said.get("kind", "kind"), **more)
