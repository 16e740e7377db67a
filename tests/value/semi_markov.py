"""A world whose closed form is known: people move between steps by a semi-Markov chain and earn money on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pathworth.atlas import MapDocument, MapStep
from pathworth.store import ColumnInfo, EventArrays, Snapshot, snapshot_from_arrays

DAY_US = 86_400_000_000
MONDAY_US = 1_759_104_000_000_000
"""Monday 2025-09-29, 00:00 UTC."""
MICRO = 1_000_000


@dataclass(frozen=True)
class Chain:
    """Rows of chances, median days at each step, chances of the first step, money at each step."""

    moves: np.ndarray
    days: np.ndarray
    begin: np.ndarray
    money: np.ndarray

    @property
    def steps(self) -> int:
        return len(self.moves)

    def worth(self) -> np.ndarray:
        return np.linalg.solve(np.eye(self.steps) - self.moves, self.money)

    def visits(self) -> np.ndarray:
        return np.linalg.solve((np.eye(self.steps) - self.moves).T, self.begin)

    def gain(self) -> np.ndarray:
        """Money per entrant of one point; money is earned on arrival, so r_ij = r_i,exit."""
        return 0.01 * self.visits()[:, None] * self.worth()[None, :]


PLAIN = Chain(
    moves=np.array([[0.2, 0.4, 0.05, 0], [0.1, 0.1, 0.35, 0], [0, 0.05, 0.1, 0.3], [0, 0, 0, 0.0]]),
    days=np.array([4.0, 3.0, 2.0, 1.0]),
    begin=np.array([0.7, 0.3, 0.0, 0.0]),
    money=np.array([0.0, -1.0, 0.0, 500.0]),
)
EAGER = Chain(
    moves=np.array([[0.1, 0.7, 0.1, 0], [0.0, 0.1, 0.7, 0], [0, 0.0, 0.1, 0.8], [0, 0, 0, 0.0]]),
    days=np.array([1.0, 1.0, 1.0, 1.0]),
    begin=np.array([0.5, 0.5, 0.0, 0.0]),
    money=np.array([0.0, -1.0, 0.0, 900.0]),
)
NAMES = ("a", "b", "c", "d")


def document(**more: object) -> MapDocument:
    steps = tuple(MapStep(name, name.upper(), f"event = '{name}'") for name in NAMES)
    return MapDocument(**{"name": "m", "steps": steps, **more})


@dataclass
class _Log:
    entity: list = field(default_factory=list)
    step: list = field(default_factory=list)
    time: list = field(default_factory=list)
    money: list = field(default_factory=list)


def simulate(
    chains: list[Chain],
    *,
    people: int,
    seed: int,
    weeks: int = 52,
    entry_weeks: int | None = None,
    shares: tuple[float, ...] = (1.0,),
    deadline_days: float | None = None,
    shards: int = 2,
) -> Snapshot:
    """Return the snapshot of a world; each person follows one of the chains, named by the property `kind`."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(len(chains), people, p=shares)
    begun = MONDAY_US + (rng.random(people) * (entry_weeks or weeks) * 7 * DAY_US).astype(np.int64)
    log = _Log()
    for k, chain in enumerate(chains):
        _walk(chain, rng, np.flatnonzero(kind == k), begun, log, deadline_days)
    entity, step, time, money = (
        np.concatenate(c) for c in (log.entity, log.step, log.time, log.money)
    )
    seen = time < MONDAY_US + weeks * 7 * DAY_US
    return snapshot_from_arrays(
        [f"person {k}" for k in range(people)],
        EventArrays(
            entity=entity[seen],
            name=step[seen],
            time_us=time[seen],
            seq=None,
            columns={
                "value": np.rint(money[seen] * MICRO).astype(np.int64),
                "kind": (kind[entity[seen]] + 1).astype(np.uint16),
            },
        ),
        names=list(NAMES),
        infos={"kind": ColumnInfo("text", tuple(f"kind {k}" for k in range(len(chains))))},
        shards=shards,
    )


def _walk(chain, rng, entity, begun, log, deadline_days) -> None:
    step = rng.choice(chain.steps, len(entity), p=chain.begin)
    time = begun[entity]
    while len(entity):
        log.entity.append(entity)
        log.step.append(step)
        log.time.append(time)
        log.money.append(chain.money[step])
        following = (rng.random(len(entity))[:, None] >= np.cumsum(chain.moves, axis=1)[step]).sum(
            1
        )
        days = np.exp(rng.normal(np.log(chain.days[step]), 1.0))
        then = time + (days * DAY_US).astype(np.int64) + 31 * 60 * 1_000_000
        on = following < chain.steps
        if deadline_days is not None:
            on &= then - begun[entity] < deadline_days * DAY_US
        entity, step, time = entity[on], following[on], then[on]
