"""Every question gives the same bytes whatever the threads and shards, and lists the people of every cell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.journeys.build import random_rows, snapshot

from pathworth import measure
from pathworth.base.json import to_json, to_text
from pathworth.base.period import Period
from pathworth.journeys import Journeys, LocalEngine, engine

ROWS = random_rows(7, people=900, events=9_000)
PLANS = [None if k % 4 == 0 else ("pro", "free", "team")[k % 3] for k in range(len(ROWS))]
COLUMNS = {"plan": PLANS, "size": [float(k % 5) for k in range(len(ROWS))]}
WORLDS = [snapshot(ROWS, columns=COLUMNS, shards=k) for k in (1, 4)]
STEPS = ["e0", "early := event = 'e1' and size < 3", "late := plan = 'pro' or event = 'e2'"]
CUT = Period(1_701_000_000_000_000, 1_706_000_000_000_000)


def _pair(journeys):
    return tuple(replace(journeys, who=f"plan = '{plan}'") for plan in ("pro", "free"))


QUESTIONS = {
    "transitions": lambda j, e: measure.transitions(j, engine=e),
    "people of edges": lambda j, e: measure.transitions(
        j, times="quantiles", entities=True, engine=e
    ),
    "edges by plan": lambda j, e: measure.transitions(j, by="plan", engine=e),
    "edges of steps": lambda j, e: measure.transitions(j, steps=STEPS, times="quantiles", engine=e),
    "funnel": lambda j, e: measure.funnel(j, STEPS, within="7d", by="plan", engine=e),
    "strict": lambda j, e: measure.funnel(j, STEPS, order="strict", engine=e),
    "any": lambda j, e: measure.funnel(j, STEPS, within="1d", order="any", engine=e),
    "times of a funnel": lambda j, e: measure.funnel(
        j, STEPS, within="9d", by="plan", times="quantiles", engine=e
    ),
    "funnel of two": lambda j, e: measure.funnel_diff(_pair(j), STEPS, within="9d", engine=e),
    "funnel of two that share": lambda j, e: measure.funnel_diff(
        (j, replace(j, who=None)), STEPS, engine=e
    ),
    "retention by plan": lambda j, e: measure.retention(j, period="month", by="plan", engine=e),
    "retention of two": lambda j, e: measure.retention_diff(_pair(j), period="month", engine=e),
    "sessions of two": lambda j, e: measure.sessions_diff(_pair(j), gap="6h", engine=e),
    "retention": lambda j, e: measure.retention(j, start="event = 'e0'", period="week", engine=e),
    "rolling": lambda j, e: measure.retention(j, period="month", mode="rolling", engine=e),
    "unbounded": lambda j, e: measure.retention(j, period="day", mode="unbounded", engine=e),
    "sessions": lambda j, e: measure.sessions(j, gap="6h", engine=e),
    "people": lambda j, e: measure.people(
        j, measure.EdgeCell("e0", "e1"), offset=3, limit=40, engine=e
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "selection", [{}, {"where": "size <> 2", "who": "plan = 'pro'", "period": CUT}]
)
def test_the_bytes_do_not_depend_on_threads_or_shards(question, selection, monkeypatch):
    monkeypatch.setattr(engine, "SMALL", 1)
    found = {
        to_text(to_json(QUESTIONS[question](Journeys(world, **selection), LocalEngine(threads))))
        for world in WORLDS
        for threads in (1, 2, 8)
    }
    assert len(found) == 1
    assert '"as_of":{"snapshot":"memory","seq":9000}' in next(iter(found))


@pytest.mark.parametrize("selection", [{}, {"where": "size <> 2", "period": CUT}])
def test_a_list_of_people_is_as_long_as_its_cell_says(selection):
    chosen = Journeys(WORLDS[1], **selection)
    total = lambda cell, **more: measure.people(chosen, cell, **more).total  # noqa: E731
    moves = measure.transitions(chosen, entities=True, by="plan")
    assert total(measure.SelectionCell()) == moves.entities
    for edge in moves.edges:
        assert total(measure.EdgeCell(edge.from_, edge.to)) == edge.entities
    for part in moves.by:
        edge = part.edges[0]
        assert total(measure.EdgeCell(edge.from_, edge.to, "plan", part.value)) == edge.entities


@pytest.mark.parametrize("mode", ["calendar", "rolling", "unbounded"])
def test_the_people_of_a_part_of_a_cohort_are_those_retained_and_those_lost(mode):
    chosen = Journeys(WORLDS[1])
    asked = {"start": "event = 'e0'", "period": "month", "mode": mode}

    def total(*cell, **more):
        return measure.people(chosen, measure.RetentionCell(*cell, **asked, **more)).total

    parts = measure.retention(chosen, by="plan", **asked).by
    assert {part.value for part in parts} == {"pro", "free", "team"}
    for part in parts:
        part_of = {"by": "plan", "value": part.value}
        for cohort in part.cohorts:
            for k, n in enumerate(cohort.retained):
                if n is None:
                    continue
                assert total(cohort.start, k, **part_of) == n
                assert total(cohort.start, k, what="lost", **part_of) == cohort.size - n


@pytest.mark.parametrize("mode", ["calendar", "rolling", "unbounded"])
def test_the_cells_of_all_parts_add_up_to_the_total(mode):
    answer = measure.retention(Journeys(WORLDS[1]), period="week", mode=mode, by="plan")
    assert answer.overlap == 0
    for cohort in answer.cohorts:
        mine = [one for part in answer.by for one in part.cohorts if one.start == cohort.start]
        assert sum(one.size for one in mine) == cohort.size
        for k, n in enumerate(cohort.retained):
            assert n is None or sum(one.retained[k] for one in mine) == n


@pytest.mark.parametrize("mode", ["calendar", "rolling", "unbounded"])
def test_the_people_of_a_cohort_are_as_many_as_its_cells_say(mode):
    chosen = Journeys(WORLDS[1], where="size <> 2")
    asked = {"start": "event = 'e0'", "return_": "event <> 'e0'", "period": "month", "mode": mode}
    for cohort in measure.retention(chosen, **asked).cohorts:
        for k, n in enumerate(cohort.retained):
            if n is not None:
                assert (
                    measure.people(chosen, measure.RetentionCell(cohort.start, k, **asked)).total
                    == n
                )


def test_people_come_in_pages_that_join_to_the_whole_list():
    chosen, cell = Journeys(WORLDS[1]), measure.EdgeCell("e0", "e1")
    whole = measure.people(chosen, cell)
    pages = [
        measure.people(chosen, cell, offset=k, limit=100).ids for k in range(0, whole.total, 100)
    ]
    assert sum(pages, ()) == whole.ids
    assert list(whole.ids) == sorted(set(whole.ids))


def test_people_of_an_edge_between_steps_are_those_of_the_steps():
    chosen = Journeys(WORLDS[0])
    for edge in measure.transitions(chosen, steps=STEPS, entities=True).edges:
        cell = measure.EdgeCell(edge.from_, edge.to)
        assert measure.people(chosen, cell, steps=tuple(STEPS)).total == edge.entities
