"""Why numbers differ is said alike on every face, and its people are as many as it says."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from tests.contracts.faces import said

import pathworth as pw
from pathworth import measure
from pathworth.base.errors import PathworthError
from pathworth.base.json import to_json
from pathworth.run import number_at, open_workspace, why_differ
from pathworth.web import build_app

A = "lifecycle?period=month&cell={start} new"
B = "lifecycle?period=month&who=platform = 'mobile'&cell={start} new"


@pytest.fixture(scope="module")
def api(shop):
    with TestClient(build_app(open_workspace(shop)), base_url="http://127.0.0.1:8710") as client:
        yield client


@pytest.fixture(scope="module")
def pair(shop):
    start = measure.lifecycle(pw.open(shop).journeys(), period="month").periods[0].start
    return A.format(start=start), B.format(start=start)


def test_why_two_numbers_differ(shop, api, pair):
    python = json.loads(json.dumps(to_json(why_differ(pw.open(shop), pair[0], b=pair[1]))))
    assert python["only_a"] == python["a"] - python["b"] > 0
    assert said(shop, "why-differ", *pair) == python
    asked = {"a": pair[0], "b": pair[1]}
    assert api.get("/api/measure/why_differ", params=asked).json() == python
    people = api.get("/api/measure/why_differ/people", params={**asked, "cell": "only a"}).json()
    assert people["count"] == python["only_a"]
    assert said(shop, "why-differ", *pair, "--people", "only a") == people


def test_a_number_from_elsewhere(shop, api, pair, tmp_path):
    ids = tmp_path / "ids.txt"
    ids.write_text("user_0000\nnobody\n\n")
    by_command = said(shop, "reconcile", pair[1], "600", "--ids", str(ids))
    asked = {"number": pair[1], "outside": 600, "ids": ["user_0000", "nobody"]}
    assert api.post("/api/measure/reconcile", json=asked).json() == by_command
    assert by_command["readings"]
    assert by_command["only_outside"][-1]["words"] == "not in the data under this id"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("livecycle?cell=a new", "UNKNOWN_QUESTION"),
        ("lifecycle?period=month", "NO_CELL"),
        ("lifecycle?perod=month&cell=a new", "UNKNOWN_PARAMETER"),
    ],
)
def test_an_address_that_cannot_be_read_says_why(shop, address, code):
    with pytest.raises(PathworthError) as error:
        number_at(pw.open(shop), address)
    assert error.value.code == code
