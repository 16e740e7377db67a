"""Findings follow the world and not its names: change the world and they change, rename it and they stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from pathworth.journeys import Journeys, local_engine
from pathworth.learn.company import as_snapshot, changed, history, load_company, map_of, renamed
from pathworth.learn.company.world import Column, Events, World
from pathworth.learn.proof.findings import Row, grade_world
from pathworth.value import Findings, decide, findings

SEEDS = (2001, 2002, 2003)
EACH = [2001, *(pytest.param(seed, marks=pytest.mark.soak) for seed in SEEDS[1:])]
PEOPLE = 20_000
pytestmark = pytest.mark.slow


@cache
def world(seed: int, **changes: float) -> World:
    company = load_company()
    for path, value in changes.items():
        company = changed(company, path.replace("__", "."), value=value)
    return history(company, people=PEOPLE, seed=seed)


@cache
def graded(seed: int, **changes: float) -> Row:
    return grade_world(world(seed, **changes))


def found(of: World) -> Findings:
    journeys, document = Journeys(as_snapshot(of)), map_of(of)
    plan, few = decide(journeys, document, engine=local_engine())
    return findings(journeys, plan, few=few)


@pytest.mark.parametrize("seed", EACH)
def test_a_renamed_world_gives_the_same_rows_and_money(seed):
    plain, other = world(seed), renamed(world(seed), seed)
    back = {new: old for old, new in other.words.items()}

    def told(result: Findings, name: Callable[[str | None], str | None]) -> list[object]:
        rows = [
            (
                r.from_,
                r.to,
                name(r.group.property),
                name(r.group.value),
                r.per_month,
                r.interval,
                r.q,
            )
            for r in (*result.do_next, *result.cannot_fix)
        ]
        ignored = [
            (r.reason, r.from_, name(r.event), r.group and name(r.group.value))
            for r in result.ignore
        ]
        return [*rows, *ignored]

    assert told(found(other), lambda word: back.get(word, word)) == told(
        found(plain), lambda word: word
    )


@pytest.mark.parametrize("seed", EACH)
def test_a_friction_switched_off_leaves_do_next(seed):
    assert graded(seed)["F2"][1]
    assert graded(seed, frictions__ledger_wizard=0.0)["F2"][0] == 0


def test_a_friction_doubled_about_doubles():
    ratio = [
        graded(seed, frictions__rules_by_hand=2.0)["F4"][2] / graded(seed)["F4"][2]
        for seed in SEEDS
    ]
    assert 1.5 < float(np.mean(ratio)) < 2.5


@pytest.mark.parametrize("seed", EACH)
def test_skipping_that_costs_ten_points_leaves_ignore(seed):
    assert graded(seed)["N1"][1]
    assert graded(seed, frictions__tour_skipped=0.10)["N1"][0] == 0


@pytest.mark.parametrize("seed", EACH)
def test_a_connection_that_works_for_some_is_no_mismatch(seed):
    assert graded(seed)["M1"][1]
    assert graded(seed, planted__connector_first_value=0.30)["M1"][0] == 0


def with_letters(of: World) -> World:
    """Return the world with what a tool for letters tells beside its events: ten properties that hang on nothing."""
    rng, events = np.random.default_rng(3), of.events
    rows = np.arange(0, len(events.person), 8)
    nothing = np.zeros(len(rows), np.int64)

    def longer(held: np.ndarray, more: np.ndarray) -> np.ndarray:
        return np.concatenate([held, more.astype(held.dtype)])

    columns = {
        name: Column(one.values, longer(one.codes, nothing)) for name, one in events.columns.items()
    }
    for k in range(10):
        codes = longer(np.zeros(len(events.person), np.uint16), rng.integers(1, 5, len(rows)))
        columns[f"letter {k}"] = Column(("a", "b", "c", "d"), codes)
    return replace(
        of,
        names=(*of.names, "Letter"),
        events=Events(
            person=longer(events.person, events.person[rows]),
            name=longer(events.name, np.full(len(rows), len(of.names))),
            time_us=longer(events.time_us, events.time_us[rows] + 1),
            message=longer(events.message, events.message.max() + 1 + np.arange(len(rows))),
            value_micro=longer(events.value_micro, nothing),
            cost_micro=longer(events.cost_micro, nothing),
            columns=columns,
        ),
    )


@pytest.mark.parametrize("seed", SEEDS[:1])
def test_a_tool_beside_the_events_changes_no_row_and_no_money_of_what_is_planted(seed):
    alone, joined = found(world(seed)), found(with_letters(world(seed)))
    own = [row for row in joined.do_next if not row.group.property.startswith("letter ")]
    assert {"ledger", "lines_a_month"} <= {row.group.property for row in own}
    assert own == list(alone.do_next)[: len(own)]
    assert joined.cannot_fix == alone.cannot_fix
