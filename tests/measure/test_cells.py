"""Cells that name events can be written and read, whatever the events are called."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from tests.journeys.build import snapshot

from pathworth import measure
from pathworth.base.errors import UnknownName
from pathworth.journeys import Journeys, LocalEngine
from pathworth.measure.cells import CellWords, move, quoted, read_cell

names = st.text(st.sampled_from('ab "|->(1\\\\é'), min_size=1, max_size=8)


@given(names, names, st.none() | names)
def test_a_move_is_read_as_it_was_written(source, target, part):
    text = move(source, target) + ("" if part is None else f" | {quoted(part)}")
    written = None if part is None else quoted(part)
    assert read_cell(text) == CellWords(None, quoted(source), quoted(target), written)


def test_events_with_signs_of_cells_in_their_names_have_their_people():
    rows = [("p", "a > b", 0), ("p", 'c | "d"', 1), ("q", "a", 0), ("q", 'b > c | "d"', 1)]
    ask, journeys = measure.AskTransitions(entities=True), Journeys(snapshot(rows))
    cells = ask.answer(journeys, engine=LocalEngine(1)).cells()
    listed = {cell: measure.people(journeys, ask, cell=cell).ids for cell in cells}
    assert {cell: len(ids) for cell, ids in listed.items()} == cells
    assert sorted(listed.values()) == [("p",), ("p", "q"), ("q",)]


@pytest.mark.parametrize("cell", ["a > nowhere", "a", "a > b | x", "2 a > b", ""])
def test_a_cell_that_is_not_there_is_refused(cell):
    journeys = Journeys(snapshot([("p", "a", 0), ("p", "b", 1)]))
    with pytest.raises(UnknownName):
        measure.people(journeys, measure.AskTransitions(), cell=cell)


def test_a_value_called_like_the_part_of_the_rare_ones_is_its_own_part():
    """Twenty-three values: the commonest twenty, of which one is called other, and three rare ones together."""
    values = ["other", "None", *(f"v{k:02d}" for k in range(21))]
    rows = [
        (f"{value}-{n}", "ab"[k], n * 10 + k)
        for place, value in enumerate(values)
        for n in range(40 - place)
        for k in (0, 1)
    ]
    kinds = [who.rpartition("-")[0] for who, _, _ in rows]
    journeys = Journeys(snapshot(rows, columns={"kind": kinds}))
    for ask in (
        measure.AskTransitions(by="kind", entities=True),
        measure.AskSessions(by="kind"),
        measure.AskRetention(by="kind"),
        measure.AskLifecycle(by="kind"),
    ):
        cells = ask.answer(journeys, engine=LocalEngine(1)).cells()
        assert any("(other)" in cell for cell in cells)
        for cell, count in cells.items():
            assert measure.people(journeys, ask, cell=cell).total == count, cell
