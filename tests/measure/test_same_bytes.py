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
    for order in ("ordered", "strict", "any"):
        ask = measure.AskFunnel(steps=tuple(STEPS), within="9d", order=order, by="plan")
        answer = measure.funnel(chosen, STEPS, within="9d", order=order, by="plan")
        total = lambda cell, ask=ask: measure.people(chosen, ask, cell=cell).total  # noqa: E731
        rows = [row.entities for row in answer.steps]
        assert [total(f"reached {k}") for k in (1, 2, 3)] == rows
        assert [total(f"dropped {k}") for k in (2, 3)] == [rows[0] - rows[1], rows[1] - rows[2]]
        for part in answer.by:
            assert total(f"reached 2 of {part.value}") == part.steps[1].entities


@pytest.mark.parametrize("mode", ["calendar", "rolling", "unbounded", "recurring"])
def test_the_cells_of_all_parts_add_up_to_the_total(mode):
    answer = measure.retention(Journeys(WORLDS[1]), period="week", mode=mode, by="plan")
    assert answer.overlap == 0
    for cohort in answer.cohorts:
        mine = [one for part in answer.by for one in part.cohorts if one.start == cohort.start]
        assert sum(one.size for one in mine) == cohort.size
        for k, n in enumerate(cohort.retained):
            assert n is None or sum(one.retained[k] for one in mine) == n


def test_people_come_in_pages_that_join_to_the_whole_list():
    chosen, ask = Journeys(WORLDS[1]), measure.AskTransitions()
    whole = measure.people(chosen, ask, cell="e0 > e1")
    pages = [
        measure.people(chosen, ask, cell="e0 > e1", offset=k, limit=100).ids
        for k in range(0, whole.total, 100)
    ]
    assert sum(pages, ()) == whole.ids
    assert list(whole.ids) == sorted(set(whole.ids))
