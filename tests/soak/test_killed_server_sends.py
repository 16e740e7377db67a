"""The whole server is killed 200 times while it sends to a real mail server: nothing twice, all on record."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.act.made import HOUR, Stream
from tests.act.mail_room import MOMENTS, MailRoom
from tests.act.test_kills import accounts_for_everything, waiting_shop

from pathworth import act
from pathworth.store import Ledger, PersonStates, Workspace

KILLS = int(os.environ.get("PATHWORTH_SOAK_KILLS", "200"))
SEED = 200
LEAST = min(30, KILLS * 30 // 200)
AT_FIRST, PER_LIFE = 20, 4
PATIENCE = 300  # seconds; only a machine that is busy with something else comes near
# Six lives in ten are ended inside the dialogue, three at a row of the ledger, one at any time.
WAYS = (*MOMENTS, "receiver", "row", "row", "row", "any")

pytestmark = pytest.mark.soak


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "pathworth.cli", "serve", "-w", str(folder), "--port", str(port)]
    with (folder.parent / "server.log").open("wb") as log:
        return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=log)


def more_people(workspace: Workspace, stream: Stream, first: int, count: int) -> None:
    """Let more people be due; who agrees follows the rule of the first ones."""
    now = time.time_ns() // 1000
    new = []
    for k in range(first, first + count):
        name = f"nobody{k}" if k % 11 == 10 else f"person{k}"
        new.append(stream.add(name, "Added", now - HOUR))
        if k % 5 != 4:
            act.give_consent(workspace, name, channel="email", purpose="offers", proof="ticked")
            if k % 7 == 6:
                act.withdraw_consent(workspace, name, channel="email", purpose="offers")
    act.feed(workspace, new)


def busy(workspace: Workspace) -> bool:
    states = {one.state for one in Ledger(workspace).counts()}
    return bool(states & {"decided", "sending"})


def on_the_way(workspace: Workspace) -> set[tuple[int, str]]:
    """Rows between their writing and the answer, each with its state."""
    ledger = Ledger(workspace)
    some = (*ledger.rows(state="decided"), *ledger.rows(state="sending"))
    return {(row.id, row.state) for row in some}


def wait_for(
    workspace: Workspace,
    room: MailRoom,
    way: str,
    *,
    rng: random.Random,
    before: set[tuple[int, str]],
) -> bool:
    """Wait until a server's life has come to the moment at which it is to end.

    ``row`` is when this life itself has written a row or begun to send one; ``before`` is what it found.
    """
    if way == "any":
        time.sleep(rng.uniform(0.0, 8.0))
        return True
    if way in MOMENTS:
        found = room.reached(PATIENCE)
        time.sleep(rng.uniform(0, 0.02))
        return found
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if on_the_way(workspace) - before:
            time.sleep(rng.uniform(0, 0.05))
            return True
        time.sleep(0.002)
    return False


def test_two_hundred_kills_of_the_server_send_nothing_twice(tmp_path: Path) -> None:
    rng, stream, folder = random.Random(SEED), Stream(seq=1_000_000), tmp_path / "w"
    fell: Counter[str] = Counter()
    with MailRoom() as room:
        workspace = waiting_shop(folder, room.port, AT_FIRST)
        people = AT_FIRST
        for kill in range(KILLS):
            way = WAYS[kill % len(WAYS)]
            more_people(workspace, stream, people, PER_LIFE)
            people += PER_LIFE
            if way in MOMENTS:
                room.stop_at(way)
            before = on_the_way(workspace)
            begun = time.monotonic()
            server = serve(folder, free_port())
            assert wait_for(workspace, room, way, rng=rng, before=before), (
                f"life {kill} never came to {way}: {(tmp_path / 'server.log').read_text()[-500:]}"
            )
            server.send_signal(signal.SIGKILL)
            lived = time.monotonic() - begun
            assert server.wait() == -signal.SIGKILL
            room.let_go()
            cut = on_the_way(workspace) - before
            fell["dialogue"] += way in MOMENTS
            # Only what this very life had written or begun, and no dialogue counts twice.
            fell["row to answer"] += way not in MOMENTS and bool(cut)
            sys.stdout.write(
                f"seed {SEED} kill {kill} at {way} after {lived:.3f} s, {len(cut)} rows on their way\n"
            )
            sys.stdout.flush()
        last = serve(folder, free_port())
        until = time.monotonic() + 120
        while time.monotonic() < until and (
            busy(workspace) or PersonStates(workspace).next_due() is not None
        ):
            time.sleep(0.2)
        last.terminate()
        last.wait(30)
        ended = accounts_for_everything(workspace, room, people)
    sys.stdout.write(f"{KILLS} kills, {dict(fell)}, {dict(ended)}, {len(room.kept)} kept\n")
    assert fell["dialogue"] >= LEAST
    assert fell["row to answer"] >= LEAST
    assert ended["decided"] == ended["sending"] == 0
    assert len(Ledger(workspace).unknown()) == ended["unknown"]
