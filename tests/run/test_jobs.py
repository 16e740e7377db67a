"""Jobs: never two at the same time, taken over from the dead, fenced from the frozen, failing in words."""

from __future__ import annotations

import importlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, time as clock, timedelta
from pathlib import Path

import pytest

from pathworth import run, store
from pathworth.base.errors import BadInput, StoreTrouble, UnknownName

jobs = importlib.import_module("pathworth.run.serving.jobs")
holders = importlib.import_module("pathworth.run.serving.holder")
SECOND = 1_000_000
WORKING = Path(__file__).with_name("working.py")


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "_POLL_SECONDS", 0.02)
    return run.init(tmp_path / "shop")


def until(holds, seconds=20.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def record(shop, name="count"):
    return next(one for one in store.Jobs(shop.store).all() if one.name == name)


def runner(shop, work, *, lease=5.0, **when):
    when = when or {"ready": lambda _: True}
    return run.Runner(shop, (run.Job("count", work, **when),), lease=timedelta(seconds=lease))


def other_process(shop, notes, *, seconds, lease):
    words = [str(shop.store.path), str(notes), str(seconds), str(lease)]
    return subprocess.Popen([sys.executable, str(WORKING), *words])


def test_two_servers_never_run_one_job_at_the_same_time(shop, tmp_path):
    inside, most, turns = [], [], []
    guard = threading.Lock()

    def work(_, __):
        me = threading.get_ident()
        with guard:
            inside.append(me)
            most.append(len(inside))
        time.sleep(0.01)
        with guard:
            inside.remove(me)
            turns.append(me)
        return "done"

    notes = tmp_path / "notes"
    both = [runner(shop, work), runner(shop, work)]
    for one in both:
        one.start()
    with other_process(shop, notes, seconds=0.02, lease=5) as other:
        until(
            lambda: notes.exists() and notes.read_text().count("end") >= 3 and len(turns) > 20, 60
        )
        other.kill()
    for one in both:
        one.stop()
    assert max(most) == 1
    assert record(shop).epoch >= len(turns) + 3


@pytest.mark.parametrize("when", [{"ready": lambda _: True}, {"every": timedelta(seconds=0.1)}])
def test_a_job_of_a_killed_server_is_taken_over_at_once_and_not_before(shop, tmp_path, when):
    notes = tmp_path / "notes"
    with other_process(shop, notes, seconds=100, lease=60) as other:
        until(notes.exists, 60)
        held = record(shop)
        done = []
        mine = runner(shop, lambda *_: done.append(time.time_ns() // 1000) or "done here", **when)
        mine.start()
        time.sleep(1.0)
        # It lives and works, so it holds on to it.
        assert (done, record(shop).epoch) == ([], held.epoch)
        other.send_signal(signal.SIGKILL)
        until(lambda: done)
        mine.stop()
    last = record(shop)
    assert done[0] < held.lease_us
    assert (last.epoch, last.result) == (held.epoch + 1, "done here")


def test_many_who_see_one_dead_holder_take_its_job_once(shop, tmp_path):
    notes = tmp_path / "notes"
    with other_process(shop, notes, seconds=100, lease=60) as other:
        until(notes.exists, 60)
        other.kill()
    epoch, now = record(shop).epoch, time.time_ns() // 1000
    took = []

    def take(name):
        found = store.Jobs(shop.store).take(
            "count", holder=name, now_us=now, until_us=now + 60 * SECOND, is_dead=holders.is_dead
        )
        took.append((name, found))

    threads = [threading.Thread(target=take, args=(f"t{k}",)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [one for one in took if one[1] is not None]
    assert winner == (record(shop).holder, epoch + 1)


def changed(holder, place, word):
    """The same holder, another word of its name changed."""
    words = holder.split()
    words[place] = word
    return " ".join(words)


def test_only_a_process_of_this_very_machine_that_is_gone_is_dead(tmp_path):
    alive = holders.this_process()
    program = "from pathworth.run.serving import holder as h; print(h.this_process(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        gone = other.stdout.readline().strip()
        assert not holders.is_dead(gone)
        other.send_signal(signal.SIGSTOP)
        assert not holders.is_dead(gone), "who is frozen may wake up"
        other.kill()
        until(lambda: holders.is_dead(gone), 10)
    assert holders.is_dead(gone)
    assert not holders.is_dead(alive)
    machine = gone.split()[5]
    assert not holders.is_dead(gone.replace(machine, f"x{machine}")), "another machine, or boot"
    assert not holders.is_dead(f"{gone.split(' of ')[0]}"), "nobody knows where that was"
    assert not holders.is_dead("")
    # The number was given to another process since: that one is not the holder.
    assert holders.is_dead(changed(alive, -1, "12345"))
    assert not holders.is_dead(changed(changed(alive, 2, "1"), 5, "elsewhere"))


def test_where_nothing_is_known_of_processes_nobody_is_dead(monkeypatch, tmp_path):
    gone = changed(holders.this_process(), 2, "4194999")
    assert holders.is_dead(gone)
    monkeypatch.setattr(holders, "_PROC", tmp_path)
    assert holders.this_process().startswith(socket.gethostname())
    assert " of " not in holders.this_process()
    assert not holders.is_dead(gone)


def test_a_lease_of_another_machine_is_waited_for_to_its_end(shop):
    mine = runner(shop, lambda *_: "done here")
    table, now = store.Jobs(shop.store), time.time_ns() // 1000
    table.register("count", period="after new data", next_us=None)
    away = changed(changed(mine.holder, 2, "4194999"), 5, "elsewhere/1/1")
    ends = now + 2 * SECOND
    assert table.take("count", holder=away, now_us=now, until_us=ends) == 1
    mine.start()
    until(lambda: record(shop).result == "done here")
    mine.stop()
    assert record(shop).started_us >= ends


def test_a_server_that_was_frozen_past_its_lease_notes_nothing_any_more(shop, tmp_path):
    notes = tmp_path / "notes"
    with other_process(shop, notes, seconds=3, lease=1) as other:
        until(notes.exists, 60)
        other.send_signal(signal.SIGSTOP)
        stay = threading.Event()
        mine = runner(shop, lambda *_: stay.wait(30) and "done here")
        mine.start()
        until(lambda: record(shop).holder == mine.holder)
        epoch = record(shop).epoch
        other.send_signal(signal.SIGCONT)
        until(lambda: notes.read_text().count("end") == 1)
        time.sleep(0.3)
        # The other one has ended its turn and was not heard.
        assert (record(shop).holder, record(shop).epoch) == (mine.holder, epoch)
        assert record(shop).result is None
        other.kill()
        stay.set()
        until(lambda: record(shop).result == "done here")
        mine.stop()


def test_a_job_that_fails_says_why_and_is_tried_again(shop, caplog):
    caplog.set_level(logging.CRITICAL, logger="pathworth.jobs")
    turns = []

    def work(_, __):
        turns.append(1)
        if len(turns) == 1:
            raise BadInput("NO_FILE", "The file is not there.", "Put it there.")
        if len(turns) == 2:
            raise ZeroDivisionError("by nought")
        return f"turn {len(turns)}"

    said = []
    mine = runner(shop, work, every=timedelta(seconds=6))
    real = mine._table.end

    class Listening:
        def __getattr__(self, name):
            return getattr(store.Jobs(shop.store), name)

        def end(self, name, **given):
            said.append((given["result"], given["error"]))
            return real(name, **{**given, "next_us": 0})

    mine._table = Listening()
    mine.start()
    until(lambda: len(said) >= 3)
    mine.stop()
    assert said[:3] == [
        (None, "The file is not there. Put it there. [NO_FILE]"),
        (None, "ZeroDivisionError: by nought"),
        ("turn 3", None),
    ]


def test_what_a_job_freed_is_given_back_whether_it_failed_or_not(shop, monkeypatch):
    order = []
    monkeypatch.setattr(jobs, "give_back", lambda: order.append("given back"))

    def work(_, __):
        order.append("worked")
        if len(order) == 1:
            raise BadInput("NO_FILE", "The file is not there.", "Put it there.")
        return "done"

    mine = runner(shop, work)
    mine.start()
    until(lambda: len(order) >= 4)
    mine.stop()
    assert order[:4] == ["worked", "given back"] * 2


def test_a_job_that_runs_often_gives_back_after_it_found_something_else(shop, monkeypatch):
    turns, given = [], []
    monkeypatch.setattr(jobs, "give_back", lambda: given.append(len(turns)))
    monkeypatch.setattr(jobs, "_GIVE_BACK_S", 0.0)

    def work(_, __):
        turns.append("one more")
        return f"{min(len(turns), 3)} found"

    mine = runner(shop, work, every=timedelta(milliseconds=10))
    mine.start()
    until(lambda: len(turns) >= 8)
    mine.stop()
    assert given == [1, 2, 3]


def test_a_failed_job_stands_in_the_table_until_its_next_turn(shop):
    def work(_, __):
        raise BadInput("NO_FILE", "The file is not there.", "Put it there.")

    mine = runner(shop, work, every=timedelta(hours=1))
    mine.start()
    until(lambda: record(shop).ended_us is not None)
    mine.stop()
    row = run.job_rows(shop)[0]
    assert (row.state, row.result) == ("failed", None)
    assert row.error.endswith("[NO_FILE]")
    assert record(shop).next_us - record(shop).ended_us == 3600 * SECOND


def test_trouble_with_the_database_ends_no_thread(shop, monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL, logger="pathworth.jobs")
    broken = [True, True]
    real = store.Jobs.take

    def take(self, *given, **named):
        if broken:
            broken.pop()
            raise StoreTrouble("DISK_FULL", "No room.", "Make some.")
        return real(self, *given, **named)

    monkeypatch.setattr(store.Jobs, "take", take)
    done = []
    mine = runner(shop, lambda *_: done.append(1) or "done")
    mine.start()
    until(lambda: done)
    mine.stop()


def test_a_frequent_job_keeps_its_lease_and_writes_seldom(shop):
    turns = []
    mine = runner(
        shop, lambda *_: turns.append(1) or f"{len(turns)}", every=timedelta(milliseconds=20)
    )
    notes = []
    real = mine._note
    mine._note = lambda *given: notes.append(1) or real(*given)
    mine.start()
    until(lambda: len(turns) > 25)
    held = record(shop)
    assert (held.holder, held.epoch) == (mine.holder, 1)
    assert len(notes) <= 2
    mine.stop()
    # A server that stops in peace leaves its place free at once.
    assert record(shop).holder is None
    other = runner(shop, lambda *_: "other", every=timedelta(milliseconds=20))
    other.start()
    until(lambda: record(shop).result == "other", 3)
    other.stop()


def test_asking_for_a_job_makes_it_due(shop):
    done = []
    mine = runner(shop, lambda *_: done.append(1) or "done", nightly=clock(3, 0))
    mine.start()
    time.sleep(0.2)
    assert done == []
    run.ask_job(shop, "count")
    until(lambda: done)
    mine.stop()
    with pytest.raises(UnknownName) as found:
        run.ask_job(shop, "cuont")
    assert (found.value.code, "count" in found.value.hint) == ("UNKNOWN_JOB", True)


def test_a_job_that_nobody_runs_is_late(shop):
    store.Jobs(shop.store).register("count", period="every 1 h", next_us=1)
    assert run.job_rows(shop)[0].state == "late"


def test_a_job_that_was_renamed_leaves_the_table(shop):
    store.Jobs(shop.store).register("old", period="every 1 h", next_us=1)
    mine = runner(shop, lambda *_: "done", nightly=clock(3, 0))
    mine.start()
    mine.stop()
    assert [one.name for one in run.job_rows(shop)] == ["count"]


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2026-01-10T01:00:00", "2026-01-10T02:00:00"),
        ("2026-01-10T02:00:00", "2026-01-11T02:00:00"),
        # The night of the change of clocks: three o'clock in Amsterdam is 01:00 in UTC from then on.
        ("2026-03-28T12:00:00", "2026-03-29T01:00:00"),
        ("2026-10-24T12:00:00", "2026-10-25T02:00:00"),
    ],
)
def test_a_nightly_job_keeps_to_the_clock_of_the_workspace(now, following):
    job = run.Job("count", lambda *_: "", nightly=clock(3, 0))
    at = int(datetime.fromisoformat(now).replace(tzinfo=UTC).timestamp()) * SECOND
    wanted = int(datetime.fromisoformat(following).replace(tzinfo=UTC).timestamp()) * SECOND
    assert job.next_us(at, "Europe/Amsterdam") == wanted


def test_every_registered_job_has_a_name_of_its_own_and_says_when_it_runs():
    found = run.registered()
    assert len({one.name for one in found}) == len(found) >= 2
    assert all(one.period for one in found)


def test_the_holder_names_the_process(shop):
    assert f"process {os.getpid()}" in runner(shop, lambda *_: "").holder
