"""What is personal is masked for low roles on every address, and may not be asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.web.test_roles import GOOD, routes_of

from pathworth import collect, run
from pathworth.base.errors import PathworthError
from pathworth.run.privacy.veil import mask
from pathworth.web import build_app

SECRETS = ("ann.secret@example.nl", "bob.secret@example.nl", "carl.secret@example.nl")
PHONE = "+31 6 1234 5678"
NOON = 1_760_000_000_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    folder = tmp_path_factory.mktemp("private")
    made = run.init(folder / "shop")
    rows = ["person,event,time,mail,phone,plan,account_id"]
    for k in range(60):
        mail = SECRETS[k % 2] if k < 50 else f"p{k}@example.nl"
        rows.append(
            f"p{k % 7},{'cart' if k % 3 else 'pay'},{NOON + k * 60_000},{mail},{PHONE},pro,a{k % 2}"
        )
    rows.append(f"p1,cart,yesterday,{SECRETS[0]},{PHONE},pro,a1")
    file = folder / "events.csv"
    file.write_text("\n".join(rows))
    mapping = collect.FileMapping(entity="person", event="event", time="time", time_format="ms")
    collect.import_files(made.store, [file], mapping=mapping)
    event = {"event": "cart", "person": "p1", "time": NOON, "id": "x", "mail": SECRETS[2]}
    run.arrive(
        made, json.dumps({"source": "app", "events": [event, {"mail": SECRETS[2]}]}).encode()
    )
    made.segments.save("those", f"mail = '{SECRETS[0]}'")
    made.entities.add("account", by="account_id")
    for role in ("admin", "editor", "viewer"):
        run.add_login(made, f"the {role}", role=role, password=GOOD)
    run.declare_private(made, ["mail", "phone"])
    return made


def client(shop: run.Workspace, role: str) -> TestClient:
    made = TestClient(build_app(shop), base_url="http://127.0.0.1:8710")
    said = {"name": f"the {role}", "password": GOOD}
    assert made.post("/api/run/login", json=said).status_code == 200
    return made


ASKED: tuple[dict[str, str], ...] = (
    {},
    {"id": "p1", "kind": "person", "q": "secret", "step": "cart", "limit": "100"},
    {"id": "a1", "kind": "account", "q": "a", "by": "mail", "step": "cart", "goal": "pay"},
    {
        "where": f"mail = '{SECRETS[0]}'",
        "who": f"mail = '{SECRETS[0]}'",
        "step": "cart",
        "id": "p1",
    },
    {"of": "account", "step": "cart", "text": "mail like '%'", "keeps": "who"},
    {"of": "session(id=mail)", "holding": "mail", "step": "cart"},
    {"format": "csv", "id": "p1", "step": "cart"},
)


def asked_of(app: object) -> Iterator[tuple[str, dict[str, str]]]:
    """Every address under the API that is read, with something known in the place of a name."""
    for method, path in routes_of(app):
        if method == "GET" and path.startswith("/api/") and "openapi" not in path:
            known = "1" if "imports" in path else "those" if "segments" in path else "p1"
            rooms = {"journeys": ASKED, "measure": ASKED[2:4]}
            for query in rooms.get(path.split("/")[2], ASKED[:1]):
                yield re.sub(r"/x(?=/|$)", f"/{known}", path), query


def test_no_address_shows_a_low_role_what_is_personal(shop: run.Workspace) -> None:
    low, high = client(shop, "viewer"), client(shop, "editor")
    plain = 0
    for path, query in asked_of(low.app):
        # A segment is a rule that an editor wrote, and stands where rules stand.
        if "segments" in path:
            continue
        found = low.get(path, params=query)
        assert found.status_code < 500, (path, query, found.text)
        if found.is_success:
            held = [one for one in (*SECRETS, PHONE) if one in found.text]
            assert not held, (path, query, found.text[:400])
        if "journeys" in path or "collect" in path:
            plain += any(one in high.get(path, params=query).text for one in SECRETS)
    assert plain > 8


def test_texts_are_masked_where_people_are_listed_and_a_question_for_them_is_refused(
    shop: run.Workspace,
) -> None:
    low, high = client(shop, "viewer"), client(shop, "editor")
    for path, holds in (
        ("head", lambda said: said["people"][0]["traits"]),
        ("moments", lambda said: said["moments"][-1]["properties"]),
    ):
        mine = holds(low.get(f"/api/journeys/{path}", params={"id": "p1"}).json())
        theirs = holds(high.get(f"/api/journeys/{path}", params={"id": "p1"}).json())
        assert mine["mail"] == mask(theirs["mail"])
        assert re.fullmatch(r"\w•••@•••", mine["mail"])
        assert mine.get("plan") == theirs.get("plan")
    for query in ({"by": "mail"}, {"where": "mail = 'x'"}, {"who": "phone like '%'"}):
        refused = low.get("/api/measure/transitions", params=query)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "PRIVATE_COLUMN")
        assert high.get("/api/measure/transitions", params=query).is_success
    (line,) = low.get("/api/journeys/segments").json()
    assert (line["people"], "mail" in line["trouble"]) == (None, True), line
    columns = {one["name"] for one in low.get("/api/columns").json()}
    assert "mail" not in columns
    assert "plan" in columns
    assert low.get("/api/measure/transitions").json()["events"] == 61
    assert low.get("/api/privacy/columns").status_code == 403


def test_what_looks_personal_is_suggested_until_it_is_declared(tmp_path: Path) -> None:
    made = run.init(tmp_path / "shop")
    file = tmp_path / "events.csv"
    file.write_text(
        "person,event,time,contact,first_name,plan\n"
        "p1,cart,2025-01-01,ann@example.nl,Ann,pro\np2,cart,2025-01-02,bob@example.nl,Bob,free\n"
    )
    mapping = collect.FileMapping(entity="person", event="event", time="time")
    collect.import_files(made.store, [file], mapping=mapping)
    found = run.private_columns(made)
    assert [(one.name, one.by) for one in found.suggested] == [
        ("contact", "what stands in it"),
        ("first_name", "its name"),
    ]
    assert run.declare_private(made, ["contact"]).columns == ("contact",)
    assert [one.name for one in run.private_columns(made).suggested] == ["first_name"]
    with pytest.raises(PathworthError, match="UNKNOWN_COLUMN"):
        run.declare_private(made, ["conntact"])
    with pytest.raises(PathworthError, match="UNKNOWN_ROLE"):
        run.declare_private(made, [], seen_by="boss")
