"""Signs of a step: the people of the step who did them from there on, and the list behind the count."""

from __future__ import annotations

import pytest
from tests.value.test_visits import map_of, snapshot_of

from pathworth.atlas import MapDocument, MapStep, Sign
from pathworth.base.errors import UnknownName
from pathworth.journeys import Journeys
from pathworth.value import Behind, SignCount, count_signs, people

STEP = MapStep(
    "b",
    "b",
    "event = 'b'",
    signs=(
        Sign("clicks", "event = 'click'"),
        Sign("is there", "event = 'b'"),
        Sign("scrolls", "event = 'scroll' and far = 'yes'"),
    ),
)
CHART = MapDocument("m", (*map_of("a").steps, STEP))
WORLD = [
    *(("p", "a", 1, 0), ("p", "b", 2, 0), ("p", "click", 3, 0), ("p", "click", 4, 0)),
    # The click of q comes before q comes to the step, r never comes there, s does nothing there.
    *(("q", "click", 1, 0), ("q", "b", 2, 0)),
    *(("r", "a", 1, 0), ("r", "click", 2, 0)),
    ("s", "b", 5, 0),
    # An event of another step between the two is no matter.
    *(("t", "b", 1, 0), ("t", "a", 2, 0), ("t", "click", 3, 0)),
]


@pytest.fixture(scope="module")
def journeys() -> Journeys:
    return Journeys(snapshot_of(WORLD))


def test_a_sign_counts_the_people_of_its_step_who_did_it_from_there_on(journeys: Journeys) -> None:
    clicks, there, scrolls = count_signs(journeys, CHART)
    assert clicks == SignCount("b", "clicks", "event = 'click'", people=2, of=4, events=5)
    assert (there.people, there.of, there.events) == (4, 4, 4)
    assert (scrolls.people, scrolls.of, scrolls.events) == (0, 4, 0)


def test_a_filter_changes_who_is_counted_and_not_whether_a_sign_ever_came(
    journeys: Journeys,
) -> None:
    clicks, _, _ = count_signs(Journeys(journeys.snapshot, where="event <> 'click'"), CHART)
    assert (clicks.people, clicks.of, clicks.events) == (0, 4, 5)


def test_a_count_opens_as_many_people(journeys: Journeys) -> None:
    for one in count_signs(journeys, CHART):
        found = people(journeys, CHART, behind=Behind("b", sign=one.name))
        assert len(found) == one.people
    ids = people(journeys, CHART, behind=Behind("b", sign="clicks")).place.tolist()
    assert {journeys.snapshot.shards[s].id_of(e) for s, e in ids} == {"p", "t"}
    with pytest.raises(UnknownName, match="clacks"):
        people(journeys, CHART, behind=Behind("b", sign="clacks"))


def test_a_map_without_signs_has_none(journeys: Journeys) -> None:
    assert count_signs(journeys, map_of("a")) == ()
