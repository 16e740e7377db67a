"""A property that was not promoted can be asked for everywhere: filters, exclusions, lists of columns, every face."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.store.made import Row, put

from pathworth import measure, run
from pathworth.base.errors import StoreTrouble
from pathworth.base.json import to_json
from pathworth.run.intake import exclusions as exclusions_module
from pathworth.store import Workspace
from pathworth.store.shards.on_use import ColumnMaker
from pathworth.web import build_app

PEOPLE = 1500


def rows(first: int = 0, count: int = PEOPLE) -> list[Row]:
    """One visit and one order each, and an address of their own on the visit."""
    found: list[Row] = []
    for k in range(first, first + count):
        ours = "our" if k % 10 == 0 else "people"
        found.append(
            {"entity": f"p{k}", "name": "visit", "time_us": k, "email": f"{k}@{ours}.example"}
        )
        found.append({"entity": f"p{k}", "name": "order", "time_us": k + 10, "nr": str(k % 7)})
    return found


@pytest.fixture
def shop(tmp_path: Path) -> run.Workspace:
    put(Workspace.create(tmp_path / "shop"), rows())
    return run.open_workspace(tmp_path / "shop")


def test_people_are_excluded_by_a_property_that_is_no_column_and_stay_so_after_every_change(
    shop: run.Workspace,
) -> None:
    found = run.exclude(shop.store, "employees", who="email like '%@our.example'")
    assert (found[0].people, found[0].trouble) == (150, None)
    held = shop.store.snapshot()
    assert (held.entities, dict(held.excluded)) == (1350, {"employees": 150})
    more = put(shop.store, rows(PEOPLE, 100))
    assert dict(run.open_workspace(shop.store.path).store.snapshot().excluded) == {"employees": 160}
    shop.store.undo(more.import_id)
    assert shop.store.snapshot().entities == 1350
    again = run.open_workspace(shop.store.path)
    answer = measure.transitions(again.journeys(who="email like '%@people.example'"))
    assert answer.entities == 1350
    assert measure.transitions(again.journeys(who="email like '%@our.example'")).entities == 0


def test_trouble_with_a_column_hides_no_exclusion(
    shop: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.exclude(shop.store, "employees", who="email like '%@our.example'")
    put(shop.store, rows(PEOPLE, 100))
    again = run.open_workspace(shop.store.path)
    monkeypatch.setattr(
        exclusions_module,
        "matches",
        lambda *_: (_ for _ in ()).throw(StoreTrouble("DISK_FULL", "No room.", "Make some.")),
    )
    with pytest.raises(StoreTrouble, match="DISK_FULL"):
        again.store.snapshot()
    monkeypatch.undo()
    assert again.store.snapshot().entities == 1440


def test_columns_and_choices_name_what_is_not_a_column_yet_and_make_none(
    shop: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    with monkeypatch.context() as patch:
        patch.setattr(ColumnMaker, "make", never)
        with TestClient(build_app(shop), base_url="http://127.0.0.1:8710") as api:
            said = {one["name"]: one for one in api.get("/api/columns").json()}
            splits = {one["name"]: one for one in run_choices(api)}
    assert said["email"] == {"name": "email", "kind": "text", "values": [], "built": False}
    assert (said["nr"]["kind"], said["nr"]["built"]) == ("number", True)
    assert splits == {"email": {"name": "email", "values": None, "built": False}}
    assert shop.store.snapshot().columns["email"].kind == "text"
    row = next(one for one in run.columns(shop) if one.name == "email")
    assert row.built
    assert len(row.values) == 20
    assert run.choices(shop).splits[0].values == PEOPLE


def run_choices(api: TestClient) -> list[dict[str, object]]:
    found: list[dict[str, object]] = api.get("/api/measure/choices").json()["splits"]
    return found


def test_every_face_makes_the_column_and_gives_the_same_answer_and_the_command_says_so(
    shop: run.Workspace, tmp_path: Path
) -> None:
    where = "email like '%7@people.example' or nr = 3"
    command = [sys.executable, "-m", "pathworth.cli", "transitions", "--where", where, "--json"]
    asked = subprocess.run(
        [*command, "-w", str(shop.store.path)], capture_output=True, text=True, check=True
    )
    assert "making the column email: 0%" in asked.stderr
    assert asked.stderr.rstrip().endswith("making the column email: 100%")
    python = json.loads(json.dumps(to_json(measure.transitions(shop.journeys(where=where)))))
    assert json.loads(asked.stdout) == python
    with TestClient(build_app(shop), base_url="http://127.0.0.1:8710") as api:
        assert api.get("/api/measure/transitions", params={"where": where}).json() == python
    again = subprocess.run(
        [*command, "-w", str(shop.store.path)], capture_output=True, text=True, check=True
    )
    assert (json.loads(again.stdout), again.stderr) == (python, "")


def test_an_answer_is_broken_down_by_a_property_that_was_no_column(shop: run.Workspace) -> None:
    answer = measure.transitions(shop.journeys(where="event = 'visit'"), by="email")
    assert answer.events == PEOPLE
    assert shop.store.snapshot().on_use["email"].built
