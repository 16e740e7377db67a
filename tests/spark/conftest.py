"""A real cluster, one for all tests of a process, and what is asked on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.journeys.build import random_rows
from tests.store.made import put

from pathworth.store import Cluster, Workspace
from pathworth.store.shards import build

if TYPE_CHECKING:
    from pyspark import SparkContext

    from pathworth.spark import Trial


HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The library leaves sockets to the search for garbage.
    quiet = ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning")
    for item in (one for one in items if HERE in one.path.parents):
        item.add_marker(pytest.mark.slow)
        for name in quiet:
            item.add_marker(pytest.mark.filterwarnings(f"ignore::{name}"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    from pathworth.spark import trial

    with trial(tmp_path_factory.mktemp("cluster")) as there:
        yield there


@pytest.fixture(scope="module")
def context(cluster: Trial) -> Iterator[SparkContext]:
    from pathworth.spark import session

    with session(Cluster(cluster.master)) as context:
        yield context


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Some thousand events in several shards on the disk."""
    made = Workspace.create(tmp_path_factory.mktemp("stored") / "shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "SHARD_EVENTS", 2_500)
        put(made, rows(7, 9_000))
    assert len(made.snapshot().shards) == 4
    return made


def rows(seed: int, events: int) -> list[dict[str, object]]:
    plans = [None if k % 4 == 0 else ("pro", "free", "team")[k % 3] for k in range(events)]
    return [
        {"entity": who, "name": name, "time_us": at, "plan": plans[k], "size": str(k % 5)}
        for k, (who, name, at) in enumerate(random_rows(seed, people=events // 10, events=events))
    ]
