"""Python, command line and API give the same bytes, on every question of the one table of words."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.contracts.faces import plain, said, told

import pathworth as pw
from pathworth import measure, run
from pathworth.run import WORDS, open_workspace, picture, price
from pathworth.web import build_app

STEPS = ["catalog", "add_to_cart", "purchase"]


@pytest.fixture(scope="module")
def api(shop):
    with TestClient(build_app(open_workspace(shop)), base_url="http://127.0.0.1:8710") as client:
        yield client


@pytest.fixture(scope="module")
def opened(shop):
    return pw.open(shop)


def test_funnel(shop, api, opened):
    python = plain(pw.funnel(opened.journeys(who="user_cohort = '2024-01'"), STEPS, within="7d"))
    assert [one["name"] for one in python["steps"]] == STEPS
    assert (
        said(shop, "funnel", *STEPS, "--within", "7d", "--who", "user_cohort = '2024-01'") == python
    )
    asked = {"step": STEPS, "within": "7d", "who": "user_cohort = '2024-01'"}
    assert told(api, "/api/measure/funnel", **asked) == python


def test_sessions(shop, api, opened):
    python = plain(pw.sessions(opened.journeys(), gap="30m"))
    assert python["sessions"] == 3605
    assert said(shop, "sessions", "--gap", "30m") == python
    assert told(api, "/api/measure/sessions", gap="30m") == python


def test_the_map(shop, api, opened):
    python = plain(opened.map()[0])
    assert said(shop, "map", "show") == python
    assert told(api, "/api/atlas/map") == python


def test_price_and_picture(shop, api, opened):
    python = plain(price(opened))
    assert said(shop, "price") == python
    assert told(api, "/api/value/price") == python
    shown = told(api, "/api/value/picture")
    assert shown == plain(picture(opened))
    assert shown["price"] == python


def test_a_map_step_is_a_step_of_a_funnel(shop, api, opened):
    names = [step["name"] for step in told(api, "/api/atlas/map")["steps"][:2]]
    by_map = said(shop, "funnel", *names, "--map", "journey")
    assert by_map["steps"][0]["entities"] > 0
    assert told(api, "/api/measure/funnel", step=names, map="journey") == by_map


def test_steps_of_a_map_may_be_alternatives_left_out_and_excluded(shop, api, opened):
    first, second, third = opened.map()[0].steps[:3]
    (bought,) = opened.map_steps(["purchase"], "journey")
    words = [first.name, f"purchase | {second.id}?", f'"{third.name}"']
    out = f"{second.name} | payment_error after 1"
    either = pw.Step(f"{bought.name} or {second.name}", f"({bought.rule}) or ({second.rule})")
    python = plain(
        pw.funnel(
            opened.journeys(),
            [first, measure.optional(either), third],
            exclude=[f"x := ({second.rule}) or event = 'payment_error' after 1"],
        )
    )
    assert python["steps"][1]["optional"] is True
    assert 0 < python["steps"][2]["entities"] < python["steps"][0]["entities"]
    assert said(shop, "funnel", *words, "--exclude", out, "--map", "journey") == python
    asked = {"step": words, "exclude": out, "map": "journey"}
    assert told(api, "/api/measure/funnel", **asked) == python


def test_every_word_has_its_address(api):
    served = set(api.get("/api/openapi.json").json()["paths"])
    assert {word.address for word in WORDS} <= served


def test_a_step_has_as_many_people_as_its_number(api):
    shown = told(api, "/api/value/picture")
    for step in shown["price"]["steps"]:
        page = told(api, "/api/journeys/people", step=step["id"], limit=1000)
        assert page["count"] == step["people"] == len(page["people"]), step["id"]


def test_an_arrow_has_as_many_people_as_its_number(api):
    shown = told(api, "/api/value/picture")
    for one in shown["price"]["arrows"]:
        page = told(api, "/api/journeys/people", step=one["from"], to_step=one["to"], limit=1)
        assert page["count"] == one["people"], one


def test_people_come_as_a_file(api):
    step = told(api, "/api/atlas/map")["steps"][0]["id"]
    count = told(api, "/api/journeys/people", step=step)["count"]
    text = api.get("/api/journeys/people", params={"step": step, "format": "csv"}).text
    assert text.splitlines()[0] == "id,events,first,last"
    assert len(text.splitlines()) == count + 1


def test_a_person_has_a_timeline(api):
    found = told(api, "/api/journeys/person/user_0000")
    assert found["total"] == len(found["events"])
    assert [e["time"] for e in found["events"]] == sorted(e["time"] for e in found["events"])


B = {"against_who": "platform = 'desktop'"}
AGAINST = ("--against-who", "platform = 'desktop'")
A = ("--who", "platform = 'mobile'")


@pytest.fixture(scope="module")
def pair(opened):
    return tuple(opened.journeys(who=f"platform = '{one}'") for one in ("mobile", "desktop"))


def test_a_funnel_of_two(shop, api, pair):
    python = plain(measure.funnel_diff(pair, STEPS, times="quantiles"))
    assert python["steps"][2]["from_first"]["words"]
    words = ("funnel", *STEPS, "--times", "quantiles", *A, *AGAINST)
    assert said(shop, *words) == python
    asked = {"step": STEPS, "times": "quantiles", "who": "platform = 'mobile'", **B}
    assert told(api, "/api/measure/funnel/diff", **asked) == python


def test_people_who_did_a_step_of_the_map(shop, api, opened):
    """The map's step Catalog takes searches, too; the event catalog does not."""
    step = opened.map()[0].steps[0]
    asked = f"did('{step.name}', at_least=30, within='90d') and trait('platform') = 'mobile'"
    python = plain(pw.sessions(opened.journeys(who=asked)))
    assert 0 < python["entities"] < 220
    assert said(shop, "sessions", "--who", asked) == python
    assert told(api, "/api/measure/sessions", who=asked) == python
    by_id = asked.replace(f"'{step.name}'", f"'{step.id}'")
    assert told(api, "/api/measure/sessions", who=by_id)["entities"] >= 0


def test_what_a_question_can_be_made_of(api, opened):
    found = told(api, "/api/measure/choices")
    assert len(found["events"]) == len(opened.store.snapshot().names)
    counts = [one["count"] for one in found["events"]]
    assert counts == sorted(counts, reverse=True)
    word = found["steps"][0]["word"]
    asked = {"step": [word, "purchase"]}
    by_name = told(
        api, "/api/measure/funnel", step=[found["steps"][0]["name"], "purchase"], map="journey"
    )
    by_word = told(api, "/api/measure/funnel", **asked)
    counts = [[one["entities"] for one in answer["steps"]] for answer in (by_word, by_name)]
    assert counts[0] == counts[1]


def test_a_filter_is_checked_without_being_asked(api, opened):
    def checked(text, keeps="who"):
        found = told(api, "/api/journeys/filter", text=text, keeps=keeps)
        assert found == plain(run.check_filter(opened, text, keeps=keeps))
        return found["mistake"]

    assert checked("matches('catalog ->> purchase', within='1h')") is None
    assert checked("platform = 'mobile' and did('purchase')", "where") is None
    near = checked("matches('catalog ->> purchas')")
    assert (near["code"], near["at"]) == ("UNKNOWN_STEP", 21)
    assert "purchase" in near["hint"]
    assert checked("platfrom = 'mobile'", "where")["at"] == 0
    assert checked("matches('catalog -> end')", "where")["code"] == "PATTERN_END_IN_RULE"


def test_segments(shop, api, opened):
    saved = plain(opened.segments.save("buyers", "did('purchase')", author="ann"))
    assert saved["people"] > 0
    assert said(shop, "segment", "show", "buyers") == saved
    assert told(api, "/api/journeys/segments/buyers") == saved
    listed = plain(opened.segments.list())
    assert said(shop, "segment", "list") == {"segments": listed}
    assert told(api, "/api/journeys/segments") == listed
    day = {"at": "2020-01-01"}
    then = plain(opened.segments.show("buyers", **day))
    assert said(shop, "segment", "show", "buyers", "--at", day["at"]) == then
    assert told(api, "/api/journeys/segments/buyers", **day) == then
    asked = {"step": ["catalog"], "cell": "reached 1", "who": "in_segment('buyers')"}
    found = told(api, "/api/measure/funnel/people", **asked)
    assert 0 < found["count"] <= saved["people"]


def test_a_segment_is_saved_and_deleted_on_every_face(shop, api, opened):
    body = {"who": "matches('catalog ->> purchase', within='1h')"}
    by_page = api.put("/api/journeys/segments/quick/ones", json=body).json()
    assert (by_page["name"], by_page["counts"]["revision"]) == ("quick/ones", 1)
    again = said(shop, "segment", "save", "quick/ones", "--who", "did('purchase')")
    assert again["counts"]["revision"] == 2
    names = [one["name"] for one in said(shop, "segment", "delete", "quick/ones")["segments"]]
    assert "quick/ones" not in names
    assert api.put("/api/journeys/segments/quick/ones", json=body).status_code == 200
    left = api.delete("/api/journeys/segments/quick/ones").json()
    assert [one["name"] for one in left] == names
    gone = api.delete("/api/journeys/segments/quick/ones")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "UNKNOWN_SEGMENT")
