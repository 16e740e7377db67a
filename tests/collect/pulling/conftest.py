"""A fake API for all tests of a file, and a workspace that is pulled into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deltalake import DeltaTable
from tests.collect.importers.conftest import short
from tests.collect.pulling.fakes import Fake, fake_api

from pathworth import run

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
SECRET = "very:secret-9f3"


@dataclass
class Pulling:
    """A workspace, the API, and for how long the API had us wait."""

    workspace: run.Workspace
    api: Fake
    waited: list[float] = field(default_factory=list)

    def add(self, name: str, connector: str, since: str = "2026-01-08", **said: str) -> None:
        """Let something be pulled from the fake."""
        settings = {"address": self.api.address, **said}
        place = "env:PULL_SECRET"
        run.add_pull(
            self.workspace, name, connector=connector, secret=place, settings=settings, since=since
        )

    def run(self, name: str, now: datetime = NOW) -> run.PullRow:
        """Pull now."""
        return run.run_pull(self.workspace, name, wait=self.waited.append, now=now)

    def row(self, name: str) -> run.PullRow:
        """Say how it stands."""
        return next(one for one in run.pulls(self.workspace) if one.name == name)

    def told(self, source: str) -> list[tuple[str, str, str]]:
        """Who, what and when of the events of a source."""
        if not (self.workspace.store.path / "lake").exists():
            return []
        rows = DeltaTable(self.workspace.store.path / "lake").to_pyarrow_table().to_pylist()
        mine = sorted(
            (row for row in rows if row["source"] == source),
            key=lambda row: (row["entity"], row["time"], row["seq"]),
        )
        return [(one["entity"], one["name"], one["time"]) for one in map(short, mine)]


@pytest.fixture(scope="module")
def api() -> Iterator[Fake]:
    with fake_api() as fake:
        yield fake


@pytest.fixture
def pulling(api: Fake, shop: run.Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulling]:
    monkeypatch.setenv("PULL_SECRET", SECRET)
    yield Pulling(shop, api)
    for one in run.pulls(shop):
        run.remove_pull(shop, one.name)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> run.Workspace:
    folder: Path = tmp_path_factory.mktemp("pulled") / "shop"
    return run.init(folder)
