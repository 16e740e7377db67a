"""A world as a collector meets it: whose each event says that it is, on which device, and strangers among them."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.learn.company.draws import Draws, Purpose
from pathworth.learn.company.events.noise import ordinals
from pathworth.learn.company.events.traces import hex_ids
from pathworth.learn.company.sent.devices import LOGINS, Devices, Numbers, devices_of
from pathworth.learn.company.sent.strangers import Strangers, strangers_of
from pathworth.learn.company.world import Codes, World

IDS, KIOSK = "ids.parquet", "kiosk"


@dataclass(frozen=True)
class Sent:
    """What is sent beside the events themselves; null where that impurity is switched off.

    Parameters
    ----------
    messages
        bytes[people]: how the ids of each person's messages begin.
    """

    devices: Devices | None
    strangers: Strangers | None
    messages: NDArray[np.bytes_]


def sent_of(world: World) -> Sent:
    """Return how a world reaches a collector; on the plain rungs everybody has one id, and nobody is a stranger."""
    draws, noise, full = Draws(world.seed), world.company.noise, world.rung.full
    devices = devices_of(world, draws) if noise.identity and full else None
    strangers, messages = None, world.ids
    if devices is not None:
        numbers = Numbers.of(world.ids)
        words = draws.words(numbers.low, Purpose.MESSAGE, place=numbers.high)
        messages = hex_ids("m", words[0])
    if noise.strangers and full:
        anonymous = 0 if devices is None else len(np.unique(world.events.message[~devices.known]))
        strangers = strangers_of(world, draws, anonymous=anonymous)
    return Sent(devices, strangers, messages)


def stranger_lines(world: World, strangers: Strangers) -> list[str]:
    """Return the events of strangers as lines, in the order of time."""
    bot = len(world.company.stranger)
    ids, devices = strangers.ids.astype(str).tolist(), strangers.devices.astype(str).tolist()
    sent = ordinals(strangers.who).tolist()
    kinds, lines = strangers.kind.tolist(), []
    stamps = np.datetime_as_string(strangers.ms.astype("datetime64[ms]"), unit="ms").tolist()
    page = world.words.get(world.company.bots.event, world.company.bots.event)
    for place, (who, row) in enumerate(
        zip(strangers.who.tolist(), strangers.row.tolist(), strict=True)
    ):
        name, said = strangers.rows[row]
        known = {} if kinds[who] == bot else {"userId": ids[who]}
        line = {
            "type": "page" if name == page else "track",
            "event": name,
            **known,
            "anonymousId": devices[who],
            "messageId": f"{devices[who]}-{sent[place]}",
            "timestamp": f"{stamps[place]}Z",
            "properties": said,
        }
        if kinds[who] == bot:
            line["context"] = {"userAgent": world.company.bots.agent}
        lines.append(json.dumps(line, separators=(",", ":")) + "\n")
    return lines


def places_among(world: World, strangers: Strangers) -> Codes:
    """Return before which of the world's events each event of a stranger arrives: late ones push nothing back."""
    arrived = np.maximum.accumulate(world.events.time_us)
    return np.searchsorted(arrived, strangers.ms * 1000, side="right")


def ids_table(world: World, sent: Sent) -> pa.Table:
    """Return every raw id that is sent: whose it truly is (nobody's if shared), what it is, where its owner logs in."""
    company, people = world.company, world.ids.astype(str).tolist()
    seen = np.ones(len(world.events.person), dtype=np.bool_)
    if sent.devices is not None:
        seen = sent.devices.known
    known = np.unique(world.events.person[seen]).tolist()
    rows: list[tuple[str, str | None, str, str | None]]
    rows = [(people[k], people[k], "person", None) for k in known]
    if sent.devices is not None:
        owners = sent.devices.owner.tolist()
        names = sent.devices.ids.astype(str).tolist()
        logins = [LOGINS[one] for one in sent.devices.login.tolist()]
        rows += [
            (name, people[k], "device", login) if k >= 0 else (name, None, KIOSK, None)
            for name, k, login in zip(names, owners, logins, strict=True)
        ]
    if sent.strangers is not None:
        kinds = [*(one.kind for one in company.stranger), "bot"]
        strangers = zip(
            sent.strangers.ids.astype(str).tolist(),
            sent.strangers.devices.astype(str).tolist(),
            sent.strangers.kind.tolist(),
            strict=True,
        )
        there = set(np.unique(sent.strangers.who).tolist())
        for place, (name, device, kind) in enumerate(strangers):
            own = [device] if kind == len(company.stranger) else [name, device]
            rows += [(one, name, kinds[kind], None) for one in own] if place in there else []
    ids, persons, kind_names, logged = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "person": pa.array(persons, pa.string()),
            "kind": pa.array(kind_names, pa.string()),
            "login": pa.array(logged, pa.string()),
        }
    )
