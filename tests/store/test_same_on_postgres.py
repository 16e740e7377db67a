"""What arrivals, the ledger, jobs, logins and plans promise holds on a PostgreSQL server too: the same tests again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete
from tests.act.test_loop import *  # noqa: F403
from tests.act.test_restraint import *  # noqa: F403
from tests.run.test_jobs import *  # noqa: F403
from tests.store.servers import cluster
from tests.store.test_arrivals import *  # noqa: F403
from tests.store.test_segments import *  # noqa: F403

from pathworth.store import Logins, Workspace, workspace as workspace_module
from pathworth.store.records.database import Setting

pytestmark = pytest.mark.slow

# Whole processes that sleep through leases say nothing more here, and take long.
del test_two_servers_never_run_one_job_at_the_same_time  # noqa: F821
del test_a_server_that_was_frozen_past_its_lease_notes_nothing_any_more  # noqa: F821
del test_a_job_of_a_killed_server_is_taken_over_at_once_and_not_before  # noqa: F821


@pytest.fixture(scope="module")
def server():
    with cluster() as held:
        yield held


@pytest.fixture(autouse=True)
def _on_the_server(server, monkeypatch):
    """Every workspace that a test makes has its database there."""
    begin = workspace_module.begin

    def there(place, **given):
        begin(place, **{**given, "database": server.database()})

    monkeypatch.setattr(workspace_module, "begin", there)


def test_what_several_processes_say_at_once_is_said_by_each_in_turn(tmp_path):
    """Two that begin together tell where they listen: neither finds it said, and both say it."""
    made = Workspace.create(tmp_path / "shop")
    together = threading.Barrier(2, timeout=20)
    logins = [Logins(Workspace.open(made.path)) for _ in range(2)]

    def say(place: int) -> None:
        for turn in range(20):
            together.wait()
            logins[place].note_binding(f"{turn} by {place}")
            together.wait()
            if place == 0:
                with made.database.session() as session:
                    session.execute(delete(Setting).where(Setting.key == "binding"))

    with ThreadPoolExecutor(2) as both:
        assert [one.result() for one in [both.submit(say, 0), both.submit(say, 1)]] == [None, None]
