"""Every question gives the same bytes on a cluster as in threads of one process."""

from __future__ import annotations

import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed: make spark")
from pyspark import SparkContext
from tests.measure.asks import EXAMPLES

from pathworth.base.json import to_json, to_text
from pathworth.base.period import Period
from pathworth.journeys import Journeys, LocalEngine
from pathworth.measure import Compares, differ
from pathworth.spark import Files, Jobs, SparkEngine
from pathworth.store import Workspace

CUT = Period(1_701_000_000_000_000, 1_706_000_000_000_000)
SELECTIONS = [{}, {"where": "size <> 2", "who": "plan = 'pro'", "period": CUT}]


@pytest.mark.parametrize("word", EXAMPLES)
def test_every_question_of_the_table(context: SparkContext, stored: Workspace, word: str) -> None:
    there = SparkEngine(context, Files(stored.path), Jobs(context))
    for k, ask in enumerate(EXAMPLES[word]):
        journeys = Journeys(stored.snapshot(), **SELECTIONS[k % 2])
        found = [ask.answer(journeys, engine=engine) for engine in (LocalEngine(1), there)]
        assert to_text(to_json(found[1])) == to_text(to_json(found[0])), k


COMPARED = [word for word in EXAMPLES if any(isinstance(one, Compares) for one in EXAMPLES[word])]


@pytest.mark.parametrize("word", COMPARED)
def test_every_comparison(context: SparkContext, stored: Workspace, word: str) -> None:
    there = SparkEngine(context, Files(stored.path), Jobs(context))
    snapshot = stored.snapshot()
    pair = Journeys(snapshot, who="plan = 'pro'"), Journeys(snapshot, who="plan = 'free'")
    ask = next(one for one in EXAMPLES[word] if isinstance(one, Compares))
    found = [differ(pair, ask, engine=engine) for engine in (LocalEngine(1), there)]
    assert to_text(to_json(found[1])) == to_text(to_json(found[0]))
