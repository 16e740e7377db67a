"""No address tells a low role anything of few people; where one cell is left out, nobody can tell it by taking away."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.web.test_private import client
from tests.web.test_roles import GOOD, routes_of

from pathworth import collect, run
from pathworth.base.errors import PathworthError

FEWEST = 5
NOON = 1_760_000_000_000
HOUR = 3_600_000
# Whole numbers that count nobody: a new one has to be thought of here, and in `privacy/shapes.py`.
_NO_PEOPLE_TEXT = """
seq revision age k level position positions rank periods joins from_joins to_joins others variants loops id
import_id horizon_months hidden_moves onto left_out tested found rare more strata seen not_seen not_planned score
broken attention notice days gaps values next port enough contacts fewer_than seconds bytes rows
"""
NO_PEOPLE = frozenset(_NO_PEOPLE_TEXT.split())
CELLS_LEFT_OUT = "cells_left_out"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    folder = tmp_path_factory.mktemp("cells")
    made = run.init(folder / "shop")
    rows = ["person,event,time,plan,account_id,value"]
    for p in range(90):
        plan = "rarest" if p < 3 else "pro" if p < 40 else "free"
        goes = ["visit", *(["cart"] if p % 2 else []), *(["pay"] if p % 7 == 1 else [])]
        goes += ["odd"] * (p in {5, 6}) + ["visit"] * (p % 5 == 0) + ["cart"] * (p % 9 == 0)
        for day, k in itertools.product(range(1 + p % 3), range(len(goes))):
            at = NOON + p * HOUR + k * 60_000 + day * 8 * 24 * HOUR
            rows.append(f"p{p},{goes[k]},{at},{plan},a{p % 30},{p if goes[k] == 'pay' else ''}")
    file = folder / "events.csv"
    file.write_text("\n".join(rows))
    mapping = collect.FileMapping(
        entity="person", event="event", time="time", time_format="ms", value="value"
    )
    collect.import_files(made.store, [file], mapping=mapping)
    made.segments.save("those", "plan = 'rarest'")
    made.segments.save("many", "plan = 'pro'")
    made.entities.add("account", by="account_id")
    for role in ("admin", "editor", "viewer"):
        run.add_login(made, f"the {role}", role=role, password=GOOD)
    run.declare_small_cells(made, FEWEST)
    return made


@pytest.fixture(scope="module")
def low(shop: run.Workspace) -> TestClient:
    return client(shop, "viewer")


@pytest.fixture(scope="module")
def high(shop: run.Workspace) -> TestClient:
    return client(shop, "editor")


ROOMS: dict[str, dict[str, Any]] = {
    "transitions": {"times": "quantiles", "money": "value"},
    "funnel": {"step": ["visit", "cart", "pay"], "times": "survival"},
    "sessions": {},
    "retention": {"period": "week"},
    "trends": {"step": ["visit", "odd"], "number": "value"},
    "lifecycle": {"period": "week"},
    "cut": {"from": "2025-10-12T18:00:00Z", "to": "2025-10-13"},
    "stickiness": {"period": "day"},
    "paths": {"step": "visit"},
    "step_matrix": {"anchor": "cart"},
    "step_sankey": {"anchor": "cart"},
    "variants": {},
    "rework": {},
    "matches": {"pattern": "visit -> cart"},
    "cohorts": {"period": "week"},
    "separates": {"step": "cart", "goal": "pay", "least": "1"},
}
NUMBER = "funnel?step=visit&step=cart&cell=reached 1"
NARROW = "funnel?step=visit&step=cart&who=plan = 'rarest'&cell=reached 1"
OTHERS: dict[str, dict[str, Any]] = {
    "/api/journeys/listed": {"who": "plan = 'rarest'"},
    "/api/journeys/search": {"q": "p"},
    "/api/journeys/head": {"id": "a1", "kind": "account"},
    "/api/journeys/moments": {"id": "p1"},
    "/api/journeys/people": {"step": "visit"},
    "/api/measure/why_differ": {"a": NUMBER, "b": NARROW},
    "/api/collect/entities/cost": {"by": "account_id", "name": "other"},
}


def asked_of(app: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address under the API that is read, asked so that it has something to say."""
    for method, path in routes_of(app):
        if method != "GET" or not path.startswith("/api/") or "openapi" in path:
            continue
        known = "1" if "imports" in path else "those" if "segments" in path else "p1"
        yield re.sub(r"/x(?=/|$)", f"/{known}", path), OTHERS.get(path, {})
    yield "/api/journeys/search", {"q": "a1"}
    yield "/api/journeys/search", {"q": "rar"}
    yield "/api/journeys/segments/many", {}
    for word, query in ROOMS.items():
        yield f"/api/measure/{word}", query
        yield f"/api/measure/{word}", {**query, "by": "plan", "count": "occurrences"}
        if word in {"funnel", "transitions", "matches", "separates"}:
            for more in ({"by": "plan"}, {"of": "account"}, {"who": "plan = 'rarest'"}):
                yield f"/api/measure/{word}", {**query, **more}
        yield (
            f"/api/measure/{word}/diff",
            {**query, "who": "plan != 'free'", "against_who": "plan = 'free'"},
        )


def small_in(plain: Any, key: str = "") -> Iterator[tuple[str, int]]:
    """Every number of people in an answer that is too small."""
    if isinstance(plain, dict):
        for name, one in plain.items():
            # Of a thing that separates it says how often somebody must have done it.
            often = name == "at_least" and "a_count" in plain
            counts = isinstance(one, int) or (isinstance(one, list) and name == "positions")
            if not (counts and name in NO_PEOPLE) and name != CELLS_LEFT_OUT and not often:
                yield from small_in(one, name)
    elif isinstance(plain, list):
        for one in plain:
            yield from small_in(one, key)
    elif isinstance(plain, int) and not isinstance(plain, bool) and 0 < plain < FEWEST:
        yield key, plain
    elif isinstance(plain, str):
        for n in re.findall(r"(?<![\d.,])(\d+) (?:people|persons?|accounts)\b", plain):
            if 0 < int(n) < FEWEST:
                yield key, int(n)


def test_no_address_tells_a_low_role_of_few_people(low: TestClient, high: TestClient) -> None:
    told: list[str] = []
    for path, query in asked_of(low.app):
        theirs, mine = high.get(path, params=query), low.get(path, params=query)
        assert mine.status_code < 500, (path, query, mine.text)
        if theirs.is_success and "json" in theirs.headers["content-type"]:
            told += [path] * bool(list(small_in(theirs.json())))
        if mine.is_success and "json" in mine.headers["content-type"]:
            assert not list(small_in(mine.json())), (path, query, mine.text[:3000])
            assert "rarest" not in mine.text.replace("plan = 'rarest'", ""), (path, query)
        elif not mine.is_success:
            code = mine.json()["error"]["code"]
            refused = theirs.is_success or code in {"TOO_FEW_PEOPLE", "ROLE_TOO_LOW"}
            assert refused == (code in {"TOO_FEW_PEOPLE", "ROLE_TOO_LOW"}), (path, query, mine.text)
    rooms = {path.split("/")[3] for path in told if path.startswith("/api/measure")}
    assert set(ROOMS) - rooms == set()
    assert len(set(told)) > 25


def test_what_is_left_out_of_a_breakdown_is_no_difference_of_two_numbers(low: TestClient) -> None:
    """The total less the parts that are shown is nobody, or many."""
    query: dict[str, Any] = {"step": ["visit", "cart", "pay"], "by": "plan"}
    funnel = low.get("/api/measure/funnel", params=query).json()
    assert [one["value"] for one in funnel["by"]] == ["free"]
    assert funnel[CELLS_LEFT_OUT]["fewer_than"] == FEWEST
    for place, step in enumerate(funnel["steps"]):
        shown = [part["steps"][place]["entities"] for part in funnel["by"]]
        if step["entities"] and None not in shown:
            assert not 0 < step["entities"] - sum(shown) < FEWEST
    paths = low.get("/api/measure/paths", params={"step": "visit"}).json()
    for node in paths["nodes"]:
        out = [
            one["count"]
            for one in (*paths["links"], *node["stops"])
            if one.get("from", node["state"]) == node["state"]
            and one.get("level", node["level"]) == node["level"]
        ]
        assert not 0 < node["count"] - sum(out) < FEWEST, node
    rows = low.get("/api/measure/variants").json()
    rest = rows["rest"]["count"]
    missing = rows["entities"] - sum(one["count"] for one in rows["shown"])
    assert rest is None or missing - rest == 0 or missing - rest >= FEWEST


def test_what_a_comparison_says_of_a_cell_goes_with_the_cell(low: TestClient) -> None:
    pair = {"who": "plan != 'free'", "against_who": "plan = 'free'"}
    said = low.get("/api/measure/transitions/diff", params=pair).json()
    shown = [{(one["from"], one["to"]) for one in said[side]["edges"]} for side in ("a", "b")]
    compared = {(one["from"], one["to"]) for one in said["edges"]}
    assert compared
    # A move that one side never saw is compared, one that few took there is not.
    seen = client_edges(said)
    assert all(
        move in side or seen[k].get(move) == 0 for move in compared for k, side in enumerate(shown)
    )


def client_edges(said: dict[str, Any]) -> list[dict[tuple[str, str], int]]:
    """How often each move was made on either side, as a comparison says."""
    return [
        {(one["from"], one["to"]): one[f"count_{side}"] for one in said["edges"]}
        for side in ("a", "b")
    ]


def test_people_behind_numbers_sessions_and_files_of_single_people_are_refused(
    low: TestClient, high: TestClient
) -> None:
    cell = {"step": ["visit", "cart"], "cell": "reached 1"}
    for path, query, code in (
        ("/api/measure/funnel/people", cell, "TOO_FEW_PEOPLE"),
        ("/api/measure/funnel/people", {**cell, "format": "csv"}, "TOO_FEW_PEOPLE"),
        ("/api/journeys/listed", {"format": "csv"}, "TOO_FEW_PEOPLE"),
        ("/api/journeys/moments", {"id": "p1", "format": "csv"}, "TOO_FEW_PEOPLE"),
        ("/api/measure/sessions", {"of": "session"}, "UNITS_NOT_SHOWN"),
        ("/api/measure/funnel", {"step": "visit", "holding": "plan"}, "UNITS_NOT_SHOWN"),
    ):
        refused = low.get(path, params=query)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, code), path
        assert high.get(path, params=query).is_success, path


def test_a_number_that_is_made_up_of_parts_is_not_told_by_them(low: TestClient) -> None:
    said = low.get("/api/measure/rework").json()
    assert all(
        one["returning"] is None or one["returning"] >= FEWEST or not one["returning"]
        for one in said["states"]
    )
    for one in said["states"]:
        assert (one["returning"] is None) <= (one["returns"] is None and one["share"] is None)
    life = low.get("/api/measure/lifecycle", params={"period": "week"}).json()
    gone = [one for one in life["periods"] if one["new"] is None]
    assert gone
    assert all(one["returning"] is None and one["why"].startswith("Fewer than 5") for one in gone)


def test_nothing_is_left_out_before_somebody_says_so_and_roles_from_there_on_see_all(
    shop: run.Workspace, low: TestClient
) -> None:
    asked = {"step": ["visit", "cart", "pay"], "by": "plan"}
    admin = client(shop, "admin")
    assert admin.get("/api/privacy/cells").json() == {"fewest": FEWEST, "seen_by": "editor"}
    try:
        assert admin.put("/api/privacy/cells", json={"fewest": 0}).is_success
        plain = low.get("/api/measure/funnel", params=asked)
        assert {one["value"] for one in plain.json()["by"]} == {"rarest", "pro", "free"}
        assert CELLS_LEFT_OUT not in plain.json()
        assert low.get("/api/journeys/listed").is_success
        assert admin.put(
            "/api/privacy/cells", json={"fewest": FEWEST, "seen_by": "viewer"}
        ).is_success
        assert low.get("/api/measure/funnel", params=asked).json() == plain.json()
    finally:
        run.declare_small_cells(shop, FEWEST, seen_by="editor")
    found = low.get("/api/measure/funnel", params=asked)
    said = found.json()[CELLS_LEFT_OUT]
    assert found.headers["x-cells-left-out"] == f"{said['count']}; fewer-than={FEWEST}"
    assert said["count"] > 0
    trends = low.get("/api/measure/trends", params={"step": ["visit", "odd"]}).json()
    assert "/series/1/whole/entities" in trends[CELLS_LEFT_OUT]["places"]
    for least in (1, -3, 1001):
        with pytest.raises(PathworthError, match="BAD_CELLS"):
            run.declare_small_cells(shop, least)
    with pytest.raises(PathworthError, match="UNKNOWN_ROLE"):
        run.declare_small_cells(shop, seen_by="boss")
