"""Half a character and the sign nought are refused wherever a text may stand, by one code, and nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from pathworth import run
from pathworth.base.errors import BadInput
from pathworth.base.texts import check_texts
from pathworth.store import BlindSpots, Exclusions, Links, Releases
from pathworth.web import build_app

HERE = "http://127.0.0.1:8710"
BAD = (r"\ud800", r"\u0000", r"a \uDFFF b")
MARK = "(here)"
OWN_READER = {"/api/collect/events": "BAD_BATCH_BODY"}
"""Whose texts are events', of which a bad one is set aside and the others of its batch go on."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    return run.init(tmp_path_factory.mktemp("texts") / "shop")


@pytest.fixture(scope="module")
def api(workspace: run.Workspace) -> TestClient:
    return TestClient(build_app(workspace), base_url=HERE, raise_server_exceptions=False)


def marked(schema: dict[str, Any], held: dict[str, Any], *, depth: int = 0) -> Iterator[Any]:
    """Yield values of a schema, each with a mark where one of its texts stands."""
    if depth > 6:
        return
    if "$ref" in schema:
        schema = held[schema["$ref"].rsplit("/", 1)[1]]
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from marked(one, held, depth=depth + 1)
    if schema.get("type") == "string":
        yield MARK
    for name, inner in schema.get("properties", {}).items():
        for value in marked(inner, held, depth=depth + 1):
            yield {name: value}
    for value in marked(schema.get("items") or {}, held, depth=depth + 1):
        yield [value]
    further = schema.get("additionalProperties")
    if further:
        yield {MARK: 1}
        for value in marked(further if isinstance(further, dict) else {}, held, depth=depth + 1):
            yield {"any": value}


def operations(api: TestClient) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    document = api.get("/api/openapi.json").json()
    for path, held in document["paths"].items():
        for method, operation in held.items():
            yield method, path, operation, document["components"]["schemas"]


def test_every_text_of_every_body_is_looked_at(api: TestClient) -> None:
    asked, wrong = 0, []
    for method, path, operation, schemas in operations(api):
        said = operation.get("requestBody", {}).get("content", {}).get("application/json")
        for k, value in enumerate(marked(said["schema"], schemas) if said else ()):
            asked += 1
            body = json.dumps(value).replace(MARK, BAD[k % len(BAD)])
            found = api.request(
                method, filled(path), content=body, headers={"content-type": "application/json"}
            )
            wanted = OWN_READER.get(path, "BAD_TEXT")
            if (found.status_code, code(found)) != (409, wanted):
                wrong.append((method, path, body, found.status_code, found.text[:200]))
    assert wrong == []
    assert asked > 100


def test_every_text_of_every_address_is_looked_at(api: TestClient) -> None:
    asked, wrong = 0, []
    for method, path, operation, _ in operations(api):
        for one in operation.get("parameters", ()):
            if one["in"] not in {"query", "path"}:
                continue
            asked += 1
            place = {one["name"]: "a\0"}
            way = filled(path, **place) if one["in"] == "path" else filled(path)
            found = api.request(method, way, params=place if one["in"] == "query" else None)
            if (found.status_code, code(found)) != (409, "BAD_TEXT"):
                wrong.append((method, way, one["name"], found.status_code, found.text[:200]))
    assert wrong == []
    assert asked > 300


def filled(path: str, **said: str) -> str:
    for part in path.split("/"):
        if part.startswith("{"):
            name = part[1:-1].partition(":")[0]
            path = path.replace(part, quote(said.get(name, "1")))
    return path


def code(found: Any) -> str:
    try:
        return str(found.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def test_a_whole_character_that_is_written_out_is_kept(api: TestClient) -> None:
    body = rb'{"least": 0.1, "most": 0.2, "because": "\ud83d\ude00 \\u0000"}'
    headers = {"content-type": "application/json"}
    found = api.put("/api/collect/blind-spots/files", content=body, headers=headers)
    assert found.json()[0]["because"] == "😀 \\u0000"


@pytest.mark.parametrize("half", ["\ud800", "a\udfff"])
def test_whoever_asks_without_the_api_is_refused_by_the_same_code(
    workspace: run.Workspace, half: str
) -> None:
    store = workspace.store
    for keep in (
        lambda: Releases(store).add(half, time_us=0),
        lambda: Exclusions(store).save(half, who=None, ids=["p1"], author="me"),
        lambda: Links(store).join("p1", half, author="me"),
        lambda: BlindSpots(store).say("a", shows=(0, 1), because=half, by_hand=True),
    ):
        with pytest.raises(BadInput, match="BAD_TEXT"):
            keep()


def test_texts_are_found_however_deep_and_in_the_names_of_things() -> None:
    good: Any = {"a": ["é😀", {"b": None, "c": [1, 2.5, True, ("x",)]}]}
    check_texts(good)
    for bad in ("\ud800", "\0", {"\udc00": 1}, [[["\0"]]], {"a": {"b": ("x", "\ud800")}}):
        with pytest.raises(BadInput, match="BAD_TEXT"):
            check_texts(bad)
