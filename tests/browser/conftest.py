"""A Chromium, the address of a running demo, and what its API says."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from .pages import Pages
from .worlds import build, serve, stay

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 180_000
expect.set_options(timeout=PATIENCE_MS)
"""A time is never a test: what is looked for may come late on a busy machine."""
STAYING = {"company", "shop"}
CHANGE_NOTHING = {
    "/api/act/programs/check",
    "/api/act/programs/draft",
    "/api/act/programs/preview",
    "/api/measure/reconcile",
}
"""What a page may send to a world that others look at."""
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
Look = tuple[dict[str, int], Literal["light", "dark"]]
LOOKS: list[Look] = [(WIDE, "light"), (PHONE, "dark"), (WIDE, "dark"), (PHONE, "light")]
BOTH = LOOKS[:2]
"""Each size and each theme once."""
CROSSED = LOOKS[2:]
AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"


def settle(page: Page) -> None:
    """Wait until a page says what it has to say."""
    page.wait_for_selector("main h1, main h2", timeout=PATIENCE_MS)
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    page.wait_for_selector("[role=status]", state="detached", timeout=PATIENCE_MS)


def every_look(page: Page, looks: Sequence[Look] = LOOKS) -> Iterator[tuple[int, str]]:
    """Show a page wide and narrow, light and dark, one after the other, loaded once."""
    for size, scheme in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.wait_for_selector(f"html[data-mantine-color-scheme={scheme}]")
        settle(page)
        page.wait_for_timeout(300)
        yield size["width"], scheme


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where processes that run tests side by side find what one of them has made."""
    own = tmp_path_factory.getbasetemp()
    # They have their folders beside one another.
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "worlds"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, made: Path) -> Callable[[str], Path]:
    """Make the workspace of a world, a new one each time."""

    def _built(world: str) -> Path:
        return build(world, tmp_path_factory.mktemp(world) / "workspace", made=made)

    return _built


@pytest.fixture(scope="session")
def served(
    request: pytest.FixtureRequest,
    built: Callable[[str], Path],
    made: Path,
) -> Iterator[str]:
    """The address of a served workspace: the company's unless a test names another world.

    Those that several files look at and none changes are served once for all.
    """
    world = getattr(request, "param", "company")
    if world in STAYING:
        yield stay(world, made)
        return
    with serve(built(world)) as address:
        yield address


@pytest.fixture(scope="session")
def at(served: str) -> str:
    """Where the pages are."""
    return served


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(chromium: Browser) -> Pages:
    return Pages(chromium)


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, pages: Pages, at: str
) -> Iterator[Callable[..., Page]]:
    """Open an address and wait for its headline; every complaint of the browser fails the test.

    So does a change of a world that other files look at.
    """

    def _open(path: str, size: dict[str, int] = WIDE, scheme: str = "light", **more: Any) -> Page:
        page = pages.take(size, scheme, **more)
        page.set_default_timeout(PATIENCE_MS)
        page.goto(at + path)
        settle(page)
        return page

    yield _open
    sent = {urllib.parse.urlsplit(url).path for url in pages.asked if url.startswith(at)}
    said = pages.give_back()
    # A refused question is told to the reader; that the browser logs it too is no fault.
    assert [one for one in said if "Failed to load resource" not in one] == []
    callspec = getattr(request.node, "callspec", None)
    world = callspec.params.get("served") if callspec else None
    assert world not in {None, *STAYING} or sent <= CHANGE_NOTHING


@pytest.fixture(scope="session")
def api(at: str) -> Callable[..., Any]:
    """Ask the API what a page asks it; with something to send, hand it in as a page does."""

    def _ask(
        path: str,
        *words: tuple[str, str],
        send: Any = None,
        method: str | None = None,
        **query: str | int | list[str],
    ) -> Any:
        text = urllib.parse.urlencode([*query.items(), *words], doseq=True)
        body = None if send is None else json.dumps(send).encode()
        asked = urllib.request.Request(f"{at}/api/{path}?{text}", data=body, method=method)
        asked.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(asked, timeout=120) as answer:
                body = answer.read().decode()
                kind = answer.headers.get_content_type()
        except urllib.error.HTTPError as refused:
            # What the server says of it is what a failed test shows.
            refused.add_note(refused.read().decode())
            raise
        return json.loads(body) if kind == "application/json" else body

    return _ask


@pytest.fixture(scope="session")
def picture(api: Callable[..., Any]) -> dict[str, Any]:
    return api("value/picture")


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe is not installed; run `make ui`")
    return AXE.read_text()
