"""Cells that name events can be written and read, whatever the events are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.journeys.build import snapshot

from pathworth import measure
from pathworth.journeys import Journeys, LocalEngine
from pathworth.measure.cells import Written, read_cell

names = st.text(st.sampled_from('ab "|->\\é'), min_size=1, max_size=8)


@given(names, st.none() | names, st.none() | names)
def test_a_cell_is_read_as_it_was_written(name, to, part):
    written = Written(name, to, part)
    assert read_cell(str(written)) == written


def test_plain_names_stay_plain():
    assert str(Written("cart", "Trial Started", "mobile")) == "cart -> Trial Started | mobile"
    assert str(Written("a -> b", "c")) == '"a -> b" -> c'


@pytest.mark.parametrize("text", ["", '"open', "a | b | c", '"\\q" -> b'])
def test_what_is_no_cell_is_not_read(text):
    assert read_cell(text) is None


def test_events_with_signs_of_cells_in_their_names_have_their_people():
    rows = [("p", "a -> b", 0), ("p", 'c | "d"', 1), ("q", "a", 0), ("q", 'b -> c | "d"', 1)]
    ask, journeys = measure.AskTransitions(entities=True), Journeys(snapshot(rows))
    cells = ask.answer(journeys, engine=LocalEngine(1)).cells()
    listed = {cell: measure.people(journeys, ask, cell=cell).ids for cell in cells}
    assert {cell: len(ids) for cell, ids in listed.items()} == cells
    assert sorted(listed.values()) == [("p",), ("p", "q"), ("q",)]
