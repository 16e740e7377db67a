"""Requests of Amplitude's libraries (HTTP API V2, and its batches): an object with a list of events.

What is said of people and groups by itself comes as a form with an ``identification``, of one or of several.
``$identify`` is ``identify`` and ``$groupidentify`` is ``group``; their traits are properties. What Amplitude keeps
beside an event's own properties (platform, country, version) is named ``context_...``.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from msgspec import Raw

from pathworth.collect.arrivals.contracts import About, Told
from pathworth.collect.arrivals.parts.forms import form_data, is_json
from pathworth.collect.arrivals.parts.limits import limited
from pathworth.collect.arrivals.parts.line import Line, Telling, no_request, opened
from pathworth.collect.arrivals.parts.moments import Said, first_time
from pathworth.collect.arrivals.parts.money import Money, amount_of, currency_of, money_of
from pathworth.collect.arrivals.parts.said import (
    EMPTY,
    NOTHING,
    Scalar,
    account_of,
    decoded_text,
    encode,
    groups_of,
    is_bot,
    is_object,
    is_there,
    keys_of,
    list_of,
    object_of,
    scalar_of,
    snake,
    text_of,
    traits_of,
)

SOURCE: Final = "amplitude"
_LIKE: Final = '{"api_key": "...", "events": [{"event_type": "order", "user_id": "p1", "time": 1767225600000}]}'
_NAMES = {"$identify": "identify", "$groupidentify": "group"}
_ON_A_DEVICE = re.compile(
    r"amplitude[-_]?(js|ts|browser|ios|swift|android|kotlin|react|flutter|unity)"
)
_CONTEXT = (
    *("platform", "os_name", "os_version", "device_brand", "device_manufacturer", "device_model"),
    *("carrier", "country", "region", "city", "dma", "language", "app_version", "version_name"),
    *("start_version", "session_id", "library", "partner_id"),
)
_ORDER = {
    "price": "order_price",
    "quantity": "order_quantity",
    "productId": "order_product_id",
    "product_id": "order_product_id",
    "revenueType": "order_revenue_type",
    "revenue_type": "order_revenue_type",
}


class _Body(msgspec.Struct):
    events: list[Raw] | None = None
    identification: Raw = NOTHING
    client_upload_time: Said = None


class _Event(msgspec.Struct):
    event_type: Scalar = None
    user_id: Scalar = None
    device_id: Scalar = None
    insert_id: Scalar = None
    time: Said = None
    library: Scalar = None
    user_agent: Scalar = None
    revenue: Scalar = None
    price: Scalar = None
    quantity: Scalar = None
    currency: Scalar = None
    event_properties: Raw = NOTHING
    user_properties: Raw = NOTHING
    groups: Raw = NOTHING
    group_properties: Raw = NOTHING


class _Sale(msgspec.Struct):
    revenue: Raw = msgspec.field(default=NOTHING, name="$revenue")
    price: Raw = msgspec.field(default=NOTHING, name="$price")
    quantity: Raw = msgspec.field(default=NOTHING, name="$quantity")
    currency: Raw = msgspec.field(default=NOTHING, name="$currency")


_read_event = msgspec.json.Decoder(_Event).decode
_read_sale = msgspec.json.Decoder(_Sale).decode


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
    if not is_json(body):
        data = form_data(body, like=_LIKE, name="identification")
        return _identified(opened(data, Raw, like=_LIKE)[0]), None
    held, _ = opened(body, _Body, like=_LIKE)
    if held.events is not None:
        return limited(held.events), held.client_upload_time
    return _identified(held.identification), held.client_upload_time


def _identified(said: Raw) -> list[Raw]:
    """Return what is said of people and groups, one of them or several, as the events that say the same."""
    try:
        several = [said] if is_object(said) else list_of(said)
        if several or bytes(said).startswith(b"["):
            return limited([_as_event(one) for one in several])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise no_request(str(error), like=_LIKE) from None
    raise no_request("it has neither events nor an identification", like=_LIKE)


def _as_event(raw: Raw) -> Raw:
    held = object_of(raw)
    if not held:
        return raw
    if "group_type" not in held:
        return Raw(encode({**held, "event_type": "$identify"}))
    groups = {decoded_text(held["group_type"]): held.get("group_value")}
    return Raw(encode({**held, "event_type": "$groupidentify", "groups": groups}))


class _Reading:
    """Reads the events of one request."""

    def __init__(self, told: Telling, sent: Said) -> None:
        self.told = told
        self.sent = sent

    def read(self, place: int, raw: Raw) -> None:
        """Read an event."""
        event = _read_event(raw)
        said = text_of(event.event_type)
        name = _NAMES.get(said, said)
        known, device = text_of(event.user_id), text_of(event.device_id)
        line = Line(name, known or device, 0, id=text_of(event.insert_id) or None)
        line.time, line.device_time = self._time(event)
        line.bot = is_bot(text_of(event.user_agent))
        line.properties, traits = _properties(event, name)
        groups = groups_of(event.groups)
        line.account_id = groups.account or account_of(event.event_properties)
        line.value, line.currency = _money(event, name)
        parts = (traits, groups.beside, _around(object_of(raw)))
        beside = b",".join([part for part in parts if part])
        if name == "group":
            traits_raw = event.group_properties
            self.told.add_group(place, line, traits=traits_raw, kind=groups.kind, beside=beside)
        else:
            self.told.add(place, line, beside=beside)
        if known and device:
            self.told.link(device, known, rule="sent together", at=line.time)

    def _time(self, event: _Event) -> tuple[str | int, str | int | None]:
        time = first_time(event.time, self.sent)
        if time is None:
            return self.told.about.received_us // 1000, None
        on_device = _ON_A_DEVICE.match(text_of(event.library).lower()) is not None
        return self.told.clock(self.sent).right(time) if on_device else (time, None)


def _properties(event: _Event, name: str) -> tuple[Raw, bytes]:
    """Return the properties of an event, and beside them what it says of its person."""
    if name == "group":
        return Raw(encode(traits_of(event.group_properties))), b""
    traits = traits_of(event.user_properties)
    if name == "identify":
        return Raw(encode({**object_of(event.event_properties), **traits})), b""
    own = event.event_properties if is_object(event.event_properties) else NOTHING
    return own, keys_of({f"context_traits_{snake(key)}": raw for key, raw in traits.items()})


def _around(held: dict[str, Raw]) -> bytes:
    found = {f"context_{key}": held[key] for key in _CONTEXT if key in held and is_there(held[key])}
    found |= {to: held[key] for key, to in _ORDER.items() if key in held and is_there(held[key])}
    return keys_of(found)


def _money(event: _Event, name: str) -> Money:
    """Return revenue, else price times quantity, whether beside the properties or, as a sale, within them."""
    properties = event.event_properties if is_object(event.event_properties) else EMPTY
    said = _amount(event.revenue, event.price, event.quantity)
    sale = _read_sale(properties)
    if said is None:
        said = _amount(scalar_of(sale.revenue), scalar_of(sale.price), scalar_of(sale.quantity))
    amount, currency = money_of(name, properties, amount=said)
    if amount is None:
        return None, None
    return amount, currency_of(event.currency) or currency_of(scalar_of(sale.currency)) or currency


def _amount(revenue: Scalar, price: Scalar, quantity: Scalar) -> int | float | None:
    amount, each = amount_of(revenue), amount_of(price)
    if amount is not None or each is None:
        return amount
    many = amount_of(quantity)
    return each * (1 if many is None else many)
