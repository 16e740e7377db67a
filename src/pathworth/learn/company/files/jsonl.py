"""Writes a world's events as JSON lines in the shape that Segment sends, whole columns at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pathworth.base.money import from_micro
from pathworth.learn.company.events.noise import ordinals
from pathworth.learn.company.events.traces import STARTED
from pathworth.learn.company.sent.sending import Sent, places_among, sent_of, stranger_lines
from pathworth.learn.company.world import Codes, World

ROWS = 200_000
PAGE = "Page Viewed"


def write_events(world: World, path: Path, *, sent: Sent | None = None) -> None:
    """Write every event, one line each, in the order of arrival.

    Parameters
    ----------
    sent
        How the world reaches a collector; made where it is not given.
    """
    sent = sent_of(world) if sent is None else sent
    ordinal = _ordinals(world)
    between, places = [], np.zeros(0, dtype=np.int64)
    if sent.strangers is not None:
        between, places = (
            stranger_lines(world, sent.strangers),
            places_among(world, sent.strangers),
        )
    with path.open("wb") as out:
        for begin in range(0, len(world.events.person), ROWS):
            rows = np.arange(begin, min(begin + ROWS, len(world.events.person)))
            first, last = np.searchsorted(places, [begin, begin + ROWS])
            lines = _lines(world, rows, sent=sent, ordinal=ordinal[rows])
            out.write(_joined(lines, between[first:last], at=places[first:last] - begin))
        out.write("".join(between[np.searchsorted(places, begin + ROWS) :]).encode())


def _joined(lines: pa.Array, between: list[str], *, at: Codes) -> bytes:
    """Return lines with others between them, each before the place that is said."""
    if between:
        order = np.argsort(np.concatenate([np.arange(len(lines)) + 0.5, at]), kind="stable")
        both = pa.concat_arrays([lines, pa.array(between, pa.large_string())])
        lines = both.take(pa.array(order))
    _, offsets, data = lines.buffers()
    places = np.frombuffer(offsets, dtype=np.int64)[lines.offset : lines.offset + len(lines) + 1]
    return bytes(memoryview(data)[int(places[0]) : int(places[-1])])


def _ordinals(world: World) -> Codes:
    """Return which of its person's messages each event is."""
    events = world.events
    person = np.empty(int(events.message.max(initial=-1)) + 1, dtype=np.int64)
    person[events.message] = events.person
    return ordinals(person)[events.message]


def _lines(world: World, rows: Codes, *, sent: Sent, ordinal: Codes) -> pa.Array:
    events = world.events
    person, time_us = events.person[rows], events.time_us[rows]
    if sent.devices is not None:
        time_us = time_us + sent.devices.skew_ms[rows] * 1000
    stamp = np.datetime_as_string(time_us.astype("datetime64[us]"), unit="ms")
    return pc.binary_join_element_wise(
        _by_code(_heads(world), events.name[rows]),
        *_whose(world, rows, sent=sent),
        _text('"messageId":"'),
        pa.array(sent.messages.astype(str), pa.large_string()).take(pa.array(person)),
        _text("-"),
        pa.array(ordinal).cast(pa.large_string()),
        _text('","timestamp":"'),
        pa.array(stamp, pa.large_string()),
        _text('Z","properties":{'),
        _properties(world, rows),
        _text("}}\n"),
        _text(""),
    )


def _whose(world: World, rows: Codes, *, sent: Sent) -> list[pa.Array]:
    """Return whose each event says that it is, and on which device it happened."""
    names = [f'"userId":"{one}",' for one in world.ids.astype(str).tolist()]
    person, devices = world.events.person[rows], sent.devices
    if devices is None:
        return [_by_code(names, person)]
    places = [f'"anonymousId":"{one}",' for one in devices.ids.astype(str).tolist()]
    return [
        _by_code(["", *names], np.where(devices.known[rows], person + 1, 0)),
        _by_code(places, devices.device[rows]),
    ]


def _text(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _heads(world: World) -> list[str]:
    page = world.words.get(PAGE, PAGE)
    return [
        f'{{"type":"{"page" if name == page else "track"}","event":{json.dumps(name)},'
        for name in world.names
    ]


def _by_code(texts: list[str], codes: np.ndarray) -> pa.Array:
    return pa.array(texts, pa.large_string()).take(pa.array(codes))


def _properties(world: World, rows: Codes) -> pa.Array:
    """Return the inside of each event's properties; each part begins with a comma."""
    events = world.events
    parts = [
        _by_code(
            ["", *(f",{json.dumps(name)}:{json.dumps(text)}" for text in column.values)],
            column.codes[rows],
        )
        for name, column in events.columns.items()
    ]
    parts += _money(world, rows)
    joined = pc.binary_join_element_wise(*parts, _text(""))
    return pc.utf8_slice_codeunits(joined, start=1)


def _money(world: World, rows: Codes) -> list[pa.Array]:
    """Return amount, cost and currency of payments, and what a new subscription says about itself."""
    events, words, currency = world.events, world.words, world.company.currency
    value, cost = words.get("amount", "amount"), words.get("variable_cost", "variable_cost")
    paid, pay_codes = np.unique(events.value_micro[rows], return_inverse=True)
    spent, cost_codes = np.unique(events.cost_micro[rows], return_inverse=True)
    pays = [
        f',"{value}":{from_micro(one):g},"currency":"{currency}"' if one else "" for one in paid
    ]
    costs = [f',"{cost}":{from_micro(one):.6g}' if one else "" for one in spent]
    return [_by_code(pays, pay_codes), _by_code(costs, cost_codes), _subscription(world, rows)]


def _subscription(world: World, rows: Codes) -> pa.Array:
    """Return billing and monthly revenue in cents of each new subscription."""
    events, words = world.events, world.words
    plan = events.columns.get(words.get("plan", "plan"))
    started = words.get(STARTED, STARTED)
    if plan is None or started not in world.names:
        return _by_code([""], np.zeros(len(rows), dtype=np.int64))
    old: Mapping[str, str] = {new: text for text, new in words.items()}
    prices = [world.company.plan[old.get(text, text)].price for text in plan.values]
    texts = [
        "",
        *(f',"billing":"monthly","mrr_cents":{round(price * 100)},"currency":"{world.company.currency}"'
          for price in prices),
    ]  # fmt: skip
    begins = events.name[rows] == world.names.index(started)
    return _by_code(texts, np.where(begins, plan.codes[rows], 0))
