"""Ignore names what looks bad and does not matter, gives the right reason, and forgets it when it begins to matter."""

from __future__ import annotations

import numpy as np
import pytest
from tests.value import small_world as sw

from pathworth.journeys import LocalEngine
from pathworth.value import decide
from pathworth.value.findings import findings
from pathworth.value.gaps.compare import Cell
from pathworth.value.ignore import back_rates, harmless

ENGINE = LocalEngine(2)


def found(world: sw.World, seed: int):
    journeys = sw.journeys(sw.live(world, seed))
    plan, few = decide(journeys, sw.document(), engine=ENGINE)
    return findings(journeys, plan, few=few, engine=ENGINE)


@pytest.fixture(scope="module")
def planted():
    return found(sw.World(people=7_000), seed=0)


def test_a_step_that_only_some_kinds_of_people_skip_may_be_ignored(planted):
    row = next(r for r in planted.ignore if r.event == "skip")
    assert row.reason == "same_outcome"
    assert row.from_ == "join"
    assert "Like compared with like" in row.because
    assert row.look_again_if.startswith("Look again if")


def test_a_page_whose_exits_come_back_may_be_ignored(planted):
    row = next(r for r in planted.ignore if r.event == "look")
    assert row.reason == "come_back"
    assert "end there" in row.title
    assert "back within two weeks" in row.because


def test_skipping_that_costs_ten_points_is_no_longer_ignored():
    rows = found(sw.World(people=7_000, skip_costs=0.10), seed=0).ignore
    assert all(r.event != "skip" for r in rows)


def test_what_is_worth_doing_is_never_ignored(planted):
    doing = {(r.group.property, r.group.value) for r in planted.do_next}
    ignored = {(r.group.property, r.group.value) for r in planted.ignore if r.group}
    assert not doing & ignored


def cell(**more) -> Cell:
    none = np.zeros(3)
    figures = {"w": 0.0, "se": 10.0, "raw": 100.0, "raw_se": 20.0, **more}
    return Cell(
        0,
        1,
        1,
        500,
        450,
        without=none,
        own=none,
        like=none,
        own_age=none,
        like_age=none,
        slow_z=none,
        **figures,
    )


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([cell()], True),
        ([cell(raw_se=40.0)], False),
        ([cell(w=60.0)], False),
        ([cell(w=45.0, se=40.0)], False),
        ([cell(), cell(w=9.0, raw=10.0)], True),
        ([cell(raw=400.0), cell(w=35.0, raw=30.0)], False),
        ([cell(), cell(w=9.0, raw_se=60.0)], True),
    ],
)
def test_harmless_means_bad_beyond_chance_and_gone_among_like_people(cells, expected):
    assert harmless(cells) is expected


def test_people_come_back_as_often_as_like_people_whatever_the_mix():
    own = np.array([[0, 0], [100, 80], [300, 60]])
    others = np.array([[50, 50], [300, 240], [100, 20]])
    assert back_rates(own, others, stratified=True) == pytest.approx((0.35, 0.35))
    plain = back_rates(own, others, stratified=False)
    assert plain == pytest.approx((140 / 400, 310 / 450))
    assert back_rates(np.zeros((2, 2), int), others[:2], stratified=True) is None
