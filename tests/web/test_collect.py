"""What comes in, over HTTP and on the command line: events, files, undo, rules, marks."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.contracts.faces import plain
from typer.testing import CliRunner

from pathworth import collect, run
from pathworth.cli.app import app as command
from pathworth.run.intake import uploads as uploads_module
from pathworth.web import build_app
from pathworth.web.ingest import bodies

CSV = "who,what,when\n" + "\n".join(f"p{k % 5},visit,2026-01-{1 + k % 28:02d}" for k in range(40))
JSON = {"Content-Type": "application/json"}
SAID = {"entity": "who", "event": "what", "time": "when"}


@pytest.fixture
def workspace(tmp_path: Path) -> run.Workspace:
    return run.init(tmp_path / "shop")


@pytest.fixture
def api(workspace: run.Workspace) -> Iterator[TestClient]:
    address = "http://127.0.0.1:8710"
    with TestClient(build_app(workspace), base_url=address) as client:
        yield client


def sent(api: TestClient, name: str, content: str) -> str:
    found = api.post("/api/collect/uploads", params={"name": name}, content=content)
    assert found.status_code == 200, found.text
    return str(found.json()["id"])


def ended(api: TestClient) -> dict:
    for _ in range(400):
        (now,) = api.get("/api/collect/running").json()
        if now["state"] != "running":
            return now
        time.sleep(0.02)
    raise AssertionError(now)


def test_a_batch_is_answered_with_what_became_of_it(api: TestClient, monkeypatch) -> None:
    one = {"event": "visit", "person": "p1", "time": "2026-01-01T10:00:00Z", "id": "m1"}
    found = api.post("/api/collect/events?wait=1", json={"events": [one, one, {"event": "x"}]})
    assert found.json() == {"accepted": 1, "duplicates": 1, "rejected": 1, "seq": 1, "waits": False}
    assert api.get("/api/collect/waiting").json()["events"] == 0
    assert api.get("/api/workspace").json()["events"] == 1
    (bad,) = api.get("/api/collect/quarantine").json()
    assert (bad["code"], bad["place"]) == ("NO_ENTITY", 3)
    mend = f"/api/collect/quarantine/{bad['id']}"
    assert api.post(mend, json={}).json()["error"]["code"] == "NO_ENTITY"
    better = {**one, "event": "x", "id": "m2"}
    assert api.post(mend, json={"text": json.dumps(better)}).json()["accepted"] == 1
    assert api.get("/api/collect/quarantine").json() == []
    assert api.post("/api/collect/rebuild").json()["added"] == 2
    assert api.get("/api/workspace").json()["events"] == 2
    wrong = api.post("/api/collect/events", content=b"{")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (409, "BAD_BATCH_BODY")
    monkeypatch.setattr(bodies, "MOST", 100)
    large = api.post("/api/collect/events", content=b" " * 101)
    assert (large.status_code, large.json()["error"]["code"]) == (413, "BODY_TOO_LARGE")


def test_a_known_export_is_shown_confirmed_and_imported_as_what_it_is(api: TestClient) -> None:
    head = "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,Rate us"
    rows = "7,1,01/02/2026 10:00,01/02/2026 10:05,192.0.2.1,ann@a.example,9"
    upload = sent(api, "survey.csv", f"{head}\n,,,,,,Response\n{rows}\n")
    look = f"/api/collect/uploads/{upload}/look"
    unsure = api.post(look, json={}).json()
    roles = {role["name"]: role["column"] for role in unsure["roles"]}
    assert (unsure["sure"], roles["format"], roles["event"]) == (
        False,
        "surveymonkey",
        "Survey answered",
    )
    assert api.post(look, json={"format": "/etc/formats.yaml"}).status_code >= 400
    # "Yes, these are the columns" sends back all that was shown.
    seen = api.post(look, json=roles).json()
    assert (seen["sure"], seen["rows"]) == (True, 1)
    assert seen["sample"][0]["person"] == "ann@a.example"
    assert api.post(f"/api/collect/uploads/{upload}/import", json=roles).status_code == 200
    assert ended(api)["accepted"] == 1


def test_a_file_is_sent_looked_at_imported_and_undone(api: TestClient) -> None:
    upload = sent(api, "../../evil name.csv", CSV + "\np9,visit,nonsense")
    look = f"/api/collect/uploads/{upload}/look"
    unsure = api.post(look, json={}).json()
    assert unsure["upload"]["name"] == "evil name.csv"
    assert (unsure["sure"], unsure["columns"], unsure["sample"]) == (
        False,
        ["who", "what", "when"],
        [],
    )
    refused = api.post(f"/api/collect/uploads/{upload}/import", json={})
    assert refused.json()["error"]["code"] == "MAPPING_UNSURE"
    seen = api.post(look, json=SAID).json()
    assert (seen["sure"], seen["rows"], seen["rejected"]) == (True, 40, 1)
    assert seen["sample"][0]["person"] == "p0"
    assert api.post(f"/api/collect/uploads/{upload}/import", json=SAID).status_code == 200
    done = ended(api)
    assert (done["state"], done["accepted"], done["rejected"], done["events"]) == (
        "done",
        40,
        1,
        40,
    )
    assert api.post(look, json=SAID).json()["error"]["code"] == "UNKNOWN_UPLOAD"
    (row,) = api.get("/api/collect/imports").json()
    assert (row["files"], row["accepted"], row["undone"]) == (["evil name.csv"], 40, None)
    rejects = api.get("/api/collect/imports/1/rejects").json()
    assert (rejects["count"], rejects["rows"][0]["code"]) == (1, "BAD_TIME")
    text = api.get("/api/collect/imports/1/rejects", params={"format": "csv"}).text
    assert text.splitlines()[0] == "file,row,code,reason,raw"
    assert len(text.splitlines()) == 2
    assert api.get("/api/collect/sources").json()[0]["events"] == 40
    preview = api.get("/api/collect/imports/1/undo").json()
    assert (preview["removed"], preview["events"]) == (40, None)
    assert api.post("/api/collect/imports/1/undo").json()["events"] == 0
    assert api.get("/api/collect/imports").json()[0]["undone"] is not None
    again = api.post("/api/collect/imports/1/undo")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "ALREADY_UNDONE")


def test_a_file_that_cannot_be_read_is_refused_in_words_and_nothing_is_kept(
    api: TestClient, workspace: run.Workspace
) -> None:
    upload = sent(api, "x.csv", "who,what,when\n" + "\n".join("p,visit,never" for _ in range(9)))
    seen = api.post(f"/api/collect/uploads/{upload}/look", json=SAID).json()
    assert not seen["sure"]
    assert api.delete(f"/api/collect/uploads/{upload}").json()["id"] == upload
    assert list((workspace.store.path / "uploads").iterdir()) == []
    empty = api.post("/api/collect/uploads", params={"name": "x.csv"}, content=b"")
    assert empty.json()["error"]["code"] == "EMPTY_FILE"
    assert api.get("/api/collect/imports").json() == []
    for wrong in ("0" * 16, "%2E%2E", "zz"):
        assert api.post(f"/api/collect/uploads/{wrong}/look", json={}).status_code == 404


def test_an_import_can_be_cancelled_and_leaves_nothing(
    api: TestClient, workspace: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = uploads_module.collect.import_files

    def slow(*args: object, **named: object) -> object:
        tell = named.pop("progress")

        def wait(step: collect.Progress) -> None:
            time.sleep(0.1)
            tell(step)  # type: ignore[operator]

        return real(*args, **named, progress=wait)  # type: ignore[arg-type]

    monkeypatch.setattr(uploads_module.collect, "import_files", slow)
    upload = sent(api, "x.csv", CSV)
    begun = api.post(f"/api/collect/uploads/{upload}/import", json=SAID).json()
    assert begun["state"] == "running"
    second = api.post(f"/api/collect/uploads/{upload}/import", json=SAID)
    assert second.json()["error"]["code"] == "IMPORT_RUNNING"
    api.delete("/api/collect/running")
    assert ended(api)["state"] == "cancelled"
    assert workspace.store.imports() == ()
    assert not (workspace.store.path / "staging").exists()
    monkeypatch.setattr(uploads_module.collect, "import_files", real)
    api.post(f"/api/collect/uploads/{upload}/import", json=SAID)
    assert ended(api)["accepted"] == 40


def test_rules_and_marks_over_http_and_on_the_command_line_are_the_same(
    api: TestClient, workspace: run.Workspace, tmp_path: Path
) -> None:
    upload = sent(api, "x.csv", CSV)
    api.post(f"/api/collect/uploads/{upload}/import", json=SAID)
    assert ended(api)["state"] == "done"
    ids = tmp_path / "ids.txt"
    ids.write_text("p1\np2\n")
    listed = said(workspace, "exclude", "robots", "--ids", str(ids))["exclusions"]
    assert [(one["name"], one["people"]) for one in listed] == [("robots", 2)]
    made = api.post("/api/collect/exclusions", json={"name": "p0", "who": "person = 'p0'"}).json()
    assert made == said(workspace, "exclusions")["exclusions"]
    assert api.get("/api/measure/sessions").json()["excluded"] == {"robots": 2, "p0": 1}
    assert said(workspace, "sessions")["excluded"] == {"robots": 2, "p0": 1}
    off = api.put("/api/collect/exclusions/robots", json={"active": False}).json()
    assert [one["active"] for one in off] == [False, True]
    assert api.delete("/api/collect/exclusions/p0").json() == off[:1]
    assert api.get("/api/measure/sessions").json()["entities"] == 5
    api.post("/api/collect/releases", json={"name": "v2", "at": "2026-01-05"})
    marks = said(workspace, "release", "prices", "--at", "2026-01-03")["releases"]
    assert marks == api.get("/api/collect/releases").json()
    assert [one["name"] for one in marks] == ["prices", "v2"]
    assert api.delete(f"/api/collect/releases/{marks[0]['id']}").json() == marks[1:]


def test_a_calendar_sent_by_the_page_marks_what_the_command_line_marks(
    api: TestClient, workspace: run.Workspace, tmp_path: Path
) -> None:
    fair = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260309\r\nDTEND;VALUE=DATE:20260312\r\nSUMMARY:Fair\r\nEND:VEVENT\r\n"
    text = f"BEGIN:VCALENDAR\r\n{fair}END:VCALENDAR\r\n"
    sent = {"name": "dates.ics", "text": text}
    made = api.post("/api/collect/releases/calendar", json=sent).json()
    assert [(one["name"], one["source"], one["note"]) for one in made] == [
        ("Fair", "dates.ics", "until 2026-03-11")
    ]
    file = tmp_path / "dates.ics"
    file.write_text(text, newline="")
    assert said(workspace, "release", "--calendar", str(file))["releases"] == made
    assert api.get("/api/collect/releases").json() == made
    bad = api.post("/api/collect/releases/calendar", json={**sent, "text": "name,day"})
    assert bad.json()["error"]["code"] == "BAD_CALENDAR"
    assert api.get("/api/collect/releases").json() == made


def test_an_import_is_undone_and_arrivals_are_rebuilt_on_the_command_line(
    workspace: run.Workspace, tmp_path: Path
) -> None:
    run.arrive(workspace, b'{"events": [{"event": "visit", "person": "p", "time": 1767225600000}]}')
    assert said(workspace, "rebuild")["added"] == 1
    preview = said(workspace, "import-undo", "1", "--dry-run")
    assert (preview["removed"], preview["events"]) == (1, None)
    assert said(workspace, "import-undo", "1")["events"] == 0
    (record,) = said(workspace, "imports")["imports"]
    assert record["undone_at"] is not None


def test_numbers_by_the_day_come_in_by_a_page_and_every_face_says_the_same(
    api: TestClient, workspace: run.Workspace
) -> None:
    text = "channel,day,spend\nsearch,2026-01-05,1200.50\nsearch,2026-01-08,800\n"
    upload = sent(api, "spend.csv", text)
    seen = api.post(f"/api/collect/uploads/{upload}/look", json={}).json()
    assert (seen["daily"], seen["sure"], seen["rows"]) == (True, True, 2)
    assert api.post(f"/api/collect/uploads/{upload}/import", json={}).status_code == 200
    done = ended(api)
    assert (done["state"], done["accepted"], done["daily"], done["events"]) == ("done", 2, True, 0)
    (row,) = api.get("/api/collect/imports").json()
    assert (row["daily"], row["accepted"]) == (True, 2)
    (found,) = api.get("/api/collect/daily").json()
    assert said(workspace, "daily")["daily"] == [found]
    assert [plain(one) for one in run.daily(workspace)] == [found]
    kept = {key: found[key] for key in ("measure", "dimensions", "days", "gaps", "sum", "currency")}
    assert kept == {
        "measure": "spend",
        "dimensions": ["channel"],
        "days": 2,
        "gaps": 2,
        "sum": 2000.5,
        "currency": "EUR",
    }
    asked = {"from": "2026-01-06", "source": "ad spend"}
    numbers = api.get("/api/collect/daily/numbers", params=asked).json()
    assert [(one["day"], one["value"]) for one in numbers] == [("2026-01-08", 800.0)]
    again = said(workspace, "daily", "--numbers", "--from", "2026-01-06", "--source", "ad spend")
    assert again["numbers"] == numbers
    assert api.get("/api/collect/daily/numbers", params={"from": "x"}).status_code >= 400
    assert api.get("/api/collect/sources").json() == []
    preview = api.get("/api/collect/imports/1/undo").json()
    assert (preview["daily"], preview["removed"]) == (2, 0)
    assert api.post("/api/collect/imports/1/undo").json()["daily"] == 2
    assert api.get("/api/collect/daily").json() == []


def test_what_a_source_does_not_see_is_said_shown_beside_it_and_forgotten(
    api: TestClient, workspace: run.Workspace
) -> None:
    upload = sent(api, "x.csv", CSV)
    api.post(f"/api/collect/uploads/{upload}/import", json=SAID)
    assert ended(api)["state"] == "done"
    assert api.get("/api/collect/sources").json()[0]["sees"] is None
    body = {"least": 0.6, "most": 0.9, "because": "blockers send nothing."}
    spots = api.put("/api/collect/blind-spots/files", json=body).json()
    assert [(one["source"], one["least"], one["by_hand"]) for one in spots] == [
        ("files", 0.6, True)
    ]
    assert said(workspace, "blind-spots")["blind_spots"] == spots
    assert api.get("/api/collect/sources").json()[0]["sees"] == spots[0]
    words = ("blind-spots", "a/b", "--least", "0.1", "--most", "0.2", "--because", "so")
    assert len(said(workspace, *words)["blind_spots"]) == 2
    wrong = api.put("/api/collect/blind-spots/files", json={**body, "most": 2})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (409, "BAD_SHARE")
    for text in (b"\\ud800", b"\\u0000"):
        odd = b'{"least": 0.1, "most": 0.2, "because": "' + text + b'"}'
        half = api.put("/api/collect/blind-spots/files", content=odd, headers=JSON)
        assert (half.status_code, half.json()["error"]["code"]) == (409, "BAD_TEXT")
    assert api.delete("/api/collect/blind-spots/a%2Fb").json() == spots
    gone = api.delete("/api/collect/blind-spots/none")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "UNKNOWN_SOURCE")


def said(workspace: run.Workspace, *words: str) -> dict:
    folder = str(workspace.store.path)
    found = CliRunner().invoke(command, [*words, "-w", folder, "--json"])
    assert found.exit_code == 0, (found.output, found.exception)
    read: dict = json.loads(found.stdout)
    return read
