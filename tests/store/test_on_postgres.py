"""A workspace whose database is on a real PostgreSQL server, with several processes at once."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from tests.store.erased_world import WHO, WORDS, build, found_in, told
from tests.store.handing_in import body_of, read
from tests.store.made import drawn, journeys, put
from tests.store.servers import cluster

from pathworth.base.errors import BadInput, StoreTrouble, WrongUsage
from pathworth.store import (
    BlindSpots,
    Daily,
    DailyRead,
    DailyValue,
    Erasures,
    HandedIn,
    Inbox,
    Jobs,
    PullRecord,
    Pulls,
    Workspace,
    check_database,
    import_daily,
    put_back,
    take_backup,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server():
    with cluster() as held:
        yield held


@pytest.fixture
def shop(server, tmp_path):
    return Workspace.create(tmp_path / "shop", timezone="Asia/Tokyo", database=server.database())


def quiet(_what: str, _share: float) -> None:
    pass


def hand_in(workspace, *batches):
    for k in batches:
        Inbox(workspace).append(HandedIn(body_of(k)))


def clicks(workspace):
    """The batches that the events are of, each event by itself."""
    rows = [row for held in journeys(workspace.snapshot()).values() for row in held[:-1]]
    return sorted(row[0] for row in rows if row[2] == "click")


def test_where_the_database_is_stands_in_a_file_that_its_owner_alone_reads(shop, tmp_path):
    file = tmp_path / "shop" / "settings.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list((tmp_path / "shop").glob("workspace.db*"))
    again = Workspace.open(tmp_path / "shop")
    assert again.timezone == "Asia/Tokyo"
    assert again.database.engine.dialect.name == "postgresql"
    assert check_database(tmp_path / "shop").state == "ok"


def test_a_workspace_on_a_server_answers_as_one_in_a_file(shop, tmp_path):
    other = Workspace.create(tmp_path / "file", timezone="Asia/Tokyo")
    for one in (shop, other):
        put(one, drawn(300, 1))
        gone = put(one, drawn(50, 2))
        hand_in(one, 0, 1)
        Inbox(one).number(read)
        Inbox(one).drain()
        hand_in(one, 1, 2)
        Inbox(one).number(read)
        one.undo(gone.import_id)
        one.save_map("journey", "name: journey", author="ann")
    assert journeys(shop.snapshot()) == journeys(other.snapshot())
    assert shop.snapshot().seq == other.snapshot().seq
    assert [one.result for one in shop.imports()] == [one.result for one in other.imports()]
    assert Inbox(shop).count() == Inbox(other).count()


def test_numbers_by_the_day_and_pulls_are_kept_on_a_server_as_in_a_file(shop, tmp_path):
    file = Workspace.create(tmp_path / "file")
    for one in (shop, file):
        for micro in (5, 6):
            value = DailyValue("2026-01-05", 7, "spend", '{"channel":"ads"}', micro, "EUR")
            import_daily(one, DailyRead("bills", (), [value]))
        BlindSpots(one).say("bills", shows=(0.5, 1.0), because="late.", by_hand=True)
        Pulls(one).add(PullRecord("p", "clarity", {"a": "b"}, "env:X", 60, "{}", "ann", 7))
        Pulls(one).move("p", cursor="x")
    assert Daily(shop).counts() == Daily(file).counts()
    assert Daily(shop).counts()[0].sum == 6
    shop.undo(2)
    assert Daily(shop).counts()[0].sum == 5
    assert [(spot.least, spot.by_hand) for spot in BlindSpots(shop).all()] == [(0.5, True)]
    assert Pulls(shop).of("p") == Pulls(file).of("p")
    assert Pulls(shop).due(now_us=7) == ("p",)


def test_a_batch_whose_transaction_is_still_open_is_not_jumped_over_for_good(shop):
    engine = create_engine(shop.database.engine.url)
    told = text(
        "insert into inbox (key, protocol, about, received_us, body, numbered, accepted, duplicates,"
        " conflicting, rejected) values ('', 'plain', '', 1, :body, false, 0, 0, 0, 0) returning id"
    )
    with engine.connect() as held:
        early = held.execute(told, {"body": body_of(5)}).scalar()
        hand_in(shop, 6)
        assert Inbox(shop).number(read) == 10
        assert Inbox(shop).outcome(early) is None
        held.commit()
    assert Inbox(shop).number(read) == 10
    assert Inbox(shop).outcome(early).accepted == 10
    assert clicks(shop) == [500 + n for n in range(10)] + [600 + n for n in range(10)]
    assert Inbox(shop).number(read) == 0
    engine.dispose()


def test_a_process_that_was_taken_for_dead_numbers_nothing_twice(shop):
    """It has read its batches; before it writes, another one numbers them."""
    hand_in(shop, 1, 2)
    reads = []

    def late(batches, names):
        if not reads:
            reads.append(len(batches))
            # No lock of files stands in its way, as where it is on another machine.
            from pathworth.store.arrivals.held import HeldIds
            from pathworth.store.arrivals.numbering import number_batches
            from pathworth.store.commits import Places

            other = Workspace.open(shop.path)
            places = Places(shop.path)
            assert number_batches(places, other.database, read=read, held=HeldIds()) == 20
        return read(batches, names)

    assert Inbox(shop).number(late) == 0
    assert reads == [2]
    assert clicks(shop) == [k * 100 + n for k in (1, 2) for n in range(10)]
    assert [one.seq for one in Inbox(shop).waiting()] == list(range(1, 21))


def test_a_character_that_the_server_cannot_keep_stops_no_batch(shop):
    Inbox(shop).append(HandedIn(b"a\0b c"))
    hand_in(shop, 3)
    assert Inbox(shop).number(read) == 10
    (one,) = Inbox(shop).quarantined()
    assert one.raw == "a\ufffdb c"


def start(folder, name, first):
    """A process that hands in and numbers whenever it holds the lease."""
    words = ["-m", "tests.store.serving", str(folder), name, str(first)]
    env = {**os.environ}
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src"), env.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )


def numbering(workspace):
    """Who holds the lease, and which of its leases that is."""
    held = {one.name: (one.holder, one.epoch) for one in Jobs(workspace).all()}
    return held.get("number", (None, 0))


def wait(that, seconds=90):
    until = time.monotonic() + seconds
    while not that():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_two_processes_hand_in_one_numbers_and_when_it_is_killed_the_other_goes_on(shop, tmp_path):
    put(shop, drawn(50, 1))
    folder = tmp_path / "shop"
    one, two = start(folder, "one", 100), start(folder, "two", 5000)
    try:
        wait(lambda: len(clicks(shop)) > 100)
        wait(lambda: numbering(shop)[0] is not None)
        first, epoch = numbering(shop)
        killed, left = (one, two) if first == "one" else (two, one)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        wait(lambda: numbering(shop)[1] > epoch)
        assert numbering(shop)[0] != first
        before = len(clicks(shop))
        wait(lambda: len(clicks(shop)) > before + 50)
        left.send_signal(signal.SIGTERM)
        safe = [
            int(line) for held in (one, two) for line in held.communicate(timeout=60)[0].split()
        ]
    finally:
        for held in (one, two):
            if held.poll() is None:
                held.kill()
                held.wait()
            held.stdout.close()
    again = Workspace.open(folder)
    Inbox(again).number(read)
    found = clicks(again)
    assert len(found) == len(set(found))
    assert {moment // 100 for moment in found} >= set(safe)
    assert {min(safe) < 5000, max(safe) >= 5000} == {True}
    numbers = sorted(row[1] for held in journeys(again.snapshot()).values() for row in held[:-1])
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_backup_of_a_server_is_put_back_as_a_workspace_in_a_file(shop, tmp_path):
    put(shop, drawn(200, 3))
    hand_in(shop, 1, 2)
    Inbox(shop).number(read)
    hand_in(shop, 3)
    take_backup(shop, tmp_path / "shop.tar", until_us=None, now_us=1, tell=quiet)
    put_back(tmp_path / "shop.tar", tmp_path / "back", now_us=1, tell=quiet)
    back = Workspace.open(tmp_path / "back")
    assert back.database.embedded
    assert journeys(back.snapshot()) == journeys(shop.snapshot())
    for one in (shop, back):
        Inbox(one).number(read)
    assert journeys(back.snapshot()) == journeys(shop.snapshot())
    assert back.timezone == "Asia/Tokyo"


def test_a_database_that_cannot_serve_is_refused_in_words_and_nothing_is_left(server, tmp_path):
    taken = server.database()
    Workspace.create(tmp_path / "one", database=taken)
    with pytest.raises(BadInput, match="DATABASE_NOT_EMPTY"):
        Workspace.create(tmp_path / "two", database=taken)
    with pytest.raises(WrongUsage, match="BAD_DATABASE"):
        Workspace.create(tmp_path / "two", database="mysql://somewhere")
    away = "postgresql+psycopg://tests:geheim@127.0.0.1:1/nowhere"
    with pytest.raises(StoreTrouble, match="DATABASE_UNREACHABLE") as said:
        Workspace.create(tmp_path / "two", database=away)
    assert "geheim" not in str(said.value)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["one"]


def test_a_server_that_is_gone_is_told_and_what_was_acknowledged_is_there_when_it_is_back(
    shop, tmp_path
):
    hand_in(shop, 1)
    file = tmp_path / "shop" / "settings.json"
    kept = file.read_text()
    file.write_text('{"database": "postgresql+psycopg://tests@127.0.0.1:1/nowhere"}')
    with pytest.raises(StoreTrouble, match="DATABASE_UNREACHABLE"):
        Workspace.open(tmp_path / "shop")
    assert check_database(tmp_path / "shop").state == "broken"
    file.write_text("nonsense")
    with pytest.raises(StoreTrouble, match="BAD_SETTINGS"):
        Workspace.open(tmp_path / "shop")
    file.write_text(kept)
    again = Workspace.open(tmp_path / "shop")
    assert Inbox(again).number(read) == 10


def test_a_database_in_a_file_that_is_busy_is_not_said_to_be_away(tmp_path):
    workspace = Workspace.create(tmp_path / "shop")
    with (
        pytest.raises(OperationalError, match="busy with something"),
        workspace.database.session(),
    ):
        raise OperationalError("select 1", {}, Exception("busy with something"))


def test_a_person_is_erased_from_a_server_s_tables_too(server, tmp_path):
    shop = build(tmp_path / "shop", person=True, database=server.database())
    never = told(build(tmp_path / "never", person=False))
    Erasures(shop).ask(WHO, because="by mail", by="ann")
    assert told(shop) == never
    assert Erasures(shop).run().people == 1
    assert told(shop) == never
    assert Erasures(shop).get("E-1").searched.hits == ()
    assert list(found_in(shop.path)) == []
    with shop.database.pinned() as copy:
        (tmp_path / "copy").mkdir()
        copy(tmp_path / "copy" / "workspace.db")
    data = (tmp_path / "copy" / "workspace.db").read_bytes()
    assert not [word for word in WORDS if word.encode() in data]
