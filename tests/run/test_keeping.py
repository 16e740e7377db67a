"""How long what is kept is kept is said by a person, over every face, and every night keeps to it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from pathworth import collect, measure, run
from pathworth.base.errors import Refused, UnknownName, WrongUsage
from pathworth.base.json import to_json, to_text
from pathworth.cli.app import app as command
from pathworth.run.serving.registered import registered
from pathworth.web import build_app

DAY = 86_400
NOW = int(time.time())


def rows(days: int, *, some: int, of: str = "web") -> list[str]:
    plan = "gone" if days > 50 else "pro"
    return [
        f"p{k % 7},{('cart', 'pay', 'help')[k % 3]},{NOW - days * DAY + k * 60},{plan},{of}"
        for k in range(some)
    ]


def begun(folder: Path, *, old: bool) -> run.Workspace:
    made = run.init(folder / "shop")
    for source, days in (("web", (90, 12, 5)), ("shop", (80, 6))):
        lines = [line for d in days for line in rows(d, some=40 + d, of=source) if old or d < 50]
        file = folder / f"{source}.csv"
        file.write_text("\n".join(["person,event,time,plan,at", *lines]))
        mapping = collect.FileMapping(
            entity="person", event="event", time="time", time_format="s", source=source
        )
        collect.import_files(made.store, [file], mapping=mapping)
    return made


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    return begun(tmp_path_factory.mktemp("kept"), old=True)


@pytest.fixture(scope="module")
def never(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return faces(begun(tmp_path_factory.mktemp("never"), old=False))


def faces(workspace: run.Workspace) -> dict[str, str]:
    chosen = workspace.journeys()
    found: dict[str, object] = {
        "transitions": measure.transitions(chosen, entities=True, by="plan"),
        "retention": measure.retention(chosen, period="week"),
        "funnel": measure.funnel(chosen, ["cart", "pay"]),
        "listed": run.listed(workspace, run.Selection(), limit=200),
        "choices": run.choices(workspace),
        "columns": run.columns(workspace),
        "overview": run.overview(workspace),
    }
    plain = {name: to_json(one) for name, one in found.items()}
    # A map that was found in what has gone since is a document, and stays.
    plain["choices"].pop("steps")
    for one in plain["listed"]["people"]:
        one.pop("step")
    for one in plain.values():
        if isinstance(one, dict):
            for name in ("as_of", "kept", "counted", "behind_seconds", "maps"):
                one.pop(name, None)
    return {name: to_text(one) for name, one in plain.items()}


def test_a_limit_is_looked_at_declared_and_kept_to_over_every_face(
    shop: run.Workspace, never: dict[str, str]
) -> None:
    before = faces(shop)
    for name in ("transitions", "retention", "choices", "overview"):
        assert before[name] != never[name]
    assert run.overview(shop).kept is None
    client = TestClient(build_app(shop), base_url="http://127.0.0.1:8710")
    asked = {"name": "events", "keep": "50d"}
    seen = client.get("/api/privacy/keep/preview", params=asked).json()
    assert seen["rows"] == 250
    assert {one["name"]: one["rows"] for one in seen["classes"]} == {
        "events:shop": 120,
        "events:web": 130,
    }
    day = datetime.fromtimestamp(NOW - 90 * DAY, UTC).date().isoformat()
    assert seen["classes"][1]["days"][0]["day"] == day
    options = ["-w", str(shop.store.path), "--json"]
    told = CliRunner().invoke(command, ["keep", "events", "50d", "--preview", *options])
    assert json.loads(told.stdout) == seen
    assert client.get("/api/privacy/keep").json()["classes"][0]["keep"] is None
    assert faces(shop) == before
    view = client.put("/api/privacy/keep", json=asked).json()
    assert (view["classes"][0]["keep"], view["batches"]) == ("50d", [])
    assert faces(shop) == before
    for name in ("events:shop", "events:web"):
        (one,) = [row for row in view["classes"] if row["name"] == name]
        assert (one["keep"], one["own"]) == ("50d", False)
    done = json.loads(CliRunner().invoke(command, ["keep", "--run", *options]).stdout)
    assert faces(shop) == never
    (batch,) = done["batches"]
    assert sum(one["rows"] for one in batch["removed"]) == seen["rows"]
    kept = client.get("/api/workspace").json()["kept"]
    assert kept["since"] == {"events": view["classes"][0]["from"]}
    assert kept["removed"] == {"events:shop": 120, "events:web": 130}
    assert kept["last"] == batch["done_at"]
    again = CliRunner().invoke(command, ["keep", "-w", str(shop.store.path)])
    assert "events:web" in again.stdout


def test_the_batch_is_a_job_of_the_night(shop: run.Workspace) -> None:
    job = next(one for one in registered() if one.name == "keep")
    assert job.period == "every night at 02:40"
    run.keep(shop, "events", duration="for ever")
    assert job.work(shop, None) == "Everything is kept for ever."  # type: ignore[arg-type]
    run.keep(shop, "events:web", duration="8d")
    assert job.work(shop, None) == "52 rows were older than they are kept."  # type: ignore[arg-type]
    assert job.work(shop, None) == "Nothing was too old."  # type: ignore[arg-type]
    assert len(run.keeping(shop).batches) >= 2
    run.keep(shop, "events:web", duration="as others")
    assert [one.keep for one in run.keeping(shop).classes] == [None] * 7


def test_a_limit_needs_a_class_that_is_known_and_a_time_that_is_long_enough(
    shop: run.Workspace,
) -> None:
    with pytest.raises(UnknownName, match="UNKNOWN_CLASS"):
        run.keep(shop, "events:elsewhere", duration="10d")
    with pytest.raises(Refused, match="KEPT_AS_PROOF"):
        run.keep(shop, "consents", duration="10d")
    with pytest.raises(WrongUsage, match="BAD_DURATION"):
        run.keep(shop, "events", duration="soon")
    with pytest.raises(WrongUsage, match="KEPT_TOO_SHORT"):
        run.keep(shop, "refused", duration="6h")
    with pytest.raises(WrongUsage, match="KEPT_TOO_LONG"):
        run.keep(shop, "events", duration="900000d")
    for said in ("as others", "0d"):
        with pytest.raises(WrongUsage):
            run.keep(shop, "events", duration=said)
