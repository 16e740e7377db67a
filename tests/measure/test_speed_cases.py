"""The table of cases of the bench: what is measured is right, and peers say the same."""

from __future__ import annotations

import pytest
from bench.cases import CASES
from bench.peer_queries import PEERED
from bench.peers import peers
from bench.ways import WAYS
from bench.world import world

from pathworth.journeys import LocalEngine

EVENTS = 20_000


@pytest.fixture(scope="module")
def small():
    return world(EVENTS)


@pytest.fixture(scope="module")
def asked(small):
    with peers(2) as load:
        yield load(small)


@pytest.mark.parametrize("case", [*CASES, *WAYS], ids=lambda case: case.name)
def test_what_is_measured_says_what_plain_code_says(small, case):
    assert case.check(case.journeys(small), LocalEngine(2))


def test_every_query_of_every_peer_belongs_to_a_case():
    assert set(PEERED) <= {case.name for case in CASES}


@pytest.mark.parametrize("case", [one for one in CASES if one.name in PEERED], ids=lambda c: c.name)
def test_peers_say_what_we_say(small, asked, case):
    answer = case.ask(case.journeys(small), LocalEngine(2))
    for name, ask in asked.items():
        for query in PEERED[case.name].queries[name]:
            assert PEERED[case.name].equal(ask(query), answer, small), query
