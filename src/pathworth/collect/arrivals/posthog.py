"""Requests of PostHog's libraries: a batch, one event, or a form that holds either.

``$identify`` and ``$set`` are ``identify``, ``$groupidentify`` is ``group``, ``$create_alias`` and
``$merge_dangerously`` are ``alias``, ``$pageview`` is ``page`` and ``$screen`` is ``screen``, as those of every other
protocol; all other names stay. The key of the project (``token``) is no property.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from msgspec import Raw

from pathworth.collect.arrivals.contracts import About, Told
from pathworth.collect.arrivals.parts.forms import form_data
from pathworth.collect.arrivals.parts.limits import limited
from pathworth.collect.arrivals.parts.line import Line, Telling, opened
from pathworth.collect.arrivals.parts.moments import Said, first_time
from pathworth.collect.arrivals.parts.money import Money, amount_of, currency_of, money_of
from pathworth.collect.arrivals.parts.said import (
    EMPTY,
    NOTHING,
    Groups,
    Scalar,
    account_of,
    decoded_text,
    encode,
    groups_of,
    is_bot,
    is_object,
    keys_of,
    object_of,
    scalar_of,
    snake,
    text_of,
)

SOURCE: Final = "posthog"
_LIKE: Final = '{"api_key": "...", "batch": [{"event": "order", "distinct_id": "p1"}]}'
_NAMES = {
    "$identify": "identify",
    "$set": "identify",
    "$groupidentify": "group",
    "$create_alias": "alias",
    "$merge_dangerously": "alias",
    "$pageview": "page",
    "$screen": "screen",
}
_ON_A_DEVICE = re.compile(r"^(web|js|posthog-(ios|android|react-native|flutter|js).*)$")
_GONE = (
    *("token", "$ip", "distinct_id", "$insert_id", "$time"),
    *("$set", "$set_once", "$groups", "$group_set"),
)
"""Of the properties: a key, the address of a network, and what has a place of its own."""
_MARKS = tuple(f'"{name}"'.encode() for name in _GONE)


class _Body(msgspec.Struct):
    batch: list[Raw] | None = None
    sent_at: Said = None


class _Event(msgspec.Struct):
    event: Scalar = None
    uuid: Scalar = None
    distinct_id: Scalar = None
    timestamp: Said = None
    sent_at: Said = None
    session_id: Scalar = None
    window_id: Scalar = None
    properties: Raw = NOTHING
    set_: Raw = msgspec.field(default=NOTHING, name="$set")
    once: Raw = msgspec.field(default=NOTHING, name="$set_once")


class _Held(msgspec.Struct):
    """What of an event's properties has a meaning."""

    distinct_id: Raw = NOTHING
    alias: Raw = NOTHING
    lib: Raw = msgspec.field(default=NOTHING, name="$lib")
    insert_id: Raw = msgspec.field(default=NOTHING, name="$insert_id")
    before: Raw = msgspec.field(default=NOTHING, name="$anon_distinct_id")
    agent: Raw = msgspec.field(default=NOTHING, name="$raw_user_agent")
    groups: Raw = msgspec.field(default=NOTHING, name="$groups")
    kind: Raw = msgspec.field(default=NOTHING, name="$group_type")
    key: Raw = msgspec.field(default=NOTHING, name="$group_key")
    group_set: Raw = msgspec.field(default=NOTHING, name="$group_set")
    set_: Raw = msgspec.field(default=NOTHING, name="$set")
    once: Raw = msgspec.field(default=NOTHING, name="$set_once")
    revenue: Raw = msgspec.field(default=NOTHING, name="$revenue")
    currency: Raw = msgspec.field(default=NOTHING, name="$currency")


_read_event = msgspec.json.Decoder(_Event).decode
_read_held = msgspec.json.Decoder(_Held).decode


def events_of(body: bytes) -> list[Raw]:
    """Return the events of a request.

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
    events, sent = _opened(body)
    told = Telling(SOURCE, about)
    return told.each(events, _Reading(told, sent).read)


def _opened(body: bytes) -> tuple[list[Raw], Said]:
    data = form_data(body, like=_LIKE)
    if data.lstrip().startswith(b"["):
        return limited(opened(data, list[Raw], like=_LIKE)[0]), None
    held, text = opened(data, _Body, like=_LIKE)
    return limited([Raw(text)] if held.batch is None else held.batch), held.sent_at


class _Reading:
    """Reads the events of one request."""

    def __init__(self, told: Telling, sent: Said) -> None:
        self.told = told
        self.sent = sent

    def read(self, place: int, raw: Raw) -> None:
        """Read an event."""
        event = _read_event(raw)
        properties = event.properties if is_object(event.properties) else EMPTY
        held = _read_held(properties)
        said = text_of(event.event)
        name = _NAMES.get(said, said)
        person = text_of(event.distinct_id) or decoded_text(held.distinct_id)
        line = Line(name, person, 0, id=text_of(event.uuid) or decoded_text(held.insert_id) or None)
        line.time, line.device_time = self._time(event, held)
        line.bot = is_bot(decoded_text(held.agent))
        line.properties, beside = _properties(event, held, name)
        groups = _groups(held, name)
        line.account_id = groups.account or account_of(properties)
        line.value, line.currency = _money(said, held, properties)
        around = b",".join([part for part in (beside, groups.beside) if part])
        if name == "group":
            if person == f"${groups.kind}_{groups.account}":
                # Some libraries put a name of their own where a person's would stand.
                line.person = ""
            self.told.add_group(place, line, traits=held.group_set, kind=groups.kind, beside=around)
        else:
            self.told.add(place, line, beside=around)
        self._link(held, name, line.person, line.time)

    def _time(self, event: _Event, held: _Held) -> tuple[str | int, str | int | None]:
        sent = event.sent_at or self.sent
        time = first_time(event.timestamp, sent)
        if time is None:
            return self.told.about.received_us // 1000, None
        on_device = _ON_A_DEVICE.match(decoded_text(held.lib)) is not None
        return self.told.clock(sent).right(time) if on_device else (time, None)

    def _link(self, held: _Held, name: str, person: str, at: Said) -> None:
        """Note who is one person; which of two ids is the old one differs between libraries, and does not matter."""
        self.told.link(decoded_text(held.before), person, rule="identify", at=at)
        if name == "alias":
            self.told.link(decoded_text(held.alias), person, rule="alias", at=at)


def _properties(event: _Event, held: _Held, name: str) -> tuple[Raw, bytes]:
    """Return the properties of an event, and beside them what it says of its person.

    Traits are the properties of ``identify`` and of ``group``; elsewhere they are ``context_traits_...``, so that
    they take no property's name.
    """
    own = _own(event)
    if name == "group":
        return held.group_set if is_object(held.group_set) else own, b""
    traits = {}
    for raw in (held.once, event.once, held.set_, event.set_):
        traits.update(object_of(raw))
    if not traits:
        return own, b""
    if name == "identify":
        return Raw(encode({**object_of(own), **traits})), b""
    return own, keys_of({f"context_traits_{snake(key)}": raw for key, raw in traits.items()})


def _own(event: _Event) -> Raw:
    text = bytes(event.properties) if is_object(event.properties) else b""
    # The newest form of a request has these two beside the properties, all others within.
    beside = {"$session_id": event.session_id, "$window_id": event.window_id}
    more = {key: Raw(encode(said)) for key, said in beside.items() if said is not None}
    if not more and not any(mark in text for mark in _MARKS):
        return event.properties if text else NOTHING
    held = object_of(event.properties)
    for gone in _GONE:
        held.pop(gone, None)
    return Raw(encode(held | more))


def _groups(held: _Held, name: str) -> Groups:
    if name != "group":
        return groups_of(held.groups)
    kind, key = decoded_text(held.kind), decoded_text(held.key)
    return Groups(key or None, kind, keys_of({"group_type": kind}) if kind else b"")


def _money(name: str, held: _Held, properties: Raw) -> Money:
    amount, currency = money_of(name, properties, amount=amount_of(scalar_of(held.revenue)))
    return amount, currency or (None if amount is None else currency_of(scalar_of(held.currency)))
