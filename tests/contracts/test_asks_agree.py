"""Python, command line and API give the same bytes on every question of measure's table, and the same people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.contracts.faces import plain
from typer.testing import CliRunner

import pathworth as pw
from pathworth import measure, run
from pathworth.base.errors import PathworthError
from pathworth.cli.app import app as command
from pathworth.run import WORDS, Selection, open_workspace
from pathworth.web import build_app

ASKED = {
    "transitions": {
        "times": "quantiles",
        "entities": True,
        "by": "platform",
        "money": "value",
        "chosen": ["cart", "catalog"],
    },
    "retention": {
        "period": "week",
        "start": "event = 'catalog'",
        "return_": "event <> 'catalog'",
        "mode": "recurring",
        "by": "platform",
    },
    "sessions": {"gap": "1h", "by": "platform"},
    "funnel": {
        "steps": ["catalog", "search | product_view?", "add_to_cart", "purchase"],
        "within": "9d",
        "step_within": "5d",
        "exclude": ["support_chat | error_page after 1 before 3"],
        "by": "platform",
        "times": "survival",
    },
    "lifecycle": {"period": "week", "by": "platform", "active": "event = 'catalog'"},
    "trends": {
        "steps": ["catalog", "bought := event = 'purchase'"],
        "period": "day",
        "number": "value",
        "by": "platform",
        "by_from": "property",
    },
    "stickiness": {"active": "event = 'catalog'", "period": "week", "by": "platform"},
    "cut": {},
    "paths": {
        "anchor": "cart := event in ('cart', 'add_to_cart')",
        "until": "purchase",
        "which": "last",
        "opened": ["1", "2"],
        "depth": 4,
        "times": "quantiles",
        "by": "platform",
    },
    "step_matrix": {"anchor": "cart", "states": ["catalog", "cart", "any := true"], "within": "2d"},
    "step_sankey": {"anchor": "cart", "count": "occurrences", "depth": 2},
    "variants": {"states": ["catalog", "cart", "purchase"], "length": 5, "by": "platform"},
    "rework": {"most": 5, "by": "platform"},
    "matches": {"pattern": "cart -> [^purchase]* -> end", "within": "9d", "by": "platform"},
    "cohorts": {
        "paid": "event in ('cart', 'purchase')",
        "amount": "cost",
        "period": "week",
        "by": "platform",
        "cost": '{"mobile": 3.5}',
        "ages": 4,
    },
    "separates": {
        "goal": "purchase",
        "states": ["catalog", "cart", "any := true"],
        "within": "9d",
        "most": 5,
    },
}
"""Parameters of an example on the packaged shop, in the words of every face."""
NEEDS = {
    "matches": "BAD_PATTERN",
    "funnel": "NO_STEPS",
    "step_matrix": "NO_ANCHOR",
    "step_sankey": "NO_ANCHOR",
    "separates": "NO_GOAL",
}
"""Questions that cannot be asked without a parameter, and how they say so."""
CHOSEN = Selection(who="platform = 'mobile'")


@pytest.fixture(scope="module")
def api(shop):
    with TestClient(build_app(open_workspace(shop)), base_url="http://127.0.0.1:8710") as client:
        yield client


@pytest.fixture(scope="module")
def opened(shop):
    return pw.open(shop)


def said(shop, ask, asked, *more):
    words = [ask.word]
    for one in run.parameters(ask):
        if one.name not in asked:
            continue
        values = asked[one.name] if isinstance(asked[one.name], list) else [asked[one.name]]
        for value in values:
            option = f"--{one.name.removesuffix('_').replace('_', '-')}"
            if one.metadata["kind"] in {"steps", "pattern"} or value is True:
                words.append(option if value is True else str(value))
            else:
                words += [option, str(value)]
    found = CliRunner().invoke(command, [*words, *more, "-w", str(shop), "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def addressed(ask, asked):
    """Return parameters under the names that addresses give them."""
    names = {one.name: one.metadata["address"] for one in run.parameters(ask)}
    return {names[name] or name.removesuffix("_"): value for name, value in asked.items()}


def told(api, ask, asked, after="", **query):
    given = addressed(ask, asked)
    found = api.get(f"/api/measure/{ask.word}{after}", params={**given, **query})
    assert found.status_code == 200, found.text
    return found.json()


@pytest.mark.parametrize("ask", measure.ASKS, ids=lambda ask: ask.word)
def test_three_faces_of_one_question(shop, api, opened, ask):
    asked = ASKED[ask.word]
    question = run.question(opened, ask, values=asked)
    answer = run.answer_of(opened, question, selection=CHOSEN)
    python = plain(answer)
    assert said(shop, ask, asked, "--who", CHOSEN.who) == python
    assert told(api, ask, asked, who=CHOSEN.who) == python
    cell, count = max(answer.cells().items(), key=lambda one: one[1])
    assert count > 0
    people = told(api, ask, asked, "/people", cell=cell, who=CHOSEN.who)
    assert people["count"] == count
    assert said(shop, ask, asked, "--people", cell, "--who", CHOSEN.who) == people
    file = api.get(
        f"/api/measure/{ask.word}/people",
        params={**addressed(ask, asked), "cell": cell, "who": CHOSEN.who, "format": "csv"},
    )
    lines = file.text.splitlines()
    assert lines[0] == "id,events,first,last"
    assert len(lines) == count + 1


@pytest.mark.parametrize("ask", measure.ASKS, ids=lambda ask: ask.word)
def test_a_question_without_parameters_is_the_same_on_every_face(shop, api, opened, ask):
    """A face that was given nothing asks what Python asks with its defaults, or is refused alike."""
    question = run.question(opened, ask, values={one.name: None for one in run.parameters(ask)})
    if ask.word in NEEDS:
        with pytest.raises(PathworthError, match=NEEDS[ask.word]):
            run.answer_of(opened, question, selection=CHOSEN)
        found = api.get(f"/api/measure/{ask.word}", params={"who": CHOSEN.who})
        assert found.json()["error"]["code"] == NEEDS[ask.word]
        return
    python = plain(run.answer_of(opened, question, selection=CHOSEN))
    assert said(shop, ask, {}, "--who", CHOSEN.who) == python
    assert told(api, ask, {}, who=CHOSEN.who) == python


@pytest.mark.parametrize(
    "ask",
    [one for one in measure.ASKS if issubclass(one, measure.Compares)],
    ids=lambda ask: ask.word,
)
def test_three_faces_of_one_comparison(shop, api, opened, ask):
    asked = ASKED[ask.word]
    question = run.question(opened, ask, values=asked)
    pair = CHOSEN, Selection(who="platform = 'desktop'")
    python = plain(run.difference_of(opened, question, pair=pair))
    words = ("--who", CHOSEN.who, "--against-who", pair[1].who)
    assert said(shop, ask, asked, *words) == python
    both = {"who": CHOSEN.who, "against_who": pair[1].who}
    assert told(api, ask, asked, "/diff", **both) == python
    if not issubclass(ask, measure.ComparesPeople):
        with pytest.raises(PathworthError, match="NO_CELL"):
            run.people_of_cell(opened, question, cell="A", selection=pair[0], against=pair[1])
        return
    answer = run.difference_of(opened, question, pair=pair)
    cell, count = max(answer.cells().items(), key=lambda one: one[1])
    people = told(api, ask, asked, "/diff/people", cell=cell, **both)
    assert people["count"] == count > 0
    assert said(shop, ask, asked, *words, "--people", cell) == people


def test_every_question_has_a_page_and_a_place_in_the_docs():
    pages = {word.name: word.page for word in WORDS}
    assert {ask.word for ask in measure.ASKS} == {one for one in pages if one in ASKED}
    assert all(pages[ask.word] for ask in measure.ASKS)
    text = (Path(__file__).parents[2] / "docs/measure.md").read_text()
    assert [ask.word for ask in measure.ASKS if f"\n## {ask.word}\n" not in text] == []
