"""Every error leaves in one shape, with its code and its remedy."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fastapi.testclient import TestClient

from pathworth.run import open_workspace
from pathworth.web import build_app


@pytest.fixture(scope="module")
def api(shop):
    with TestClient(build_app(open_workspace(shop)), base_url="http://127.0.0.1:8710") as client:
        yield client


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/api/measure/funnel?step=catalog&step=nothing", "UNKNOWN_EVENT"),
        ("/api/measure/funnel", "NO_STEPS"),
        ("/api/measure/funnel/people?step=catalog", "BAD_CALL"),
        ("/api/measure/transitions?where=platform%20%3D", "BAD_PREDICATE"),
        ("/api/measure/transitions?where=nothing%20%3D%201", "UNKNOWN_COLUMN"),
        ("/api/measure/sessions?gap=7", "BAD_DURATION"),
        ("/api/measure/sessions?from=yesterday", "BAD_INSTANT"),
        ("/api/measure/transitions?who=in_segment('nothing')", "UNKNOWN_SEGMENT"),
        ("/api/measure/transitions?who=matches('catalog%20-')", "BAD_PATTERN"),
        ("/api/measure/transitions?where=matches('catalog-%3Eend')", "PATTERN_END_IN_RULE"),
        ("/api/journeys/segments/nothing", "UNKNOWN_SEGMENT"),
        ("/api/atlas/map?map=nothing", "UNKNOWN_MAP"),
        ("/api/journeys/people?step=nothing", "UNKNOWN_STEP"),
        ("/api/journeys/person/nobody", "UNKNOWN_PERSON"),
        ("/api/value/price?who=platform%20%3D%20%27none%27", "NOBODY_SELECTED"),
        ("/api/value/picture?from=1999-01-01&to=1999-02-01", "NOBODY_SELECTED"),
        ("/api/value/picture?persona=anybody", "NO_PERSONA"),
        ("/api/nothing", "HTTP_404"),
    ],
)
def test_the_api_answers_a_mistake_with_code_and_remedy(api, address, code):
    found = api.get(address)
    assert 400 <= found.status_code < 500
    error = found.json()["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["hint"]


@pytest.mark.parametrize(
    ("words", "code", "left"),
    [
        (["transitions", "-w", "nowhere"], "NOT_A_WORKSPACE", 1),
        (["sessions", "-w", "SHOP", "--gap", "7"], "BAD_DURATION", 2),
        (["funnel", "catalog", "nothing", "-w", "SHOP"], "UNKNOWN_EVENT", 1),
        (["serve", "-w", "SHOP", "--host", "0.0.0.0"], "LOGIN_REQUIRED", 1),
        (["import", "nofile.csv", "-w", "SHOP"], "NO_FILE", 1),
        (["transitions", "--nothing"], "No such option", 2),
    ],
)
def test_the_command_line_leaves_with_code_and_remedy(shop, words, code, left):
    words = [str(shop) if word == "SHOP" else word for word in words]
    found = subprocess.run(
        [sys.executable, "-m", "pathworth.cli", *words], capture_output=True, text=True, check=False
    )
    assert found.returncode == left, found.stderr
    assert code in found.stderr
    assert "Traceback" not in found.stderr
    assert found.stdout == ""


def test_an_import_says_what_it_guessed_and_nothing_of_the_libraries_that_read_for_it(
    shop, tmp_path
):
    file = tmp_path / "orders.csv"
    rows = "\n".join(f"p{k},visit,2026-01-{1 + k % 28:02d}" for k in range(40))
    file.write_text(f"person,event,time\n{rows}\n")
    words = ["import", str(file), "-w", str(shop), "--dry-run"]
    found = subprocess.run(
        [sys.executable, "-m", "pathworth.cli", *words], capture_output=True, text=True, check=True
    )
    first, *guessed = found.stderr.splitlines()
    assert first == "orders.csv"
    assert [line.split(":")[0].strip() for line in guessed] == [
        "entity",
        "event",
        "time",
        "time_format",
    ]
