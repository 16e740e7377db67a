"""Do next names the planted frictions with their money, keeps mismatches apart, and lists nobody twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.value import small_world as sw

from pathworth.journeys import LocalEngine
from pathworth.measure import bh_q
from pathworth.store import ColumnInfo
from pathworth.value import decide
from pathworth.value.findings import findings
from pathworth.value.gaps.compare import cells_of
from pathworth.value.gaps.hits import _main, is_slow, upper95
from pathworth.value.gaps.survey import survey
from pathworth.value.next import _dearest, capped, clean, do_next, value_lost

ENGINE = LocalEngine(2)


def found(world: sw.World, seed: int, *, shards: int = 1, engine=ENGINE, names=None):
    journeys = sw.journeys(sw.live(world, seed), shards=shards, names=names)
    document = sw.document(names, calendar=sw.SEASONS)
    plan, few = decide(journeys, document, engine=engine)
    return findings(journeys, plan, few=few, engine=engine)


def groups(rows):
    return [(r.from_, r.group.property, r.group.value) for r in rows]


CLUMSY, LOADED, MISMATCH = (
    ("join", "tool", "cup"),
    ("join", "load", "true"),
    ("join", "tool", "dam"),
)


@pytest.fixture(scope="module")
def planted():
    return found(sw.World(people=7_000), seed=0)


def test_planted_frictions_come_first_and_the_mismatch_stands_apart(planted):
    assert groups(planted.do_next)[:2] == [CLUMSY, LOADED]
    assert groups(planted.cannot_fix) == [MISMATCH]
    assert MISMATCH not in groups(planted.do_next)


def test_the_worth_of_a_friction_is_what_repairing_it_brings(planted):
    row = planted.do_next[0]
    assert row.interval[0] < row.per_month < row.interval[1]
    assert row.recoverable_points <= row.gap_points == pytest.approx(24, abs=8)
    visits = sw.live(sw.World(people=7_000), seed=0)
    worth = sw.values_by_persona()
    join = (visits.step == sw.JOIN) & (visits.tool == 3)
    lost = 0.24 * worth[1:][visits.persona[join], sw.FIRST]
    lost -= 0.12 * worth[1:][visits.persona[join], sw.JOIN]
    per_month = lost.sum() / (350 / 30.4375)
    assert 0.5 * per_month < row.per_month < 1.5 * per_month


def test_a_friction_of_time_says_so_and_is_worth_more_with_later_steps(planted):
    row = planted.do_next[1]
    assert row.title.startswith("Shorten the way from Join to First")
    assert "times as long" in row.because
    assert row.with_later_steps > row.per_month


def test_rows_say_a_count_and_a_comparison_in_plain_words(planted):
    for row in (*planted.do_next, *planted.cannot_fix):
        assert "in 100 of" in row.because
        assert "comparable people" in row.because
        assert not {"insight", "leverage", "AI"} & set(row.title.split() + row.because.split())
        assert not any(sign in row.title + row.because for sign in "€$£!")


def test_a_friction_switched_off_leaves_do_next():
    rows = found(sw.World(people=7_000, clumsy=0.0), seed=0)
    assert CLUMSY not in groups(rows.do_next)


def test_a_friction_doubled_about_doubles():
    rows = [found(sw.World(people=7_000, clumsy=c), seed=3).do_next for c in (0.18, 0.36)]
    once, twice = (next(r for r in some if r.group.value == "cup") for some in rows)
    assert 1.5 < twice.per_month / once.per_month < 2.8


def test_a_mismatch_that_lets_some_through_is_no_longer_structural():
    rows = found(sw.World(people=7_000, mismatch=0.35), seed=0)
    assert rows.cannot_fix == ()


def test_a_declared_mismatch_needs_no_statistics():
    journeys = sw.journeys(sw.live(sw.World(people=4_000, mismatch=0.5), 1))
    document = sw.document(structural=(("tool", "dam"),))
    plan, few = decide(journeys, document, engine=ENGINE)
    rows = findings(journeys, plan, few=few, engine=ENGINE)
    assert MISMATCH[1:] in {g[1:] for g in groups(rows.cannot_fix)}
    assert all(r.group.value != "dam" for r in rows.do_next)
    assert all(r.because.startswith("Declared on the map") for r in rows.cannot_fix)


def test_other_names_give_the_same_rows_and_money(planted):
    words = [
        "clerk",
        "lead",
        "owner",
        "axe",
        "bow",
        "cup",
        "dam",
        *sw.NAMES,
        "kind",
        "tool",
        "told",
        "load",
    ]
    other = {word: f"n{k * 37 % 101:03d}x" for k, word in enumerate(words)}
    renamed = found(sw.World(people=7_000), seed=0, names=other)
    back = {new: old for old, new in other.items()}

    def told(rows):
        return [
            (r.from_, back.get(r.group.property, r.group.property), back.get(r.group.value, r.group.value),
             round(r.per_month, 6), round(r.interval[0], 6))
            for r in rows
        ]  # fmt: skip

    assert told(renamed.do_next) == told(planted.do_next) or sorted(
        told(renamed.do_next)
    ) == sorted(told(planted.do_next))
    assert told(renamed.cannot_fix) == told(planted.cannot_fix)


@pytest.mark.parametrize(("shards", "threads"), [(1, 1), (4, 2), (2, 8)])
def test_the_same_rows_for_any_number_of_shards_and_threads(planted, shards, threads):
    again = found(sw.World(people=7_000), seed=0, shards=shards, engine=LocalEngine(threads))
    assert repr(again) == repr(planted)


def test_all_frictions_of_a_step_never_exceed_the_value_lost_there(planted):
    journeys = sw.journeys(sw.live(sw.World(people=5_000), 2))
    plan, few = decide(journeys, sw.document(), engine=ENGINE)
    counted = survey(journeys, plan, few=few, engine=ENGINE)
    lost = dict(zip((s.id for s in plan.document.steps), value_lost(counted), strict=True))
    rows = list(do_next(counted, clean(counted)))
    large = [
        replace(row, per_month=lost[row.from_] * 0.8, interval=(0.0, 1.0)) for row in rows[:1] * 3
    ]
    for given in (rows, large):
        for step, most in lost.items():
            total = sum(r.per_month for r in capped(counted, given) if r.from_ == step)
            assert total <= most * (1 + 1e-9)
    assert sum(r.per_month for r in capped(counted, large)) == pytest.approx(lost["join"])


def test_the_same_people_under_another_name_are_listed_once():
    visits = sw.live(sw.World(people=6_000), 1)
    journeys = sw.journeys(visits)
    shard = journeys.snapshot.shards[0]
    twin = {**shard.columns, "alias": shard.columns["tool"]}
    snapshot = replace(
        journeys.snapshot,
        shards=(replace(shard, columns=twin),),
        columns={**journeys.snapshot.columns, "alias": journeys.snapshot.columns["tool"]},
    )
    doubled = replace(journeys, snapshot=snapshot)
    plan, few = decide(doubled, sw.document(), engine=ENGINE)
    rows = findings(doubled, plan, few=few, engine=ENGINE).do_next
    assert [r.group.value for r in rows if r.from_ == "join"].count("cup") == 1


def lettered(journeys, *, many: int, on: str):
    """Return the journeys with letters between their events, which carry so many properties that hang on nothing."""
    rng = np.random.default_rng(11)
    shard, snapshot = journeys.snapshot.shards[0], journeys.snapshot
    twice = np.repeat(np.arange(len(shard.name)), 2)
    letter = np.arange(len(twice)) % 2 == 1
    columns = {
        name: np.where(letter, 2 if snapshot.columns[name].kind == "flag" else 0, held[twice])
        for name, held in shard.columns.items()
    }
    columns = {name: held.astype(shard.columns[name].dtype) for name, held in columns.items()}
    for k in range(many):
        of = letter if on == "letter" else ~letter
        columns[f"of {k}"] = np.where(of, rng.integers(1, 5, len(twice)), 0).astype(np.uint16)
    made = replace(
        shard,
        columns=columns,
        name=np.where(letter, len(snapshot.names), shard.name[twice]).astype(np.uint16),
        time_us=shard.time_us[twice] + letter,
        seq=np.arange(1, len(twice) + 1, dtype=np.int64),
        offset=shard.offset * 2,
    )
    infos = {f"of {k}": ColumnInfo("text", ("a", "b", "c", "d")) for k in range(many)}
    return replace(
        journeys,
        snapshot=replace(
            snapshot,
            id=f"{many} {on}",
            shards=(made,),
            names=(*snapshot.names, "letter"),
            columns={**snapshot.columns, **infos},
        ),
    )


def test_what_another_tool_tells_changes_no_row_about_the_maps_own_properties():
    journeys = sw.journeys(sw.live(sw.World(people=6_000), 1))

    def rows(some):
        document = sw.document(calendar=sw.SEASONS)
        plan, few = decide(some, document, engine=ENGINE)
        return findings(some, plan, few=few, engine=ENGINE)

    alone, joined = rows(journeys), rows(lettered(journeys, many=12, on="letter"))
    assert len(alone.do_next) >= 2
    own = [row for row in joined.do_next if not row.group.property.startswith("of ")]
    assert own == list(alone.do_next)[: len(own)]
    assert own[:2] == list(alone.do_next)[:2]
    assert joined.cannot_fix == alone.cannot_fix
    # The same on the map's own events are of the same family, and do take part in what is believed.
    assert rows(lettered(journeys, many=12, on="step")).do_next[:2] != alone.do_next[:2]


def test_without_a_hint_nothing_is_ranked_and_a_note_says_why():
    journeys = sw.journeys(sw.live(sw.World(people=3_000), 1))
    document = replace(sw.document(), persona=None)
    plan, few = decide(journeys, document, engine=ENGINE)
    rows = findings(journeys, plan, few=few, engine=ENGINE)
    assert rows.do_next == rows.cannot_fix == ()
    assert "nothing is ranked" in rows.notes[0]
    assert rows.compared == frozenset()
    assert {row.reason for row in rows.ignore} <= {"come_back"}
    assert rows.do_next_why is not None
    assert rows.do_next_why.startswith("The map names no persona")


def test_an_empty_list_has_its_reason_and_a_full_one_has_none(planted):
    assert planted.do_next
    assert planted.do_next_why is None
    assert (planted.ignore_why is None) == bool(planted.ignore)
    assert planted.compared == {"join", "first", "team"}
    still = found(sw.World(people=500, clumsy=0.0, slow=1.0, mismatch=0.7), 0)
    assert still.do_next or "by more than chance" in (still.do_next_why or "")


def test_a_step_with_memory_is_marked_and_never_first(planted):
    rows = [replace(planted.do_next[0], memory=True), *planted.do_next[1:2]]
    assert [r.memory for r in _dearest(rows)] == [False, True]
    assert _dearest(rows[:1]) == tuple(rows[:1])


def test_benjamini_hochberg_is_the_published_one():
    p = np.random.default_rng(3).random(50) ** 2
    assert bh_q(p) == pytest.approx(stats.false_discovery_control(p), rel=1e-12)


def test_the_upper_end_of_a_rate_is_wilsons():
    expected = stats.binomtest(4, 100).proportion_ci(method="wilson").high
    assert upper95(0.04, 100) == pytest.approx(expected, rel=1e-6)


def test_in_a_world_without_frictions_hardly_anything_is_listed():
    still = sw.World(people=4_000, clumsy=0.0, slow=1.0, mismatch=0.7)
    listed = [len(found(still, seed).do_next) for seed in range(4)]
    assert sum(listed) <= 4


def test_only_a_slow_group_is_summed_over_steps():
    journeys = sw.journeys(sw.live(sw.World(people=6_000), 2))
    plan, few = decide(journeys, sw.document(), engine=ENGINE)
    counted = survey(journeys, plan, few=few, engine=ENGINE)
    names = [c.name for c in counted.columns]
    at = {
        n: cells_of(counted.table, (names.index(n), sw.JOIN), terms=counted.terms)
        for n in ("load", "tool")
    }
    assert [is_slow(counted, c) for c in at["load"] if c.value == 2] == [True]
    assert not any(is_slow(counted, c) for c in at["tool"])


def test_with_few_people_single_entities_are_the_units_and_nothing_is_claimed():
    journeys = sw.journeys(sw.live(sw.World(people=150), 1))
    plan, few = decide(journeys, sw.document(), engine=ENGINE)
    assert few
    rows = findings(journeys, plan, few=few, engine=ENGINE)
    assert rows.do_next == ()


def test_a_friction_is_named_where_it_loses_time_only_before_it_costs_most():
    journeys = sw.journeys(sw.live(sw.World(people=6_000), 2))
    plan, few = decide(journeys, sw.document(), engine=ENGINE)
    counted = survey(journeys, plan, few=few, engine=ENGINE)
    tool = [c.name for c in counted.columns].index("tool")
    cells = [
        next(c for c in cells_of(counted.table, (tool, step), terms=counted.terms) if c.value == 3)
        for step in (sw.JOIN, sw.FIRST, sw.TEAM)
    ]
    late = np.full(len(cells[0].slow_z), 9.0)
    slow_later = [cells[0], cells[1], replace(cells[2], slow_z=late)]
    slow_before = [replace(cells[0], slow_z=late), *cells[1:]]
    first, last = ((c, 1.0) for c in (replace(cells[0], w=9e9), replace(cells[2], w=9e9)))
    assert _main(counted, slow_later, [first]).step == sw.JOIN
    assert _main(counted, slow_before, [last]).step == sw.JOIN
    assert _main(counted, cells, [last]).step == sw.TEAM
