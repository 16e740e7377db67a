"""Whoever runs a server can ask whether it lives, is ready, and how it does; nothing that was sent is told."""

from __future__ import annotations

import json
import re
from collections import namedtuple
from functools import partial

import pytest
from fastapi.testclient import TestClient
from tests.store.made import drawn, put

from pathworth import run
from pathworth.base.errors import StoreTrouble
from pathworth.web import build_app
from pathworth.web.operations.counted import LIMITS, Counts, group_of
from pathworth.web.operations.exposition import exposition, family

HERE = "http://127.0.0.1:8710"
SAMPLE = re.compile(r'^(pathworth_[a-z_]+)(\{([a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*)\})? (\S+)$')


@pytest.fixture
def shop(tmp_path):
    made = run.init(tmp_path / "shop")
    put(made.store, drawn(60, 4))
    return made


@pytest.fixture
def client(shop):
    return TestClient(build_app(shop), base_url=HERE)


def samples(text):
    """Every sample by its name and labels; each line is one that Prometheus can read."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            match = SAMPLE.match(line)
            assert match, line
            key = f"{match[1]}{match[2] or ''}"
            assert key not in found, line
            found[key] = float(match[5])
    return found


def test_a_server_that_answers_lives(client):
    for path in ("/livez", "/healthz"):
        assert (client.get(path).status_code, client.get(path).text) == (200, "ok\n")


def test_a_server_that_can_keep_and_answer_is_ready_and_says_what_waits(client, shop):
    assert client.get("/readyz").text == "ok. 0 batches wait to be numbered.\n"
    run.receive(shop, b"[]")
    assert run.readiness(shop) == run.Readiness(None, 1)


def refuse(*_args, **_named):
    raise StoreTrouble("DISK_FULL", "There is no room left on the disk that holds /secret.", "x")


@pytest.mark.parametrize(
    ("target", "what"),
    [
        (
            "pathworth.store.records.database.Database.prove",
            "database cannot be written (DISK_FULL)",
        ),
        ("pathworth.store.Workspace.whole_snapshot", "snapshot cannot be opened (DISK_FULL)"),
    ],
)
def test_a_server_that_cannot_is_not_ready_and_says_why_without_a_path(
    client, monkeypatch, target, what
):
    monkeypatch.setattr(target, refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert what in answer.text
    assert "secret" not in answer.text


def test_a_damaged_database_and_a_lost_snapshot_are_found_for_real(shop):
    (shop.store.path / "current").write_text("00000099")
    assert "snapshot" in (run.readiness(shop).why_not or "")
    (shop.store.path / "workspace.db").write_bytes(b"x" * 8192)
    assert "database" in (run.readiness(shop).why_not or "")


def test_too_little_room_and_too_many_batches_are_reasons(shop, monkeypatch):
    monkeypatch.setattr("pathworth.run.serving.readiness.MOST_BATCHES", 0)
    run.receive(shop, b"[]")
    assert run.readiness(shop) == run.Readiness("Numbering does not get on with them.", 1)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(1, 1, 1000))
    assert "too little room" in (run.readiness(shop).why_not or "")


def test_a_server_falls_behind_once_more_batches_wait_than_it_lets(shop, client, monkeypatch):
    monkeypatch.setattr("pathworth.run.serving.readiness.MOST_WAITING", 0)
    body = {"batch": [{"type": "track", "event": "Bought", "userId": "ann", "messageId": "m1"}]}
    assert not run.behind(shop)
    assert client.post("/v1/batch", json=body).status_code == 200
    assert run.behind(shop)
    run.number(shop)
    assert not run.behind(shop)


def test_readiness_is_looked_at_once_a_second_however_often_it_is_asked(shop, monkeypatch):
    asked, now = [], [0.0]
    monkeypatch.setattr(
        "pathworth.store.records.database.Database.prove", lambda _: asked.append(1)
    )
    watch = run.Watch(partial(run.readiness, shop), clock=lambda: now[0])
    for _ in range(5):
        watch.look()
    now[0] = 1.5
    watch.look()
    assert len(asked) == 2


def test_every_figure_has_help_and_a_type_and_is_what_the_workspace_holds(client, shop):
    body = {"batch": [{"type": "track", "event": "Bought", "userId": "ann", "messageId": "m1"}] * 2}
    assert client.post("/v1/batch", json=body).status_code == 200
    assert client.post("/v1/batch", content=b"nonsense").status_code == 400
    plain = {"events": [{"person": "bob", "event": "Seen", "time": "2026-01-01T00:00:00Z"}]}
    client.post("/api/collect/events", json=plain)
    client.get("/api/workspace")
    client.get("/api/measure/nothing-of-the-kind")
    run.number(shop)
    text = client.get("/metrics").text
    found = samples(text)
    for name in {key.partition("{")[0] for key in found}:
        base = re.sub("_(bucket|sum|count)$", "", name) if "request_seconds" in name else name
        assert f"# HELP {base} " in text, name
        assert f"# TYPE {base} " in text, name
        # Prometheus takes a name that ends so for a counter.
        assert ("TYPE " + base + " counter" in text) == base.endswith("_total")
    held = shop.store.whole_snapshot(at_once=True)
    assert found["pathworth_events"] == held.events
    assert found["pathworth_entities"] == held.entities
    assert found["pathworth_seq"] == held.seq
    assert found["pathworth_waiting_batches"] == 0
    assert found["pathworth_behind_seconds"] == 0
    assert found["pathworth_waiting_events"] == held.events - 60
    assert found['pathworth_batches_total{protocol="segment",outcome="kept"}'] == 1
    assert found['pathworth_batches_total{protocol="segment",outcome="refused"}'] == 1
    assert found['pathworth_batches_total{protocol="plain",outcome="kept"}'] == 1
    assert found['pathworth_numbered_total{protocol="segment",outcome="read"}'] == 2
    assert found['pathworth_events_total{outcome="new"}'] == held.events - 60
    assert found['pathworth_events_total{outcome="repeated"}'] == 1
    assert found['pathworth_requests_total{group="ingest",status="200"}'] == 2
    assert found['pathworth_requests_total{group="ingest",status="400"}'] == 1
    assert found['pathworth_requests_total{group="measure",status="404"}'] == 1
    for store in ("database", "lake", "shards", "ids"):
        assert found[f'pathworth_disk_bytes{{store="{store}"}}'] > 0, store


def test_a_histogram_rises_to_its_count(client):
    for _ in range(3):
        client.get("/livez")
    found = samples(client.get("/metrics").text)
    ends = [*(f"{end:g}" for end in LIMITS), "+Inf"]
    name = "pathworth_request_seconds"
    rising = [found[f'{name}_bucket{{group="operations",le="{end}"}}'] for end in ends]
    assert rising == sorted(rising)
    assert rising[-1] == found[f'{name}_count{{group="operations"}}'] == 3
    assert found[f'{name}_sum{{group="operations"}}'] > 0


def test_what_waits_and_since_when_is_told_before_it_is_numbered(shop, client):
    run.receive(shop, b'{"events": []}')
    found = samples(client.get("/metrics").text)
    assert found["pathworth_waiting_batches"] == 1
    assert 0 < found["pathworth_behind_seconds"] < 60


def test_jobs_deliveries_and_backups_are_told_once_there_are_any(shop, client, tmp_path):
    runner = run.Runner(shop, (run.Job("number", lambda *_: "none", ready=lambda _: True),))
    runner.start()
    run.backup(shop, tmp_path / "shop.tar")
    while run.job_rows(shop)[0].ended is None:
        pass
    runner.stop()
    found = samples(client.get("/metrics").text)
    assert found['pathworth_job_well{job="number"}'] == 1
    assert 0 <= found['pathworth_job_seconds_since{job="number"}'] < 60
    assert 0 <= found["pathworth_backup_seconds_since"] < 60


WORDS = re.compile(r"[a-z_]+|\d{3}|[\d.]+|\+Inf")


def test_no_figure_carries_an_id_a_key_or_a_path_however_it_is_sent(shop, client):
    secret = "Zq7SecretPerson"
    made = run.create_key(shop, secret, scope="ingest")
    sender = {"authorization": f"Bearer {made.key}"}
    body = {"batch": [{"type": "track", "event": secret, "userId": secret, secret: secret}]}
    client.post("/v1/batch", json=body, headers=sender)
    client.post(f"/v1/batch?writeKey={secret}", json=body)
    for path in (f"/{secret}", f"/api/{secret}", f"/api/journeys/{secret}", f"/why/{secret}"):
        client.get(path)
    client.get(f"/array/{secret}/config")
    client.get(f"/v1/projects/{secret}/settings")
    run.number(shop)
    text = client.get("/metrics").text
    assert secret.lower() not in text.lower()
    assert made.key not in text
    for line in text.splitlines():
        match = None if line.startswith("#") else SAMPLE.match(line)
        for value in re.findall(r'="([^"]*)"', "" if match is None else match[2] or ""):
            assert WORDS.fullmatch(value), line


def test_a_group_is_one_of_a_few_words_whatever_the_path(client):
    said = {
        group_of(path) for path in ("/", "//", "/v1/batch/", "/api", "/api/x", "/metrics", "/x/y")
    }
    assert said == {"pages", "ingest", "other", "operations"}
    assert group_of("/api/measure/funnel") == "measure"


def test_labels_are_escaped_as_the_format_asks():
    (_, _, line) = family("x", "X.", [({"a": 'b"\\\n'}, 1)])
    assert line == r'pathworth_x{a="b\"\\\n"} 1'


def test_reading_figures_takes_a_login_or_a_key_for_that_alone(shop):
    run.add_login(shop, "ann", role="admin", password="three random words")
    client = TestClient(build_app(shop), base_url=HERE)
    assert client.get("/metrics").status_code == 401
    wrong = run.create_key(shop, "events", scope="ingest").key
    right = run.create_key(shop, "watch", scope="metrics").key
    assert client.get("/metrics", headers={"authorization": f"Bearer {wrong}"}).status_code == 401
    assert client.get("/metrics", headers={"authorization": f"Bearer {right}"}).status_code == 200
    body = json.dumps({"events": []})
    sent = {"authorization": f"Bearer {right}"}
    assert client.post("/api/collect/events", content=body, headers=sent).status_code == 401
    assert client.post("/v1/batch", json={"batch": []}, headers=sent).status_code == 401
    assert client.get("/livez").status_code == 200


def test_asking_for_figures_reads_no_event_of_the_lake_and_no_shard(shop, monkeypatch):
    shop.store.whole_snapshot()
    monkeypatch.setattr("pathworth.store.accept.read_part", refuse)
    monkeypatch.setattr("pathworth.store.shards.snapshots.open_blocks", refuse)
    assert "pathworth_events 60" in exposition(run.figures(shop), Counts())
