"""Fixtures that every test may use."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from tests.tables import Remembered

from pathworth.store.records import database


@pytest.fixture(scope="session", autouse=True)
def _tables_are_made_as_the_first_time():
    """Ask how to migrate once, not in each of some thousand tests that make a workspace."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_upgrade", Remembered(database._upgrade))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder `shared` with published data is not beside this checkout")
    return folder


@pytest.fixture(autouse=True)
def _events_count_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test does not wait half a second until what it handed in is counted."""
    monkeypatch.setattr("pathworth.store.tail.live.REFRESH_S", 0.0)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long: one that is begun last keeps one processor busy alone."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish() -> None:
    """Leave what was loaded for all tests out of every search for garbage in one of them."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let libraries of C++ see at the end that all is given back; they complain of what is not."""
    gc.unfreeze()
