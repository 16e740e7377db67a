"""Pages that one test after another looks at, each as empty as a new one."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

AS_THE_MACHINE = {"media": "null", "reduced_motion": "null", "forced_colors": "null"}


class Pages:
    """Gives pages out and takes them back: a new one each time would read and compile the whole app again.

    Two that a test has at the same time share nothing; what is given out with wishes of its own is thrown away.

    Parameters
    ----------
    browser
        Where they are opened.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._rest: list[Page] = []
        self._out: list[Page] = []
        self._own: list[BrowserContext] = []
        self.complaints: list[str] = []
        """What the pages that are out complained of."""
        self.asked: list[str] = []
        """Where the pages that are out sent something to."""

    def take(self, size: dict[str, int], scheme: str, **wishes: Any) -> Page:
        """Return an empty page of some size and theme."""
        if wishes:
            page = self._new(viewport=size, color_scheme=scheme, **wishes)
            self._own.append(page.context)
            return page
        page = self._rest.pop() if self._rest else self._new()
        self._out.append(page)
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, **AS_THE_MACHINE)
        return page

    def give_back(self) -> list[str]:
        """Empty every page that is out, and return what they complained of."""
        for context in self._own:
            context.close()
        for page in self._out:
            if page.is_closed():
                page.context.close()
            else:
                _empty(page)
                self._rest.append(page)
        self._own, self._out, self.asked = [], [], []
        said, self.complaints = self.complaints, []
        return said

    def _new(self, **wishes: Any) -> Page:
        page = self._browser.new_context(locale="en-US", accept_downloads=True, **wishes).new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        page.on(
            "request",
            lambda asked: self.asked.append(asked.url) if asked.method != "GET" else None,
        )
        return page


def _empty(page: Page) -> None:
    for other in page.context.pages:
        if other != page:
            other.close()
    page.unroute_all()
    if page.url != "about:blank":
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.goto("about:blank")
    page.context.clear_cookies()
    page.mouse.move(-1, -1)
