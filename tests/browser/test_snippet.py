"""Pathworth's own script on another site's page: nothing before consent, and then what somebody does there."""

from __future__ import annotations

import gzip
import http.server
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from pathworth import act, atlas, run, web
from pathworth.store import ArrivedEvent, Inbox

from .worlds import serve

SCRIPT = Path(web.__file__).parent / "static" / "pathworth.js"
PAGE = """<!doctype html><title>{name}</title><body style="height:3000px">
<script async src="{at}/pathworth.js" data-key="SITE"></script>
<a id="prices" href="two.html">See prices</a> <a id="file" href="terms.pdf" download>Terms</a>
<button id="deaf" type="button">Buy now</button>
<button id="hears" type="button" onclick="this.textContent='Thanks'">Say hello</button>
<form id="signup"><input name="email"><input name="card"></form>
<div data-private><button id="secret" type="button">My diagnosis</button></div>"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[run.Workspace, str]]:
    folder = tmp_path_factory.mktemp("snippet") / "shop"
    workspace = run.init(folder)
    run.create_key(workspace, "site", key="SITE")
    with serve(folder) as address:
        yield workspace, address


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """Serve a folder from another origin."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: object) -> None:
            super().__init__(*given, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def visit(
    chromium: Browser, shop: tuple[run.Workspace, str], tmp_path: Path
) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Open the other site's first page; return it and the addresses here that it asks for."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.html").write_text(PAGE.format(name=name, at=shop[1]))
    (tmp_path / "terms.pdf").write_bytes(b"%PDF-")
    contexts: list[BrowserContext] = []
    with site(tmp_path) as home:

        def opened(*scripts: str) -> tuple[Page, list[str]]:
            context = chromium.new_context(accept_downloads=True)
            contexts.append(context)
            for script in scripts:
                context.add_init_script(script)
            page, asked = context.new_page(), list[str]()
            page.set_default_timeout(120_000)
            page.on(
                "request",
                lambda one: asked.append(one.url) if one.url.startswith(shop[1]) else None,
            )
            page.goto(f"{home}/one.html")
            page.wait_for_function("window.pathworth && !Array.isArray(window.pathworth)")
            return page, asked

        yield opened
        for context in contexts:
            context.close()


def push(page: Page, *asked: object) -> None:
    page.evaluate("(asked) => window.pathworth.push(asked)", list(asked))


def told(workspace: run.Workspace, wanted: set[str]) -> list[ArrivedEvent]:
    """Wait until events of these names have come, and return all that there are."""
    found: list[ArrivedEvent] = []
    for _ in range(600):
        held = workspace.store.snapshot()
        found = list(Inbox(workspace.store).waiting())
        if wanted <= {one.name for one in found} or wanted <= set(held.names):
            break
        time.sleep(0.1)
    names = {one.name for one in found}
    assert wanted <= names, wanted - names
    return found


def test_the_script_is_small() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), 9)) < 5_000


def test_nothing_is_stored_or_sent_before_its_person_agrees_nor_after_they_refuse(
    visit: Callable[..., tuple[Page, list[str]]],
) -> None:
    page, asked = visit()
    page.click("#hears")
    page.fill("[name=email]", "ann@a.example")
    push(page, "track", "too early")
    push(page, "ask", {"id": "q0", "question": "Well?", "answers": ["Yes"]})
    page.click("#prices")
    page.wait_for_url("**/two.html")
    assert {url.rsplit("/", 1)[1] for url in asked} == {"pathworth.js"}
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    push(page, "consent", True)
    assert page.evaluate("Object.keys(localStorage).includes('pathworth')")
    push(page, "consent", False)
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize(
    "says",
    [
        "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})",
        "Object.defineProperty(navigator, 'doNotTrack', {value: '1'})",
    ],
)
def test_a_browser_that_asks_not_to_be_followed_is_not(
    visit: Callable[..., tuple[Page, list[str]]], says: str
) -> None:
    page, asked = visit(says)
    push(page, "consent", True)
    page.click("#hears")
    page.wait_for_timeout(1_500)
    assert {url.rsplit("/", 1)[1] for url in asked} == {"pathworth.js"}
    assert page.evaluate("localStorage.length") == 0


def test_what_somebody_does_on_a_page_comes_out_of_the_questions(
    visit: Callable[..., tuple[Page, list[str]]], shop: tuple[run.Workspace, str]
) -> None:
    page, _ = visit()
    push(page, "consent", True)
    push(page, "track", "Plan chosen", {"plan": "Team"})
    page.mouse.wheel(0, 5_000)
    page.click("#secret")
    page.click("#deaf", click_count=3, delay=20)
    page.wait_for_timeout(1_300)
    page.click("#hears")
    with page.expect_download():
        page.click("#file")
    page.fill("[name=card]", "4111 1111")
    push(
        page,
        "ask",
        {"id": "q1", "question": "What nearly stopped you?", "answers": ["Price", "Time"]},
    )
    page.get_by_role("dialog").get_by_role("button", name="Price").click()
    push(page, "tell", {"id": "n1", "text": "Ten days left", "link": "#more", "label": "More"})
    page.get_by_role("dialog").get_by_role("link", name="More").click()
    page.click("#prices")
    page.wait_for_url("**/two.html")
    page.wait_for_function("window.pathworth && !Array.isArray(window.pathworth)")
    page.go_back()
    page.wait_for_url("**/one.html*")
    page.wait_for_function("window.pathworth && !Array.isArray(window.pathworth)")
    push(page, "identify", "ann", {"plan": "Team"})
    push(page, "track", "Signed in")
    wanted = {
        *(
            "page",
            "page left",
            "click",
            "dead click",
            "rage click",
            "file downloaded",
            "quick back",
        ),
        *("form started", "form abandoned", "survey seen", "survey answered", "message seen"),
        *("message clicked", "Plan chosen", "identify", "Signed in"),
    }
    found = told(shop[0], wanted)
    said = [str(one.properties) for one in found]
    assert not any("diagnosis" in text or "4111" in text for text in said)
    by_name = {one.name: one.properties for one in found}
    assert by_name["survey answered"]["answer"] == "Price"
    assert by_name["form abandoned"]["field"] == "card"
    assert by_name["dead click"]["text"] == "Buy now"
    assert by_name["Plan chosen"]["plan"] == "Team"
    assert len({one.message_id for one in found}) == len(found)
    # Who signed in is whoever had been there before.
    assert shop[0].store.whole_snapshot(at_once=True).entities == 1


QUESTION = act.PageAsk(
    "pulse",
    "Pulse",
    "Did you find it?",
    answers="choices",
    choices=("Yes", "No"),
    page="/one.html",
    enough=50,
)
NEWS = act.PageAsk(
    "news", "News", "Ten days left", kind="message", link="#more", label="More", page="/two*"
)


@pytest.fixture
def running(shop: tuple[run.Workspace, str]) -> Iterator[run.Workspace]:
    """A question on the first page, a message on the second, and one question on a step of the map."""
    workspace, address = shop
    steps = (atlas.MapStep("chooses", "Chooses", "event = 'Plan chosen' and plan = 'Team'"),)
    workspace.store.save_map("shop", atlas.dump_map(atlas.MapDocument("shop", steps)), author="a")
    words = act.PageAsk("why", "Why", "Why this plan?", answers="words", map="shop", step="chooses")
    nobody = act.PageAsk("nobody", "Nobody", "Never", page="/one.html", share=1e-12)
    asks = (QUESTION, NEWS, words, nobody)
    for one in asks:
        act.save_ask(workspace.store, one)
        act.start_ask(workspace.store, one.id)
    for _ in range(600):
        with urllib.request.urlopen(f"{address}/v1/asks/SITE") as answer:
            if len(json.load(answer)["asks"]) == len(asks):
                break
        time.sleep(0.1)
    yield workspace
    for one in asks:
        act.stop_ask(workspace.store, one.id)


def later(page: Page, days: int) -> None:
    """Let so many days go by since this browser was last asked anything."""
    page.evaluate(
        """(days) => {
            const held = JSON.parse(localStorage.getItem("pathworth"));
            held.asked -= days * 86400000;
            localStorage.setItem("pathworth", JSON.stringify(held));
        }""",
        days,
    )


def test_what_is_configured_is_shown_once_after_consent_waits_and_its_answer_is_counted(
    visit: Callable[..., tuple[Page, list[str]]], running: run.Workspace
) -> None:
    page, asked = visit()
    box = page.get_by_role("dialog")
    page.click("#hears")
    expect(box).to_have_count(0)
    assert {url.rsplit("/", 1)[1] for url in asked} == {"pathworth.js"}
    push(page, "consent", True)
    box.get_by_role("button", name="Yes").click()
    expect(box).to_have_count(0)

    def seen_again(name: str) -> None:
        with page.expect_response("**/v1/asks/SITE?*"):
            page.goto(page.url.rsplit("/", 1)[0] + f"/{name}.html")
        page.wait_for_load_state("networkidle")

    seen_again("one")
    expect(box).to_have_count(0)
    seen_again("two")
    expect(box).to_have_count(0)
    later(page, 29)
    seen_again("two")
    expect(box).to_have_count(0)
    later(page, 2)
    seen_again("two")
    box.get_by_role("link", name="More").click()
    later(page, 31)
    seen_again("one")
    expect(box).to_have_count(0)
    push(page, "track", "Plan chosen", {"plan": "Solo"})
    expect(box).to_have_count(0)
    push(page, "track", "Plan chosen", {"plan": "Team"})
    box.get_by_role("textbox").fill("  It has room for all of us ")
    box.get_by_role("button", name="OK").click()
    for _ in range(600):
        counted = [run.ask_view(running, id_).results for id_ in ("pulse", "news", "why")]
        if all(one.done for one in counted):
            break
        time.sleep(0.1)
    found = told(running, {"survey answered", "message clicked"})
    (said,) = [one.properties for one in found if one.properties.get("answer") == "Yes"]
    about = {name: said[name] for name in ("survey", "question", "revision")}
    assert about == {"survey": "pulse", "question": "Did you find it?", "revision": "1"}
    assert [(one.seen, one.done) for one in counted] == [(1, 1), (1, 1), (1, 1)]
    assert [one.answer for one in counted[0].answers] == ["Yes"]
    assert [one.answer for one in counted[2].answers] == ["It has room for all of us"]
    assert run.ask_view(running, "nobody").results.seen == 0


def test_nothing_configured_is_fetched_or_shown_where_a_browser_refuses(
    visit: Callable[..., tuple[Page, list[str]]], running: run.Workspace
) -> None:
    assert run.served_asks(running, "site")
    says = "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"
    page, asked = visit(says)
    push(page, "consent", True)
    page.click("#hears")
    page.wait_for_load_state("networkidle")
    assert {url.rsplit("/", 1)[1] for url in asked} == {"pathworth.js"}
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(("days", "shown"), [(29, 0), (31, 1)])
def test_whoever_a_program_wrote_to_is_not_asked_until_the_wait_is_over(
    visit: Callable[..., tuple[Page, list[str]]], running: run.Workspace, days: int, shown: int
) -> None:
    page, asked = visit()

    def written(route: Route) -> None:
        answer = route.fetch()
        said = {**answer.json(), "written_ms": days * 86_400_000}
        route.fulfill(response=answer, json=said)

    page.route("**/v1/asks/SITE?*", written)
    with page.expect_response("**/v1/asks/SITE?*"):
        push(page, "consent", True)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("dialog")).to_have_count(shown)
    held = page.evaluate("() => JSON.parse(localStorage.getItem('pathworth')).id")
    assert any(url.endswith(f"?browser={held}") for url in asked)
