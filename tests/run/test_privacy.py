"""Who asks for it is given everything that is known of them, or is erased from every answer."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.run.test_tail_answers import ROOMS, batches, begun, old_events, send, text
from typer.testing import CliRunner

from pathworth import measure, run, store
from pathworth.base.errors import BadInput, NotSupported, UnknownName
from pathworth.cli.app import app as command
from pathworth.journeys import engine
from pathworth.run.serving.registered import registered
from pathworth.web import build_app

WHO, OTHER = "p7", "p8"
GONE = {WHO, OTHER}
OLD = old_events(6)
LATE = {"event": "e1", "time": OLD[0]["time"], "mail": "gone@example.nl"}
NEWS = [
    *next(batches(6, OLD)),
    {**LATE, "person": WHO, "id": "late"},
    {**LATE, "person": "p3", "id": "late too", "mail": "p3@example.nl"},
]
ASKED = ("trends", "lifecycle", "paths", "variants", "matches", "cohorts")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "SMALL", 1)
        made = begun(tmp_path_factory.mktemp("privacy") / "shop", 6)
    send(made, NEWS, "files")
    run.link(made, one=WHO, other=OTHER, author="ann")
    store.Consents(made.store).add(
        [store.Consent(OTHER, "email", "news", given=True, at_us=5, proof="form of May")]
    )
    return made


def read(data: bytes) -> dict[str, object]:
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        names = held.namelist()
        assert "README.txt" in names
        return {n: json.loads(held.read(n)) for n in names if n.endswith(".json")}


def test_every_event_of_a_person_is_in_the_file_exactly_once_and_nobody_elses(
    shop: run.Workspace, tmp_path: Path
) -> None:
    answer = TestClient(build_app(shop), base_url="http://127.0.0.1:8710").get(
        "/api/privacy/access", params={"id": OTHER}
    )
    assert answer.headers["content-type"] == "application/zip"
    held = read(answer.content)
    said = {one["id"]: one for one in (*OLD, *NEWS) if one["person"] in GONE}
    assert Counter(one["message_id"] for one in held["events.json"]) == Counter(list(said))
    for one in held["events.json"]:
        given = said[one["message_id"]]
        assert (one["id"], one["name"]) == (given["person"], given["event"])
        assert one["value"] == given.get("value")
        known = {k: str(v) for k, v in given.items() if k in {"plan", "size", "mail", "campaign"}}
        assert {k: v for k, v in one["said"].items() if k != "account_id"} == known
    assert {one["import"] for one in held["events.json"]} == {1, None}
    assert held["ids.json"]["ids"] == [WHO, OTHER]
    assert [one["said_by"] for one in held["ids.json"]["links"]] == ["ann"]
    assert [one["proof"] for one in held["consents.json"]["answers"]] == ["form of May"]
    assert [one["import"] for one in held["imports.json"]] == [1]
    out = tmp_path / "person.zip"
    options = ["--out", str(out), "-w", str(shop.store.path), "--json"]
    done = CliRunner().invoke(command, ["access", WHO, *options])
    assert json.loads(done.stdout)["events"] == len(said)
    assert read(out.read_bytes())["events.json"] == held["events.json"]
    with pytest.raises(BadInput, match="FILE_EXISTS"):
        run.access(shop, WHO, out=out)
    with pytest.raises(UnknownName, match="UNKNOWN_PERSON"):
        run.access(shop, "nobody", out=tmp_path / "none.zip")


def test_an_erased_person_is_in_no_answer_of_any_face(shop: run.Workspace, tmp_path: Path) -> None:
    """Asked over the API, done by the command line, equal to a workspace that never knew them."""
    with pytest.MonkeyPatch.context() as patch:
        kept = [one for one in OLD if one["person"] not in GONE]
        patch.setattr("tests.run.test_tail_answers.old_events", lambda _: kept)
        twin = begun(tmp_path / "twin", 6)
    send(twin, [one for one in NEWS if one["person"] not in GONE], "files")
    for one in (shop, twin):
        for name, who in {
            "busy": "did('e2', at_least=2)",
            "back": "did('e1', within='60d')",
        }.items():
            one.segments.save(name, who)
        one.entities.add("account", by="account_id")
    never = faces(twin)
    assert not set(faces(shop).items()) & set(never.items())
    client = TestClient(build_app(shop), base_url="http://127.0.0.1:8710")
    said = {"person": OTHER, "because": "asked by mail"}
    assert client.post("/api/privacy/erasures", json=said).json()["state"] == "masked"
    # How many words a column ever held is counted anew with the files.
    assert {**faces(shop), "choices": never["choices"]} == never
    for path in ("journeys/head", "journeys/moments"):
        assert client.get(f"/api/{path}", params={"id": WHO}).status_code == 404
    assert (
        client.post("/api/privacy/erasures", json=said).json()["error"]["code"] == "ALREADY_ERASED"
    )
    with pytest.raises(NotSupported, match="ENTITY_STALE"):
        shop.journeys(of="account")
    send(shop, [{**LATE, "person": WHO, "id": "once more"}], "files")
    assert {**faces(shop), "choices": never["choices"]} == never
    told = ["erasures", "-w", str(shop.store.path), "--json"]
    waiting = json.loads(CliRunner().invoke(command, told).stdout)
    assert (waiting["waiting"], len(waiting["erasures"])) == (1, 1)
    done = json.loads(CliRunner().invoke(command, [*told, "--run", "--person", WHO]).stdout)
    assert done["waiting"] == 0
    assert done["erasures"][0]["searched"]["hits"] == []
    assert faces(shop) == never
    run.rebuild(twin)
    accounts = [measure.transitions(one.journeys(of="account")) for one in (shop, twin)]
    assert text(accounts[0]) == text(accounts[1])
    plain = CliRunner().invoke(command, [*told[:-1], "--person", OTHER])
    assert "found nowhere" in plain.stdout
    with pytest.raises(UnknownName, match="UNKNOWN_PERSON"):
        run.access(shop, WHO, out=io.BytesIO())


def faces(workspace: run.Workspace) -> dict[str, str]:
    chosen = workspace.journeys()
    ask = measure.AskFunnel(steps=("e0", "e1"))
    found: dict[str, object] = {
        **{name: ROOMS[name](chosen, workspace.engine) for name in ASKED},
        "transitions": measure.transitions(chosen, entities=True, by="plan"),
        "retention": measure.retention(chosen, by="plan"),
        "people": measure.people(chosen, ask, cell="reached 2"),
        "listed": run.listed(workspace, run.Selection(), limit=200),
        "choices": run.choices(workspace),
        "columns": run.columns(workspace),
        "links": run.links(workspace),
        "search": run.search(workspace, "p", limit=200),
        "search mail": run.search(workspace, "gone@"),
        "account": run.head(workspace, run.Subject("account", "a7")),
    }
    return {name: text(one) for name, one in found.items()}


def test_the_batch_is_a_job_of_the_night(shop: run.Workspace) -> None:
    job = next(one for one in registered() if one.name == "erase")
    assert job.period == "every night at 02:30"
    assert job.work(shop, None) == "Nobody waits to be erased."  # type: ignore[arg-type]
