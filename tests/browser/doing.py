"""What a person does on a page, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, Route


def pick(page: Page, label: str, what: str) -> None:
    """Choose one of what a field offers, by typing its name."""
    field = page.get_by_role("combobox", name=label, exact=True)
    field.click()
    if field.get_attribute("readonly") is None:
        field.fill(what)
    page.get_by_role("option", name=what).first.click()


def words(place: Locator) -> str:
    """Return the text of a place on one line."""
    return " ".join(place.inner_text().split())


@contextmanager
def held(page: Page, address: str) -> Iterator[None]:
    """Keep the answers of an address back, so that what stands there meanwhile is seen."""
    waiting: list[Route] = []

    def keep(route: Route) -> None:
        waiting.append(route)

    page.route(address, keep)
    yield
    for route in waiting:
        route.continue_()
    page.unroute(address)
