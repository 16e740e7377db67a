"""Puts the company's days into the shapes that others take: events as they are handed in, or a world's events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from pathworth.base.instants import to_iso
from pathworth.base.money import from_micro
from pathworth.learn.company.events.sheet import finished
from pathworth.learn.company.events.snapshot import snapshot_of
from pathworth.learn.company.live.again import all_of
from pathworth.learn.company.live.live import Batch, Live
from pathworth.learn.company.live.reading import CLICKED, MUTED, OPENED
from pathworth.learn.company.world import Column, Events
from pathworth.store import ArrivedEvent, Snapshot

ANSWERS = (OPENED, CLICKED, MUTED)
PROGRAM = "program"
WEB, MAIL = "web", "mail"


def arrived(live: Live, batch: Batch, *, first_seq: int) -> Iterator[ArrivedEvent]:
    """Yield a batch as events that are handed in: the company's own, then what readers of messages did.

    Parameters
    ----------
    first_seq
        Number of the first event.
    """
    laid, names = batch.laid, live.register.names
    ids = [live.register.ids[person].decode() for person in laid.person.tolist()]
    values = {key: ("", *texts) for key, texts in live.whole.sheet.values.items()}
    columns = [
        (key, values[key], codes.tolist()) for key, codes in laid.codes.items() if codes.any()
    ]
    money = (laid.value - laid.cost).tolist()
    paid = (laid.value > 0).tolist()
    rows = zip(laid.name.tolist(), laid.ms.tolist(), batch.ordinal.tolist(), strict=True)
    for k, (name, ms, ordinal) in enumerate(rows):
        yield ArrivedEvent(
            seq=first_seq + k,
            source=WEB,
            message_id=f"{ids[k]}-{ordinal}",
            entity=ids[k],
            name=names[name],
            time_us=ms * 1000,
            properties={key: texts[codes[k]] for key, texts, codes in columns if codes[k]},
            value=money[k] if paid[k] else None,
        )
    for k, answer in enumerate(batch.answers):
        yield ArrivedEvent(
            seq=first_seq + len(ids) + k,
            source=MAIL,
            message_id=answer.id,
            entity=answer.person,
            name=answer.name,
            time_us=answer.time_us,
            properties={PROGRAM: answer.kind},
        )


def events_of(live: Live, batches: Sequence[Batch]) -> Events:
    """Return batches as the events of a world, in the order of arrival, answers aside."""
    laid = all_of([batch.laid for batch in batches])
    ordinal = np.concatenate([batch.ordinal for batch in batches])
    # A message's number is its place in the order of time; one that was sent again keeps it.
    keys = np.stack([laid.ms, laid.person, ordinal], axis=1)
    message = np.unique(keys, axis=0, return_inverse=True)[1]
    return replace(finished(laid, live.whole.sheet.values), message=message.reshape(-1))


def seen_by_all(live: Live, batches: Sequence[Batch]) -> Snapshot:
    """Return everything so far as a snapshot: the company's events, then what readers of messages did."""
    events = events_of(live, batches)
    answers = [one for batch in batches for one in batch.answers]
    names = [*live.register.names, *ANSWERS]
    kinds = sorted({one.kind for one in answers})
    person = np.array([live.register.place[one.person.encode()] for one in answers], np.int64)
    new, n = len(answers), len(events.person)
    none = np.zeros(new, np.int64)
    columns = {
        key: Column(one.values, np.concatenate([one.codes, none.astype(np.uint16)]))
        for key, one in events.columns.items()
    }
    said = [kinds.index(one.kind) + 1 for one in answers]
    columns[PROGRAM] = Column(tuple(kinds), np.array([*[0] * n, *said], np.uint16))
    told = Events(
        person=np.concatenate([events.person, person]),
        name=np.array([*events.name.tolist(), *[names.index(a.name) for a in answers]], np.uint16),
        time_us=np.concatenate([events.time_us, np.array([a.time_us for a in answers], np.int64)]),
        message=np.concatenate([events.message, np.arange(new) + n]),
        value_micro=np.concatenate([events.value_micro, none]),
        cost_micro=np.concatenate([events.cost_micro, none]),
        columns=columns,
    )
    return snapshot_of(
        told,
        ids=np.array(live.register.ids),
        names=names,
        id_=f"live-{live.draws.seed}-{live.now_ms}",
        timezone=live.company.zone,
        currency=live.company.currency,
    )


def line_of(one: ArrivedEvent) -> str:
    """Return an event as a line of JSON, as it would stand in a file."""
    said: dict[str, object] = dict(one.properties)
    if one.value is not None:
        said |= {"net": from_micro(one.value), "currency": "EUR"}
    row = {
        "type": "track",
        "event": one.name,
        "userId": one.entity,
        "messageId": one.message_id,
        "timestamp": to_iso(one.time_us),
        "properties": said,
    }
    return json.dumps(row) + "\n"


def mapping_of(file: str) -> str:
    """Return the mapping file that says what such lines mean."""
    columns = {
        "file": file,
        "entity": "userId",
        "event": "event",
        "time": "timestamp",
        "id": "messageId",
        "value": "properties.net",
        "currency": "properties.currency",
        "source": "web",
    }
    return json.dumps({"files": [columns]})
