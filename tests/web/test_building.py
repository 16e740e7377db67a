"""An entity declared over HTTP is built in the background: others see how far it is, and may end it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from pathworth import collect, run
from pathworth.store.entities import building as building_module
from pathworth.web import build_app

CSV = "who,what,when,shop\n" + "\n".join(
    f"p{k % 9},visit,2026-01-{1 + k % 28:02d},s{k % 3}" for k in range(60)
)
SAID = {"name": "shop", "by": "shop"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    folder = tmp_path_factory.mktemp("building")
    made = run.init(folder / "town")
    file = folder / "x.csv"
    file.write_text(CSV)
    mapping = collect.FileMapping(entity="who", event="what", time="when")
    collect.import_files(made.store, [file], mapping=mapping)
    return made


def client(workspace: run.Workspace) -> TestClient:
    return TestClient(build_app(workspace), base_url="http://127.0.0.1:8710")


@contextmanager
def held(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the building at its longest step while the body runs."""
    there, on = threading.Event(), threading.Event()
    real = building_module.stage_snapshot

    def wait(*given: object, **named: object) -> object:
        there.set()
        assert on.wait(10)
        return real(*given, **named)  # type: ignore[arg-type]

    with patch.context() as own:
        own.setattr(building_module, "stage_snapshot", wait)
        try:
            yield
        finally:
            on.set()


def until(api: TestClient, state: str) -> dict:
    for _ in range(500):
        found = api.get("/api/collect/building").json()
        if found and found[0]["state"] == state and (state != "running" or found[0]["share"] > 0):
            return dict(found[0])
        time.sleep(0.02)
    raise AssertionError(found)


def test_what_is_built_is_seen_by_others_and_ends_where_one_of_them_says_so(
    workspace: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = client(workspace), client(workspace)
    assert one.get("/api/collect/building").json() == []
    with held(monkeypatch):
        begun = one.post("/api/collect/entities", json=SAID).json()
        assert (begun["name"], begun["state"], begun["made"]) == ("shop", "running", None)
        seen = until(other, "running")
        assert (seen["stage"], 0 < seen["share"] < 1) == ("building shop", True)
        assert other.get("/api/collect/entities").json() == []
        second = other.post("/api/collect/entities", json=SAID)
        assert second.json()["error"]["code"] == "ENTITY_BUILDING"
        assert other.delete("/api/collect/building").json()[0]["state"] == "running"
    assert until(one, "cancelled")["made"] is None
    assert one.get("/api/collect/entities").json() == []
    assert list((workspace.store.path / "entities").glob("*/*")) == []
    assert not (workspace.store.path / "scratch").exists()
    asked = one.get("/api/measure/transitions", params={"of": "shop"})
    assert asked.json()["error"]["code"] == "ENTITY_NOT_BUILT"
    one.post("/api/collect/entities", json=SAID)
    made = until(other, "done")["made"]
    assert (made["entities"], made["events"]) == (3, 60)
    assert other.get("/api/collect/entities").json() == [made]


def test_what_cannot_be_declared_is_refused_at_once_and_what_breaks_later_is_said(
    workspace: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = client(workspace)
    for said, code in (
        ({"name": "Shop", "by": "shop"}, "BAD_ENTITY_NAME"),
        ({"name": "shop", "by": "person"}, "UNKNOWN_COLUMN"),
    ):
        assert api.post("/api/collect/entities", json=said).json()["error"]["code"] == code
    broken = OSError(28, "No space left on device")

    def full(*_given: object, **_named: object) -> None:
        raise broken

    monkeypatch.setattr(building_module, "stage_snapshot", full)
    api.post("/api/collect/entities", json={"name": "place", "by": "shop"})
    assert until(api, "refused")["trouble"]["code"] == "DISK_FULL"
    broken = ValueError("nobody thought of this")  # type: ignore[assignment]
    api.post("/api/collect/entities", json={"name": "place", "by": "shop"})
    assert until(api, "refused")["trouble"]["code"] == "ENTITY_BROKE"
    assert "place" not in [one["name"] for one in api.get("/api/collect/entities").json()]
