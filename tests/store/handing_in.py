"""Batches in a format of three words, and a program that hands them in until it is killed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from tests.forked import say

from pathworth.base.errors import BadInput
from pathworth.store import (
    UNREAD,
    HandedIn,
    Inbox,
    ReadEvents,
    Workspace,
    row_digests,
    text_digests,
)

BATCHES = 12


def body_of(k: int) -> bytes:
    """Ten events of a few people, none of them in another batch."""
    return "\n".join(f"p{(k + n) % 4} click {k * 100 + n} b{k}-{n}" for n in range(10)).encode()


def read(batches: Sequence[HandedIn], names: Mapping[str, str]) -> ReadEvents:
    """Read batches one by one, and put what they say together."""
    read = [_read(number, one.body.decode()) for number, one in enumerate(batches)]
    return ReadEvents(
        pa.concat_tables([events for events, _, _ in read], promote_options="default"),
        np.concatenate([np.full(len(events), k) for k, (events, _, _) in enumerate(read)]),
        np.concatenate([np.full(len(events), hashed) for events, hashed, _ in read]),
        pa.concat_tables([rejects for _, _, rejects in read]),
        names,
    )


def _read(number: int, body: str) -> tuple[pa.Table, bool, pa.Table]:
    """Lines of: person, event, microseconds, an id, ``name=value`` and so on; a first line may name the source."""
    lines = body.splitlines()
    source = "app"
    if lines[0].startswith("source "):
        source = lines.pop(0).split()[1]
    if lines == ["boom"]:
        raise BadInput("BOOM", "This is no batch.", "Send another.")
    good = [(k, line.split()) for k, line in enumerate(lines, 1) if len(line.split()) > 2]
    bad = [(k, line) for k, line in enumerate(lines, 1) if len(line.split()) <= 2]
    ids = pa.array([row[3] if len(row) > 3 else None for _, row in good], pa.string())
    columns = {
        name: pa.array([row[place] for _, row in good], pa.string())
        for place, name in enumerate(("entity", "name", "time"))
    }
    own = [dict(word.split("=") for word in row[4:]) for _, row in good]
    names = sorted({name for one in own for name in one})
    given = bool(good) and ids.null_count == 0
    events = {
        "row": pa.array([k for k, _ in good], pa.int64()),
        "entity": columns["entity"],
        "name": columns["name"],
        "time_us": columns["time"].cast(pa.int64()),
        "digest": text_digests(ids) if given else row_digests(columns),
        "message_id": ids,
        "value": pa.nulls(len(good), pa.int64()),
        "cost": pa.nulls(len(good), pa.int64()),
        "currency": pa.nulls(len(good), pa.string()),
        "source": pa.array([source] * len(good), pa.string()),
        **{name: pa.array([one.get(name) for one in own], pa.string()) for name in names},
    }
    rejects = [
        {
            "batch": number,
            "row": k,
            "code": "SHORT",
            "reason": "three words are needed",
            "raw": line,
        }
        for k, line in bad
    ]
    return pa.table(events), not given, pa.Table.from_pylist(rejects, schema=UNREAD)


def main(folder: str, batches: list[int]) -> None:
    """Append, number and drain, and tell of every batch as soon as it is safe."""
    inbox = Inbox(Workspace.open(folder))
    say("ready")
    for turn, k in enumerate(batches):
        inbox.append(HandedIn(body_of(k)))
        say(k)
        inbox.number(read)
        if turn % 2:
            inbox.drain()
