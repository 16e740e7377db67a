"""Who writes a rule that reads something personal, or of a kind that the law protects, is told so and not stopped."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from pathworth import collect, run
from pathworth.cli.app import app as command
from pathworth.web import build_app


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    folder = tmp_path_factory.mktemp("sensitive")
    made = run.init(folder / "shop")
    file = folder / "events.csv"
    file.write_text(
        "person,event,time,mail,healthStatus,trade_union,plan,reunion\n"
        "p1,cart,2025-01-01,ann@example.nl,ill,yes,pro,a\n"
        "p2,cart,2025-01-02,bob@example.nl,well,no,free,b\n"
    )
    mapping = collect.FileMapping(entity="person", event="event", time="time")
    collect.import_files(made.store, [file], mapping=mapping)
    run.declare_private(made, ["mail"])
    return made


def test_a_segment_names_every_such_column_and_is_saved(shop: run.Workspace) -> None:
    rule = "mail like '%nl' and healthStatus = 'ill' or trait('trade_union') = 'yes'"
    told = shop.segments.save("those", rule).warnings
    assert [one.partition(", which ")[0] for one in told] == [
        "The segment 'those' reads 'mail'",
        "The segment 'those' reads 'healthStatus'",
        "The segment 'those' reads 'trade_union'",
    ]
    assert "declared personal" in told[0]
    assert "health" in told[1]
    assert "union membership" in told[2]
    assert all("article 9" in one for one in told[1:])
    assert shop.segments.show("those").people == 1
    plain = shop.segments.save("plain", "plan = 'pro' and reunion = 'a'")
    assert (plain.warnings, plain.people) == ((), 1)


def test_what_reads_it_by_way_of_a_segment_is_told_too(shop: run.Workspace) -> None:
    shop.segments.save("ill", "healthStatus = 'ill'")
    (told,) = shop.segments.save("more", "in_segment('ill') and plan = 'pro'").warnings
    assert told.startswith("The segment 'more' reads 'healthStatus' by way of the segment 'ill'")
    (row,) = run.exclude(shop.store, "sick", who="in_segment('ill')")
    assert row.people == 1
    assert row.warnings[0].startswith("The rule 'sick' reads 'healthStatus' by way of")
    assert run.drop_exclusion(shop.store, "sick") == ()


def test_every_face_says_it(shop: run.Workspace) -> None:
    web = TestClient(build_app(shop), base_url="http://127.0.0.1:8710")
    asked = {"text": "mail = 'x'", "keeps": "who"}
    said = web.get("/api/journeys/filter", params=asked).json()
    assert (said["mistake"], len(said["warnings"])) == (None, 1)
    kept = web.put("/api/journeys/segments/one", json={"who": "trade_union = 'yes'"})
    assert "union membership" in kept.json()["warnings"][0]
    words = ["segment", "save", "two", "--who", "healthStatus = 'ill'", "-w", str(shop.store.path)]
    printed = CliRunner().invoke(command, words)
    assert printed.exit_code == 0
    assert "Warning: The segment 'two' reads 'healthStatus'" in printed.stdout
    held = json.loads(CliRunner().invoke(command, [*words, "--json"]).stdout)
    assert len(held["warnings"]) == 1
    out = CliRunner().invoke(
        command, ["exclude", "ill", "--who", "healthStatus = 'ill'", "-w", str(shop.store.path)]
    )
    assert "Warning: The rule 'ill' reads 'healthStatus'" in out.stdout
