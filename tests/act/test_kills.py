"""A sending process is killed ten times against a real mail server: nothing twice, none without consent."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

from tests.act.made import DAY, HOUR, Stream, program, shop
from tests.act.mail_room import MOMENTS, MailRoom
from tests.forked import forks

from pathworth import act
from pathworth.store import Ledger, Workspace

PEOPLE, KILLS, SEED = 40, 10, 10


def waiting_shop(folder: Path, port: int, people: int) -> Workspace:
    """A workspace in which everybody is due; every fifth did not agree, every seventh withdrew, some do not exist."""
    now = time.time_ns() // 1000
    workspace = shop(folder, program(wait="0m", goal=None))
    act.stop_program(workspace, "basket")
    act.start_program(workspace, "basket", now_us=now - DAY)
    mail = act.MailServer(host="127.0.0.1", port=port, sender="shop@shop.example", security="none")
    act.keep_channels(workspace, act.Channels(email=mail))
    stream = Stream()
    for k in range(people):
        name = f"nobody{k}" if k % 11 == 10 else f"person{k}"
        stream.add(name, "Added", now - HOUR)
        if k % 5 != 4:
            said = {"channel": "email", "purpose": "offers", "proof": "ticked"}
            act.give_consent(workspace, name, **said)
            if k % 7 == 6:
                act.withdraw_consent(workspace, name, channel="email", purpose="offers")
    act.feed(workspace, stream.events)
    return workspace


def agreed(people: int) -> set[str]:
    """Whoever exists, agreed and did not withdraw."""
    some = (k for k in range(people) if k % 5 != 4 and k % 7 != 6 and k % 11 != 10)
    return {f"person{k}@people.example" for k in some}


def accounts_for_everything(workspace: Workspace, room: MailRoom, people: int) -> Counter[str]:
    """Hold the ledger against what the server kept; return how rows ended."""
    rows = Ledger(workspace).rows()
    assert len(rows) == people
    assert len({row.entity for row in rows}) == people
    got = Counter(one.receiver for one in room.kept)
    assert max(got.values()) == 1
    assert set(got) <= agreed(people)
    by_address = {row.address: row for row in rows}
    for one in room.kept:
        assert by_address[one.receiver].state in {"delivered", "unknown"}
    delivered = {row.address for row in rows if row.state == "delivered"}
    unknown = {row.address for row in rows if row.state == "unknown"}
    assert delivered <= set(got)
    assert agreed(people) <= delivered | unknown
    refused = [row for row in rows if row.entity.startswith("nobody") and row.action == "send"]
    assert {row.state for row in refused} <= {"failed", "unknown"}
    return Counter(row.state for row in rows)


def test_ten_kills_of_a_sending_process_send_nothing_twice(tmp_path: Path) -> None:
    rng = random.Random(SEED)
    with MailRoom() as room, forks("tests.act.sending_process") as sending:
        workspace = waiting_shop(tmp_path / "w", room.port, PEOPLE)
        log, killed = [], 0
        for kill in range(KILLS):
            moment = MOMENTS[kill % len(MOMENTS)]
            room.stop_at(moment)
            sending.begin(tmp_path / "w")
            assert room.reached(30), f"kill {kill} never came to {moment}"
            time.sleep(rng.uniform(0, 0.02))
            was_killed = sending.kill()[1]
            killed += was_killed
            room.let_go()
            log.append(f"seed {SEED} kill {kill} at {moment}: {was_killed}")
        assert sending.run(tmp_path / "w") == ([], 0)
        ended = accounts_for_everything(workspace, room, PEOPLE)
    assert killed == KILLS, log
    # Every kill fell while one message was on its way, and each of those is shown as unknown.
    assert ended["unknown"] == KILLS, log
    assert len(Ledger(workspace).unknown()) == KILLS
    assert ended["decided"] == ended["sending"] == 0
