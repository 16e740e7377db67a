"""Requests of Snowplow's trackers (tp2): a payload with a list of flat events whose nested parts are JSON or base64.

A tracker that cannot send a body puts the fields of one event into the address (``/i``).
A page view is ``page``, a page ping ``page_ping``; a structured event has the name of its action, a self-describing
one the name in its schema. Entities beside an event are properties named after them: ``web_page_id``.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import Raw

from pathworth.base.errors import BadInput
from pathworth.collect.arrivals.contracts import About, Told
from pathworth.collect.arrivals.parts.forms import form_fields, is_json, unbased
from pathworth.collect.arrivals.parts.limits import limited
from pathworth.collect.arrivals.parts.line import Line, Telling, no_request, opened
from pathworth.collect.arrivals.parts.moments import Said, first_time
from pathworth.collect.arrivals.parts.money import Money, amount_of, currency_of, money_of
from pathworth.collect.arrivals.parts.said import (
    NOTHING,
    Scalar,
    account_of,
    encode,
    flat,
    is_bot,
    is_object,
    keys_of,
    read_any,
    snake,
    text_of,
)

SOURCE: Final = "snowplow"
_LIKE: Final = (
    '{"schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4", '
    '"data": [{"e": "pv", "eid": "...", "uid": "p1", "dtm": "1767225600000"}]}'
)
_KINDS = {"pv": "page", "pp": "page_ping", "tr": "transaction", "ti": "transaction_item"}
_DEVICES = frozenset({"web", "mob", "tv", "cnsl", "iot"})
_FIELDS = {
    "url": "page_url",
    "page": "page_title",
    "refr": "page_referrer",
    "aid": "app_id",
    "p": "platform",
    "tna": "name_tracker",
    "tv": "v_tracker",
    "lang": "br_lang",
    "tz": "os_timezone",
    "res": "dvce_screen",
    "vp": "br_viewport",
    "ua": "useragent",
    "sid": "domain_sessionid",
    "vid": "domain_sessionidx",
    "se_ca": "se_category",
    "se_ac": "se_action",
    "se_la": "se_label",
    "se_pr": "se_property",
    "se_va": "se_value",
    "tr_id": "tr_orderid",
    "tr_af": "tr_affiliation",
    "tr_tt": "tr_total",
    "tr_tx": "tr_tax",
    "tr_sh": "tr_shipping",
    "tr_ci": "tr_city",
    "tr_st": "tr_state",
    "tr_co": "tr_country",
    "tr_cu": "tr_currency",
    "ti_id": "ti_orderid",
    "ti_sk": "ti_sku",
    "ti_nm": "ti_name",
    "ti_ca": "ti_category",
    "ti_pr": "ti_price",
    "ti_qu": "ti_quantity",
    "ti_cu": "ti_currency",
}
"""Keys of the protocol, and the names that people know from its tables."""


class _Body(msgspec.Struct):
    data: list[Raw]


class _Described(msgspec.Struct):
    schema: str
    data: Raw


class _Several(msgspec.Struct):
    data: list[_Described]


_read_event = msgspec.json.Decoder(dict[str, Scalar]).decode
_read_outer = msgspec.json.Decoder(_Described).decode
_read_several = msgspec.json.Decoder(_Several).decode


def events_of(body: bytes) -> list[Raw]:
    """Return the events of a request.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``, ``BATCH_TOO_LARGE``.
    """
    if is_json(body):
        return limited(opened(body, _Body, like=_LIKE)[0].data)
    fields = form_fields(body, like=_LIKE)
    if "e" not in fields:
        raise no_request("neither a payload nor an address with an event", like=_LIKE)
    return [Raw(encode(fields))]


def tell(body: bytes, about: About) -> Told:
    """Read a request.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``, ``BATCH_TOO_LARGE``.
    """
    told = Telling(SOURCE, about)
    return told.each(events_of(body), _Reading(told).read)


class _Reading:
    """Reads the events of one request."""

    def __init__(self, told: Telling) -> None:
        self.told = told

    def read(self, place: int, raw: Raw) -> None:
        """Read an event."""
        held = _read_event(raw)
        name, properties = _event(held)
        entities = _entities(held)
        device = text_of(held.get("duid")) or text_of(entities.get("client_session_user_id"))
        known = text_of(held.get("uid"))
        person = known or device or text_of(held.get("tnuid")) or text_of(held.get("nuid"))
        line = Line(name, person, 0, id=text_of(held.get("eid")) or None)
        line.time, line.device_time = self._time(held)
        line.bot = is_bot(text_of(held.get("ua")))
        line.properties = properties
        line.account_id = account_of(properties)
        line.value, line.currency = _money(held, name, properties)
        told = {to: held[key] for key, to in _FIELDS.items() if held.get(key) not in {None, ""}}
        self.told.add(place, line, beside=keys_of({**entities, **told}))
        if known and device:
            self.told.link(device, known, rule="sent together", at=line.time)

    def _time(self, held: dict[str, Scalar]) -> tuple[str | int, str | int | None]:
        true, made, sent = (_said(held.get(key)) for key in ("ttm", "dtm", "stm"))
        time = first_time(true, made, sent)
        if time is None:
            return self.told.about.received_us // 1000, None
        on_device = held.get("p") in _DEVICES and not true
        return self.told.clock(sent).right(time) if on_device else (time, None)


def _said(value: Scalar) -> Said:
    return None if isinstance(value, bool) else value


def _event(held: dict[str, Scalar]) -> tuple[str, Raw]:
    """Return the name and the properties of an event."""
    kind = text_of(held.get("e"))
    if kind == "se":
        return text_of(held.get("se_ac")), NOTHING
    if kind in _KINDS:
        return _KINDS[kind], NOTHING
    if kind != "ue":
        raise BadInput(
            "NOT_AN_EVENT",
            f"Its kind is {kind!r}, and none of {', '.join(sorted([*_KINDS, 'se', 'ue']))}.",
            "Send one of these kinds as e.",
        )
    inner = _read_outer(_read_outer(_nested(held, "ue_pr", "ue_px")).data)
    return _short(inner.schema), inner.data if is_object(inner.data) else NOTHING


def _entities(held: dict[str, Scalar]) -> dict[str, Any]:
    """Return what the entities beside an event hold, under their names; of two of a kind the first."""
    text = _nested(held, "co", "cx")
    found: dict[str, Any] = {}
    for entity in _read_several(text).data if text else ():
        for key, value in flat(snake(_short(entity.schema)), read_any(entity.data)).items():
            found.setdefault(key, value)
    return found


def _nested(held: dict[str, Scalar], plain: str, based: str) -> bytes:
    """Return a nested part as JSON, whether it came as text or as base64."""
    text = text_of(held.get(plain))
    return text.encode() if text else unbased(text_of(held.get(based)).encode())


def _short(schema: str) -> str:
    """Return the name within a schema: ``iglu:com.acme/signed_up/jsonschema/1-0-0`` is ``signed_up``."""
    parts = schema.removeprefix("iglu:").split("/")
    return parts[1] if len(parts) == 4 else schema


def _money(held: dict[str, Scalar], name: str, properties: Raw) -> Money:
    if held.get("e") == "tr":
        return amount_of(held.get("tr_tt")), currency_of(held.get("tr_cu"))
    return money_of(name, properties) if properties is not NOTHING else (None, None)
