"""A gap is what its definition says, its error is the jackknife's, and the table behind it is exact."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.naive import gaps as naive
from tests.value import small_world as sw

from pathworth.value.gaps.cells import Counts, Table, count
from pathworth.value.gaps.compare import FEWEST_VISITS, Terms, cells_of

MONTHS = 12.0


@pytest.fixture(scope="module")
def visits():
    return sw.live(sw.World(people=1_500), seed=1)


@pytest.fixture(scope="module")
def terms():
    return Terms(sw.values_by_persona(), MONTHS)


def rows_of(table: Table, column: int, step: int, without: int = -1):
    digits, counts = table.of(column=column, step=step)
    found = Counter()
    for (value, unit, hint, cause, age), n in zip(digits.T.tolist(), counts.tolist(), strict=True):
        if unit != without:
            found[value, hint, cause, age] += n
    return [(*cell, n) for cell, n in found.items()]


def test_the_table_holds_each_visit_once_in_every_column(visits):
    cases, shape = sw.cases(visits)
    group = (visits.entity * 7919) % 64
    expected = naive.count_cells(
        cases.values, group, cases.step, cases.hint, cases.cause, cases.age
    )
    table = sw.table(visits)
    found = Counter()
    for column in range(shape.columns):
        for step in range(shape.steps):
            digits, counts = table.of(column=column, step=step)
            for (value, unit, hint, cause, age), n in zip(digits.T.tolist(), counts, strict=True):
                found[column, value, step, unit, hint, cause, age] += int(n)
    assert found == expected


def test_pieces_add_up_to_the_same_bytes_in_any_order(visits):
    cases, shape = sw.cases(visits)
    whole = count(cases, shape)
    pieces = [count(cases.only(np.arange(k, len(cases.step), 7)), shape) for k in range(7)]
    for order in (range(7), reversed(range(7))):
        total = Counts(np.zeros(0, np.int64), np.zeros(0, np.int64))
        for k in order:
            total = total.plus(pieces[k])
        assert total.keys.tobytes() == whole.keys.tobytes()
        assert total.counts.tobytes() == whole.counts.tobytes()


def test_taking_visits_out_leaves_the_table_of_the_others(visits):
    some = visits.tool == 4
    left = sw.table(visits).without(sw.table(visits, some))
    others = sw.table(visits, ~some)
    assert left.keys.tolist() == others.keys.tolist()
    assert left.unit.tolist() == others.unit.tolist()
    assert left.counts.tolist() == others.counts.tolist()


def test_a_gap_is_what_its_definition_says(visits, terms):
    table = sw.table(visits)
    worth = np.pad(terms.worth, ((0, 0), (0, 1))).tolist()
    cells = [
        c
        for step in (1, 2)
        for column in range(4)
        for c in cells_of(table, (column, step), terms=terms)
    ]
    assert len(cells) > 12
    for cell in cells:
        rows = rows_of(table, cell.column, cell.step)
        assert cell.w == pytest.approx(
            naive.gap(rows, cell.value, worth=worth, months=MONTHS), rel=1e-9
        )


def test_the_error_is_the_delete_a_group_jackknife(visits, terms):
    table = sw.table(visits)
    worth = np.pad(terms.worth, ((0, 0), (0, 1))).tolist()
    cell = next(c for c in cells_of(table, (0, 1), terms=terms) if c.value == 3)
    each = np.array(
        [
            naive.gap(rows_of(table, 0, 1, without=g), 3, worth=worth, months=MONTHS) * 64 / 63
            for g in range(64)
        ]
    )
    assert cell.without == pytest.approx(each, rel=1e-9)
    assert cell.se == pytest.approx(np.sqrt(63 / 64 * ((each - each.mean()) ** 2).sum()), rel=1e-9)


def test_under_fifty_visits_a_value_is_not_compared(visits, terms):
    few = (visits.tool != 2) | (np.cumsum((visits.tool == 2) & (visits.step == 1)) < FEWEST_VISITS)
    values = {c.value for c in cells_of(sw.table(visits, few), (0, 1), terms=terms)}
    assert values == {1, 3, 4}


def test_only_the_commonest_values_are_told_apart_and_the_rest_stand_together(terms):
    rng = np.random.default_rng(2)
    visits = sw.live(sw.World(people=9_000), seed=3)
    cases, _ = sw.cases(visits)
    many = rng.choice(np.arange(1, 31), p=np.arange(30, 0, -1) / 465, size=len(cases.step))
    wide = sw.Shape(columns=1, steps=5, values=31, hints=4, bins=32)
    only = sw.Cases(cases.step, cases.cause, cases.age, cases.hint, many[None].astype(np.int32))
    table = Table.beside([count(only.only(visits.entity % 64 == g), wide) for g in range(64)], wide)
    cells = cells_of(table, (0, 1), terms=terms)
    assert [c.value for c in cells] == list(range(1, 21))


def test_a_confounded_value_has_a_raw_gap_and_no_gap(visits, terms):
    big = sw.live(sw.World(people=8_000), seed=4)
    skips = next(c for c in cells_of(sw.table(big), (2, 1), terms=terms) if c.value == 2)
    assert skips.raw > 5 * skips.raw_se
    assert abs(skips.w) < 2.5 * skips.se


def test_without_hints_everyone_is_like_everyone(visits, terms):
    table = sw.table(visits)
    plain = cells_of(table, (2, 0), terms=terms, stratified=False)
    assert {c.value for c in plain} == {1, 2}
    assert plain[0].w == pytest.approx(plain[0].raw, rel=1e-9)


def test_a_slow_way_is_seen_on_its_own_move_only(terms):
    world = sw.live(sw.World(people=6_000), seed=5)
    loaded = next(c for c in cells_of(sw.table(world), (1, 1), terms=terms) if c.value == 2)
    assert loaded.slow_z[sw.FIRST] > 6
    assert abs(loaded.slow_z[sw.JOIN]) < 3
