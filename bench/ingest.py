"""How many events a server on one core takes in over HTTP, durably, and how soon it answers.

``python -m bench.ingest --minutes 5`` serves an empty workspace on one core and hands in batches of 100 calls of
Segment's libraries from the other: at ``--rate`` events a second, and before that for ``--calm`` minutes at half of it,
when the time until the answer counts. Meanwhile transitions are asked once a second: an answer is as old as the oldest
event that had been acknowledged when it was asked and is not in it. In the end every acknowledged event must be there
exactly once. ``--json FILE`` keeps the numbers. Events are of ``--people`` people at random: the fewer there are, the
longer the journeys to which every event is added, and the more of them each second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pathworth import run

BATCH = 100
CONNECTIONS = 16
ACK_MS, AGE_S = 50.0, 10.0
"""The 99th percentile of answers at half the rate, and the age of an answer at the whole rate, at most."""
PEOPLE = 500_000
PORT = 8_799


@dataclass
class Seen:
    """What was measured at one rate.

    Parameters
    ----------
    acks
        Seconds from the moment when a batch was due to its answer, so that waiting for a free connection counts.
    acked
        Moments of the answers.
    ages
        Of answers to the question.
    asked
        Moments at which it was asked.
    resident
        MiB of the server at those moments.
    cpu_s
        Seconds of its processor.
    """

    acks: list[float] = field(default_factory=list)
    acked: list[float] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    resident: list[float] = field(default_factory=list)
    cpu_s: float = 0.0
    spent_s: float = 0.0
    refused: int = 0


def main() -> int:
    """Measure and print."""
    asked = arguments()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        place = Path(folder) / "shop"
        run.init(place)
        server = serve(place)
        try:
            calm = asyncio.run(
                hand_in(asked.rate / 2, asked.calm * 60, asked.people, process=server.pid)
            )
            done = len(calm.acked) * BATCH
            seconds = asked.minutes * 60
            full = asyncio.run(
                hand_in(asked.rate, seconds, asked.people, process=server.pid, first=done)
            )
            done += len(full.acked) * BATCH
            counted = until_counted(done)
        finally:
            server.terminate()
            server.wait(30)
    rows = {"half": told(calm), "whole": told(full)}
    for name, row in rows.items():
        print(name, " ".join(f"{key} {value:,.1f}" for key, value in row.items()))
    print(
        "whole, minute by minute, MiB:",
        *(f"{each:,.0f}" for each in by_minute(full, full.resident)),
    )
    print("oldest answer, s:", *(f"{each:.1f}" for each in by_minute(full, full.ages, np.max)))
    print(f"acknowledged in all {done:,}, counted {counted:,}")
    p99, oldest = rows["half"]["ack_p99_ms"], rows["whole"]["oldest_s"]
    print(f"p99 of answers at half the rate: {p99 / ACK_MS:.2f} of the bar")
    print(f"oldest answer at the whole rate: {oldest / AGE_S:.2f} of the bar")
    print(f"rate: {rows['whole']['events_s'] / asked.rate:.2f} of what was asked")
    if asked.json is not None:
        asked.json.write_text(json.dumps({"rows": rows, "acknowledged": done, "counted": counted}))
    return 0 if counted == done else 1


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.ingest", description=__doc__)
    parser.add_argument("--rate", type=float, default=20_000, help="events a second")
    parser.add_argument("--minutes", type=float, default=5, help="at the whole rate")
    parser.add_argument("--calm", type=float, default=1, help="minutes at half the rate, before")
    parser.add_argument("--people", type=int, default=PEOPLE, help="whose events they are")
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--folder", type=Path, default=None, help="where the workspace may lie")
    return parser.parse_args()


def serve(place: Path) -> subprocess.Popen[bytes]:
    """Serve a workspace on the first core of this machine, and keep to the last one here."""
    with suppress(OSError):
        get("/livez")
        raise SystemExit(f"Another server listens at port {PORT} still; end it first.")
    cores = sorted(os.sched_getaffinity(0))
    pathworth = Path(sys.executable).with_name("pathworth")
    program = [str(pathworth), "serve", "-w", str(place), "--port", str(PORT)]
    server = subprocess.Popen(program, stdout=subprocess.DEVNULL)
    os.sched_setaffinity(server.pid, {cores[0]})
    os.sched_setaffinity(0, {cores[-1]})
    while server.poll() is None:
        with suppress(OSError):
            if get("/livez").strip() == b"ok":
                return server
        time.sleep(0.2)
    raise SystemExit("The server did not start.")


def get(path: str) -> bytes:
    """Return what the server answers."""
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=60) as answer:
        found: bytes = answer.read()
    return found


async def hand_in(
    rate: float, seconds: float, people: int, *, process: int, first: int = 0
) -> Seen:
    """Hand batches of so many people in at a pace over some connections, asking meanwhile."""
    seen, due = Seen(), asyncio.Queue[tuple[int, float]]()
    before, begun = cpu(process), time.perf_counter()
    hands = [asyncio.create_task(_hand(seen, due, people)) for _ in range(CONNECTIONS)]
    asks = asyncio.create_task(_ask(seen, process, first))
    batches = int(rate * seconds) // BATCH
    for k in range(batches):
        when = begun + k * BATCH / rate
        await asyncio.sleep(max(when - time.perf_counter(), 0.0))
        due.put_nowait((first + k * BATCH, when))
    await due.join()
    seen.spent_s, seen.cpu_s = time.perf_counter() - begun, cpu(process) - before
    for task in (*hands, asks):
        task.cancel()
    await asyncio.gather(*hands, asks, return_exceptions=True)
    return seen


async def _hand(seen: Seen, due: asyncio.Queue[tuple[int, float]], people: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    while True:
        number, when = await due.get()
        body = batch(number, people)
        head = f"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        said = await reader.readuntil(b"\r\n\r\n")
        length = next(
            line for line in said.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        await reader.readexactly(int(length.split(b":")[1]))
        now = time.perf_counter()
        if said.startswith(b"HTTP/1.1 200"):
            seen.acks.append(now - when)
            seen.acked.append(now)
        else:
            seen.refused += 1
        due.task_done()


async def _ask(seen: Seen, process: int, first: int) -> None:
    loop = asyncio.get_running_loop()
    while True:
        begun, known = time.perf_counter(), len(seen.acked)
        try:
            said = await loop.run_in_executor(None, get, "/api/measure/transitions")
        except OSError:
            # Nothing is there to be asked yet.
            await asyncio.sleep(0.2)
            continue
        # What an answer right at the beginning lacks was handed in before.
        missing = min(known - (json.loads(said)["as_of"]["seq"] - first) // BATCH, known)
        age = begun - seen.acked[known - missing] if missing > 0 else 0.0
        seen.asked.append(begun)
        seen.ages.append(max(age, 0.0) + time.perf_counter() - begun)
        seen.resident.append(resident(process))
        await asyncio.sleep(1)


def batch(first: int, people: int = PEOPLE) -> bytes:
    """Return 100 calls of people drawn at random, as Segment's Python library sends them."""
    rng = np.random.default_rng(first)
    who, what = rng.integers(0, people, BATCH).tolist(), rng.integers(0, 40, BATCH).tolist()
    now = time.time()
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1e6):06d}Z"
    calls = [
        {
            "type": "track",
            "event": f"Event {what[k]}",
            "userId": f"p{who[k]}",
            "messageId": f"m-{first + k}",
            "timestamp": moment,
            "properties": {"plan": ("free", "pro", "team")[who[k] % 3], "path": f"/page/{what[k]}"},
            "context": {"library": {"name": "analytics-python", "version": "2.4.0"}},
            "integrations": {},
        }
        for k in range(BATCH)
    ]
    return json.dumps({"batch": calls, "sentAt": moment, "writeKey": "bench"}).encode()


def until_counted(events: int) -> int:
    """Return how many events there are once nothing waits any more."""
    found = 0
    for _ in range(120):
        found = json.loads(get("/api/workspace"))["events"]
        if found >= events:
            break
        time.sleep(0.5)
    return found


def cpu(process: int) -> float:
    """Return the seconds of the processor that a process took."""
    parts = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def resident(process: int) -> float:
    """Return the MiB that a process holds itself, files that it maps apart."""
    said = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in said.splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


def told(seen: Seen) -> dict[str, float]:
    """Return what was measured in numbers."""
    acks = np.sort(seen.acks) * 1e3
    tenth = max(len(seen.resident) // 10, 1)
    return {
        "events_s": len(seen.acked) * BATCH / seen.spent_s,
        "ack_median_ms": float(np.median(acks)),
        "ack_p99_ms": float(acks[int(0.99 * (len(acks) - 1))]),
        "median_age_s": float(np.median(seen.ages)),
        "oldest_s": max(seen.ages, default=float("nan")),
        "asked": len(seen.ages),
        "core": seen.cpu_s / seen.spent_s,
        "first_mib": float(np.median(seen.resident[:tenth])),
        "last_mib": float(np.median(seen.resident[-tenth:])),
        "refused": seen.refused,
    }


def by_minute(
    seen: Seen, values: list[float], one: Callable[[NDArray], float] = np.median
) -> list[float]:
    """Return one number for each minute in which something was asked."""
    minute = ((np.array(seen.asked) - seen.asked[0]) // 60).astype(int)
    return [float(one(np.array(values)[minute == k])) for k in np.unique(minute)]


if __name__ == "__main__":
    sys.exit(main())
