"""What holds for every question of the table: same bytes, people of every cell, parameters, notebooks."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, replace
from typing import get_args, get_type_hints

import matplotlib as mpl
import pytest
from tests.journeys.build import random_rows, snapshot
from tests.measure.asks import EXAMPLES

from pathworth import measure
from pathworth.base.errors import UnknownName
from pathworth.base.json import to_json, to_text
from pathworth.base.period import Period
from pathworth.journeys import Journeys, LocalEngine, engine

pytestmark = pytest.mark.slow

mpl.use("Agg")
ROWS = random_rows(7, people=900, events=9_000)
PLANS = [None if k % 4 == 0 else ("pro", "free", "team")[k % 3] for k in range(len(ROWS))]
COLUMNS = {
    "plan": PLANS,
    "size": [float(k % 5) for k in range(len(ROWS))],
    "value": [k % 7 * 10.0 if k % 3 == 0 else 0 for k in range(len(ROWS))],
}
WORLDS = [snapshot(ROWS, columns=COLUMNS, shards=k) for k in (1, 4)]
CUT = Period(1_701_000_000_000_000, 1_706_000_000_000_000)
SELECTIONS = [{}, {"where": "size <> 2", "who": "plan = 'pro'", "period": CUT}]
ASKED = [(word, k) for word, asks in EXAMPLES.items() for k in range(len(asks))]
ONE = LocalEngine(1)


def pair_of(journeys):
    return tuple(replace(journeys, who=f"plan = '{plan}'") for plan in ("pro", "free"))


def text(answer):
    return to_text(to_json(answer))


def test_every_question_has_an_example():
    assert {ask.word for ask in measure.ASKS} == set(EXAMPLES)


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize(("word", "k"), ASKED)
def test_the_same_bytes_whatever_the_threads_and_shards(word, k, selection, monkeypatch):
    monkeypatch.setattr(engine, "SMALL", 1)
    ask = EXAMPLES[word][k]
    found = {
        text(ask.answer(Journeys(world, **selection), engine=LocalEngine(threads)))
        for world in WORLDS
        for threads in (1, 2, 8)
    }
    assert len(found) == 1
    if isinstance(ask, measure.Compares):
        pairs = [pair_of(Journeys(world)) for world in WORLDS]
        assert (
            len({text(ask.differ(one, engine=LocalEngine(t))) for one in pairs for t in (1, 8)})
            == 1
        )


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize(("word", "k"), ASKED)
def test_every_cell_has_as_many_people_as_it_says(word, k, selection):
    ask, journeys = EXAMPLES[word][k], Journeys(WORLDS[1], **selection)
    cells = ask.answer(journeys, engine=ONE).cells()
    assert cells
    some = list(cells.items())[:: max(len(cells) // 40, 1)]
    for cell, count in some:
        found = measure.people_behind(journeys, ask, cell=cell, engine=ONE)
        assert sum(one.times for one in found) == count, cell
        assert [one.id for one in found] == sorted({one.id for one in found})
    with pytest.raises(UnknownName, match="UNKNOWN_CELL"):
        measure.people_behind(journeys, ask, cell="nowhere", engine=ONE)


@pytest.mark.parametrize("word", EXAMPLES)
def test_two_equal_selections_do_not_differ(word):
    ask = EXAMPLES[word][0]
    if isinstance(ask, measure.Compares):
        journeys = Journeys(WORLDS[0])
        told = text(ask.differ((journeys, journeys), engine=ONE))
        assert "the same" in told or "Cannot tell" in told
        assert " higher." not in told
        assert " lower." not in told


def taken_by(function):
    """Return the parameters of a function, those of a typed dict that it takes as keywords among them."""
    found, hints = set(), get_type_hints(function)
    for name, one in inspect.signature(function).parameters.items():
        typed = one.kind is inspect.Parameter.VAR_KEYWORD
        found |= set(get_args(hints[name])[0].__annotations__) if typed else {name}
    return found - {"journeys", "engine"}


@pytest.mark.parametrize("word", EXAMPLES)
def test_python_has_a_function_with_the_same_parameters(word):
    function = getattr(measure, word)
    asked = {one.name: one for one in fields(type(EXAMPLES[word][0]))}
    assert taken_by(function) == set(asked)
    for name, one in inspect.signature(function).parameters.items():
        if name in asked and one.default is not inspect.Parameter.empty:
            assert one.default == asked[name].default, name
    assert all(one.metadata["says"].endswith(".") for one in asked.values())


@pytest.mark.parametrize(("word", "k"), ASKED)
def test_an_answer_is_a_table_in_arrow_pandas_html_and_a_picture(word, k):
    answer = EXAMPLES[word][k].answer(Journeys(WORLDS[0]), engine=ONE)
    sheet, table = answer.sheet(), answer.to_arrow()
    assert table.column_names == list(sheet.columns)
    assert table.num_rows == len(sheet.rows) == len(answer.to_pandas())
    assert answer._repr_html_().count("<tr>") == len(sheet.rows) + 1
    if sheet.chart is not None:
        assert answer.plot().get_title(loc="left") == sheet.title
        mpl.pyplot.close("all")


@pytest.mark.parametrize(("word", "k"), ASKED)
def test_a_sheet_speaks_of_accounts_where_it_is_of_accounts(word, k):
    sheet = EXAMPLES[word][k].answer(Journeys(WORLDS[0]), engine=ONE).sheet()
    assert sheet.of("people") == sheet
    told = sheet.of("accounts")
    assert told.rows == sheet.rows
    assert "people" not in told.columns
    assert not re.match(r"[\d,]+ people", told.title)
