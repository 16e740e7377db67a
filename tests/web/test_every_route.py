"""Whatever is asked of whichever route: an answer in time, no error of ours, no secret and no line of code."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, openapi
from schemathesis.schemas import APIOperation
from tests.store.made import drawn, put

from pathworth import run
from pathworth.web import build_app

HERE = "http://127.0.0.1:8710"
TELLTALE = re.compile(
    r"Traceback \(most recent|File \"[^\"]+\", line \d+|sqlalchemy|\.py\b|argon2|/dev/shm|/tmp/"
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    made = run.init(tmp_path_factory.mktemp("routes") / "shop")
    put(made.store, drawn(60, 4))
    return made


@pytest.fixture(scope="module")
def api(shop: run.Workspace) -> TestClient:
    return TestClient(build_app(shop), base_url=HERE, raise_server_exceptions=False)


def asked_of(operation: APIOperation, api: TestClient, *, times: int) -> None:
    """Ask a route this and that."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=times,
        phases=[Phase.explicit, Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case) -> None:
        asked = case.as_transport_kwargs(base_url=HERE)
        found = api.request(**{name: value for name, value in asked.items() if value})
        assert found.status_code < 500, (case.as_curl_command(), found.text)
        assert not TELLTALE.search(found.text), (case.as_curl_command(), found.text[:500])

    ask()


@pytest.mark.parametrize("times", [2, pytest.param(100, marks=pytest.mark.soak)])
def test_every_route_answers_whatever_it_is_asked(api: TestClient, times: int) -> None:
    schema = openapi.from_dict(api.get("/api/openapi.json").json())
    wrong = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        try:
            asked_of(operation, api, times=times)
        except Exception as trouble:
            wrong[operation.label] = str(trouble)
    assert not wrong, "\n".join(f"{route}: {trouble}" for route, trouble in wrong.items())


def test_a_number_that_no_row_can_have_is_refused_wherever_numbers_are_taken(
    api: TestClient,
) -> None:
    wrong, tried = {}, 0
    for path, methods in api.get("/api/openapi.json").json()["paths"].items():
        for method, said in methods.items():
            numbers = [one for one in said.get("parameters", ()) if is_whole(one["schema"])]
            for one in numbers:
                tried += 1
                there = re.sub(r"\{\w+\}", str(2**70) if one["in"] == "path" else "1", path)
                query = {one["name"]: str(2**70)} if one["in"] == "query" else {}
                found = api.request(method, there, params=query, json={})
                if not 400 <= found.status_code < 500:
                    wrong[f"{method} {path}: {one['name']}"] = found.status_code
    assert tried > 20
    assert not wrong


def is_whole(schema: dict) -> bool:
    return any(one.get("type") == "integer" for one in (schema, *schema.get("anyOf", ())))
