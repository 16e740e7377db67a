"""Ids that are addresses are masked for low roles, on every list and file, and still open their person."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.web.test_private import client
from tests.web.test_roles import GOOD

from pathworth import collect, run
from pathworth.run.privacy import handles

WHO = ("ann.secret@example.nl", "alf.secret@example.nl", "bob+x@example.nl")
HANDLE = re.compile(r"\w•••@•••~[0-9a-f]{16}")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    folder = tmp_path_factory.mktemp("handles")
    made = run.init(folder / "shop")
    rows = ["person,event,time,plan"]
    rows += [
        f"{who},{event},2025-01-0{day + 1}T10:00:00Z,pro"
        for day, event in enumerate(("visit", "cart", "pay"))
        for who in (*WHO, "p1")
    ]
    file = folder / "events.csv"
    file.write_text("\n".join(rows))
    mapping = collect.FileMapping(entity="person", event="event", time="time")
    collect.import_files(made.store, [file], mapping=mapping)
    run.link(made, one=WHO[0], other="another@example.nl", author="ann")
    for role in ("admin", "editor", "viewer"):
        run.add_login(made, f"the {role}", role=role, password=GOOD)
    return made


ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/api/journeys/listed", {}),
    ("/api/journeys/listed", {"format": "csv"}),
    ("/api/journeys/search", {"q": "p1"}),
    ("/api/journeys/head", {"id": WHO[0]}),
    ("/api/journeys/moments", {"id": WHO[0]}),
    ("/api/journeys/moments", {"id": WHO[0], "format": "csv"}),
    (f"/api/journeys/person/{WHO[0]}", {}),
    ("/api/measure/funnel/people", {"step": "visit", "cell": "reached 1"}),
    ("/api/measure/funnel/people", {"step": "visit", "cell": "reached 1", "format": "csv"}),
    ("/api/measure/transitions", {}),
    ("/api/collect/links", {}),
    ("/api/collect/tail", {}),
)


def test_no_list_or_file_shows_a_low_role_an_address(shop: run.Workspace) -> None:
    low, high = client(shop, "viewer"), client(shop, "editor")
    plain = masked = 0
    for path, query in ASKED:
        mine, theirs = low.get(path, params=query), high.get(path, params=query)
        assert mine.is_success, (path, mine.text)
        assert "@example" not in mine.text, (path, mine.text)
        plain += "@example.nl" in theirs.text
        masked += HANDLE.search(mine.text) is not None
        assert "•••" not in theirs.text
    assert plain > 7
    assert masked == plain


def test_a_handle_opens_its_person_in_addresses_and_paths_after_a_restart_too(
    shop: run.Workspace,
) -> None:
    low = client(shop, "viewer")
    people = low.get("/api/journeys/listed").json()["people"]
    found = {one["id"] for one in people}
    assert "p1" in found
    assert len({one for one in found if HANDLE.fullmatch(one)}) == len(WHO)
    for handle in sorted(found - {"p1"}):
        for fresh in (False, True):
            if fresh:
                handles._known.clear()  # as in another process
            head = low.get("/api/journeys/head", params={"id": handle})
            assert head.json()["subject"]["id"] == handle
            assert head.json()["people"][0]["id"] == handle
            assert head.json()["events"] == 3
            assert low.get(f"/api/journeys/person/{handle}").json()["total"] == 3
    unknown = low.get("/api/journeys/head", params={"id": f"a•••@•••~{'0' * 16}"})
    assert unknown.json()["error"]["code"] == "UNKNOWN_PERSON"


def test_an_address_is_not_told_letter_by_letter_by_a_search(shop: run.Workspace) -> None:
    low, high = client(shop, "viewer"), client(shop, "editor")
    assert len(high.get("/api/journeys/search", params={"q": "secret"}).json()["people"]) == 2
    assert low.get("/api/journeys/search", params={"q": "secret"}).json()["people"] == []
    for rule in ("person like 'a%'", "plan = 'pro' and person > 'b'", "person between 'a' and 'b'"):
        refused = low.get("/api/measure/transitions", params={"who": rule})
        assert refused.json()["error"]["code"] == "PRIVATE_COLUMN", rule
        assert high.get("/api/measure/transitions", params={"who": rule}).is_success
    whole = low.get("/api/measure/transitions", params={"who": f"person = '{WHO[1]}'"})
    assert whole.json()["entities"] == 1
    handle = low.get("/api/journeys/head", params={"id": WHO[1]}).json()["subject"]["id"]
    (one,) = low.get("/api/journeys/search", params={"q": handle}).json()["people"]
    assert one["id"] == handle


def test_roles_that_see_personal_columns_see_ids_as_they_are(shop: run.Workspace) -> None:
    run.declare_private(shop, [], seen_by="viewer")
    try:
        text = client(shop, "viewer").get("/api/journeys/listed").text
        assert all(who in text for who in WHO)
    finally:
        run.declare_private(shop, [], seen_by="editor")
