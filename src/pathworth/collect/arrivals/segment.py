"""Requests of Segment's and RudderStack's libraries: a batch of calls, or one call by itself.

``track`` is an event of its name; ``identify``, ``group``, ``alias``, ``page`` and ``screen`` are events of these
names. Traits are properties, a group is the property ``account_id``, and what stands around an event (page, campaign,
library, device) has the names of the warehouses' tables: ``context_page_url``, ``context_campaign_source``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw

from pathworth.base.errors import BadInput
from pathworth.collect.arrivals.contracts import About, Told
from pathworth.collect.arrivals.parts.limits import limited
from pathworth.collect.arrivals.parts.line import Line, Telling, opened
from pathworth.collect.arrivals.parts.moments import Said, first_time
from pathworth.collect.arrivals.parts.money import money_of
from pathworth.collect.arrivals.parts.said import (
    NOTHING,
    Scalar,
    account_of,
    encode,
    flat,
    is_bot,
    is_object,
    is_there,
    keys_of,
    read_any,
    snake,
    text_of,
)

SOURCE: Final = "segment"
_LIKE: Final = '{"batch": [{"type": "track", "event": "order", "userId": "p1"}]}'
_KINDS = frozenset({"track", "identify", "page", "screen", "group", "alias", "merge"})
_NAMES = {"merge": "alias"}
_ON_A_DEVICE = re.compile(
    r"analytics\.js|javascript|ios|android|kotlin|swift|react.?native|flutter|unity", re.IGNORECASE
)
_LEFT_OUT = frozenset({"ip", "traits", "groupId"})
"""Of the context: the address of a network is nobody's journey; the others have places of their own."""


class _Body(msgspec.Struct, rename="camel"):
    batch: list[Raw] | None = None
    sent_at: Said = None


class _Call(msgspec.Struct, rename="camel"):
    type: Scalar = None
    event: Scalar = None
    user_id: Scalar = None
    anonymous_id: Scalar = None
    previous_id: Scalar = None
    group_id: Scalar = None
    message_id: Scalar = None
    timestamp: Said = None
    original_timestamp: Said = None
    sent_at: Said = None
    name: Scalar = None
    category: Scalar = None
    properties: Raw = NOTHING
    traits: Raw = NOTHING
    context: Raw = NOTHING
    merge_properties: Raw = NOTHING


class _Merged(msgspec.Struct):
    type: Scalar = None
    value: Scalar = None


_read_merged = msgspec.json.Decoder(list[_Merged]).decode
_read_call = msgspec.json.Decoder(_Call).decode


class _Context(NamedTuple):
    """What stands around an event: as JSON keys, and what of it has a meaning."""

    beside: bytes
    traits_beside: bytes
    traits: Raw
    account: str | None
    bot: bool
    on_device: bool


def events_of(body: bytes) -> list[Raw]:
    """Return the calls of a request.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``, ``BATCH_TOO_LARGE``.
    """
    return _opened(body)[0]


def tell(body: bytes, about: About) -> Told:
    """Read a request.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``, ``BATCH_TOO_LARGE``.
    """
    calls, sent = _opened(body)
    told = Telling(SOURCE, about)
    return told.each(calls, _Reading(told, sent).read)


def _opened(body: bytes) -> tuple[list[Raw], Said]:
    held, text = opened(body, _Body, like=_LIKE)
    return limited([Raw(text)] if held.batch is None else held.batch), held.sent_at


class _Reading:
    """Reads the calls of one request, each context once: those of a batch are mostly the same."""

    def __init__(self, told: Telling, sent: Said) -> None:
        self.told = told
        self.sent = sent
        self.contexts: dict[bytes, _Context] = {}

    def read(self, place: int, raw: Raw) -> None:
        """Read a call."""
        call = _read_call(raw)
        kind = _kind(call)
        around = self._around(bytes(call.context))
        known, unknown = text_of(call.user_id), text_of(call.anonymous_id)
        event = text_of(call.event) if kind == "track" else _NAMES.get(kind, kind)
        line = Line(event, known or unknown, 0, id=text_of(call.message_id) or None, bot=around.bot)
        line.time, line.device_time = self._time(call, around)
        line.properties = _properties(call, kind, around)
        line.account_id = _account(call, kind, line.properties) or around.account
        if kind == "track" and line.properties is not NOTHING:
            line.value, line.currency = money_of(event, line.properties)
        beside = _beside(call, kind, around)
        if kind == "group":
            self.told.add_group(place, line, traits=line.properties, beside=beside)
        else:
            self.told.add(place, line, beside=beside)
        if known and unknown:
            self.told.link(unknown, known, rule="sent together", at=line.time)
        if kind == "alias":
            self.told.link(text_of(call.previous_id), known, rule="alias", at=line.time)
        for one, other in _merges(call, known, unknown):
            self.told.link(one, other, rule="merge", at=line.time)

    def _around(self, raw: bytes) -> _Context:
        found = self.contexts.get(raw)
        if found is None:
            found = self.contexts[raw] = _context(raw)
        return found

    def _time(self, call: _Call, around: _Context) -> tuple[str | int, str | int | None]:
        received_us = self.told.about.received_us
        sent = call.sent_at or self.sent
        time = first_time(call.timestamp, call.original_timestamp, sent)
        if time is None:
            return received_us // 1000, None
        return self.told.clock(sent).right(time) if around.on_device else (time, None)


def _kind(call: _Call) -> str:
    """Return which call it is; one that was written by hand may leave it to what it holds."""
    kind = call.type
    if isinstance(kind, str) and kind in _KINDS:
        return kind
    if kind is None and call.event is not None:
        return "track"
    raise BadInput(
        "NOT_AN_EVENT",
        f"Its type is {kind!r}, and none of {', '.join(sorted(_KINDS))}.",
        "Send one of these types.",
    )


def _properties(call: _Call, kind: str, around: _Context) -> Raw:
    """Return the properties of an event; traits are those of a call that is about somebody."""
    if kind in {"identify", "group"}:
        held = call.traits
        if kind == "identify" and not is_object(held):
            held = around.traits
    else:
        held = call.properties
    return held if is_object(held) else NOTHING


def _account(call: _Call, kind: str, properties: Raw) -> str | None:
    if kind == "group":
        return text_of(call.group_id) or None
    return account_of(properties)


def _merged(call: _Call) -> dict[str, str]:
    """Return the ids that a call merges, by what they are: an address, a telephone, a device."""
    said = _read_merged(call.merge_properties) if is_there(call.merge_properties) else []
    ids = {f"merge_{snake(text_of(one.type))}": text_of(one.value) for one in said}
    return {name: id_ for name, id_ in ids.items() if id_}


def _merges(call: _Call, known: str, unknown: str) -> Iterator[tuple[str, str]]:
    """Yield what a call says is one; a device's id is told to be one other alone, since else it would seem shared."""
    if call.merge_properties is NOTHING:
        return
    ids = list(_merged(call).values())
    if not ids:
        return
    person = known or ids[0]
    yield from ((one, person) for one in ids)
    if not known:
        yield unknown, person


def _beside(call: _Call, kind: str, around: _Context) -> bytes:
    """Return what stands around an event as JSON keys."""
    if kind == "track" and not around.traits_beside:
        return around.beside
    parts = [around.beside, b"" if kind == "identify" else around.traits_beside]
    if kind == "merge":
        parts.append(keys_of(_merged(call)))
    if kind in {"page", "screen"}:
        named = {f"{kind}_name": call.name, f"{kind}_category": call.category}
        parts.append(keys_of({name: value for name, value in named.items() if value}))
    return b",".join([part for part in parts if part])


def _context(raw: bytes) -> _Context:
    held = read_any(raw) if raw.startswith(b"{") else {}
    traits = held.get("traits")
    library = held.get("library")
    name = library.get("name") if isinstance(library, dict) else None
    around = flat("context", {key: value for key, value in held.items() if key not in _LEFT_OUT})
    agent, group = held.get("userAgent"), held.get("groupId")
    return _Context(
        keys_of(around),
        keys_of(flat("context", {"traits": traits})),
        Raw(encode(traits)) if isinstance(traits, dict) else NOTHING,
        text_of(group) if isinstance(group, str | int) else None,
        isinstance(agent, str) and is_bot(agent),
        isinstance(name, str) and _ON_A_DEVICE.search(name) is not None,
    )
