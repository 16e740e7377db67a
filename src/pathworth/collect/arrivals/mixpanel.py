"""Requests of Mixpanel's libraries: events (``/track``, ``/import``) and what is said of people (``/engage``).

They come as JSON, as a form with ``data`` of JSON or base64, or as a line of JSON for each. What is said of a person
is ``identify``, a charge on their account is ``charge`` with its amount; ``$identify``, ``$create_alias`` and
``$merge`` say who is one person. What is said of a group (``/groups``) is kept of its account. The key of the project
(``token``) is no property.
"""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Raw

from pathworth.base.errors import BadInput
from pathworth.collect.arrivals.contracts import About, Told
from pathworth.collect.arrivals.parts.forms import form_data
from pathworth.collect.arrivals.parts.limits import limited
from pathworth.collect.arrivals.parts.line import Line, Telling, opened
from pathworth.collect.arrivals.parts.moments import Said, first_time
from pathworth.collect.arrivals.parts.money import Money, amount_of, currency_of, money_of
from pathworth.collect.arrivals.parts.said import (
    NOTHING,
    account_of,
    decoded_text,
    encode,
    list_of,
    object_of,
    scalar_of,
    traits_of,
)

SOURCE: Final = "mixpanel"
_LIKE: Final = (
    '[{"event": "order", "properties": {"token": "...", "distinct_id": "p1", "time": 1767225600}}]'
)
_NAMES = {
    "$identify": "identify",
    "$create_alias": "alias",
    "$merge": "alias",
    "$mp_web_page_view": "page",
}
_GONE = frozenset({"token", "time", "distinct_id", "$insert_id", "ip", "$ip"})
_OF_PERSON = frozenset({"$token", "$distinct_id", "$time", "$ip", "$ignore_time", "$ignore_alias"})
_OF_GROUP = frozenset({*_OF_PERSON, "$group_key", "$group_id"})


class _Event(msgspec.Struct):
    event: Raw = NOTHING
    properties: Raw = NOTHING
    group: Raw = msgspec.field(default=NOTHING, name="$group_id")


_read_event = msgspec.json.Decoder(_Event).decode
_read_lines = msgspec.json.Decoder(Raw).decode_lines


def events_of(body: bytes) -> list[Raw]:
    """Return the events of a request.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``, ``BATCH_TOO_LARGE``.
    """
    data = form_data(body, like=_LIKE).strip()
    if data.startswith(b"["):
        return limited(opened(data, list[Raw], like=_LIKE)[0])
    if b"\n" in data:
        try:
            return limited(_read_lines(data))
        except msgspec.DecodeError:
            # One object over several lines, then.
            return [Raw(opened(data, dict[str, Raw], like=_LIKE)[1])]
    return [Raw(opened(data, dict[str, Raw], like=_LIKE)[1])]


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
        """Read an event, or what is said of a person."""
        event = _read_event(raw)
        if event.event is not NOTHING:
            self._happened(place, event)
        elif event.group is not NOTHING:
            self._said_of_group(place, object_of(raw))
        else:
            self._said_of(place, object_of(raw))

    def _happened(self, place: int, event: _Event) -> None:
        held = object_of(event.properties)
        said = decoded_text(event.event)
        name = _NAMES.get(said, said)
        known, device = _text(held, "$user_id"), _text(held, "$device_id")
        person = _text(held, "distinct_id") or known or device
        line = Line(
            name, person, self._time(held.get("time")), id=_text(held, "$insert_id") or None
        )
        line.properties = Raw(encode({key: raw for key, raw in held.items() if key not in _GONE}))
        line.account_id = account_of(event.properties)
        line.value, line.currency = _money(name, held, line.properties)
        self.told.add(place, line)
        if known and device:
            self.told.link(device, known, rule="sent together", at=line.time)
        self._link(held, person, line.time)

    def _link(self, held: dict[str, Raw], person: str, at: Said) -> None:
        self.told.link(_text(held, "$anon_distinct_id", "$anon_id"), person, rule="identify", at=at)
        self.told.link(_text(held, "alias"), person, rule="alias", at=at)
        merged = [decoded_text(raw) for raw in list_of(held.get("$distinct_ids", NOTHING))]
        for other in merged[1:]:
            self.told.link(merged[0], other, rule="alias", at=at)

    def _said_of(self, place: int, held: dict[str, Raw]) -> None:
        person, time = _text(held, "$distinct_id"), self._time(held.get("$time"))
        charge = object_of(object_of(held.get("$append", NOTHING)).get("$transactions", NOTHING))
        if charge:
            paid = self._time(charge.get("$time")) if "$time" in charge else time
            line = Line("charge", person, paid, properties=Raw(encode(charge)))
            line.value = amount_of(scalar_of(charge.get("$amount", NOTHING)))
        else:
            said = {key: raw for key, raw in held.items() if key not in _OF_PERSON}
            line = Line(
                "identify", person, time, properties=Raw(encode(traits_of(Raw(encode(said)))))
            )
        self.told.add(place, line)

    def _said_of_group(self, place: int, held: dict[str, Raw]) -> None:
        if "$delete" in held:
            raise BadInput(
                "NOT_AN_EVENT",
                "It deletes a group, and nothing that was said is deleted by an event.",
                "Take its traits back with $unset.",
            )
        line = Line("group", "", self._time(held.get("$time")), account_id=_text(held, "$group_id"))
        said = {key: raw for key, raw in held.items() if key not in _OF_GROUP}
        kind = _text(held, "$group_key")
        self.told.add_group(place, line, traits=Raw(encode(said)), kind=kind)

    def _time(self, raw: Raw | None) -> str | int:
        said = scalar_of(raw) if raw is not None else None
        found = None if isinstance(said, bool) else first_time(said)
        return self.told.about.received_us // 1000 if found is None else found


def _text(held: dict[str, Raw], *names: str) -> str:
    return next((text for name in names if (text := decoded_text(held.get(name, NOTHING)))), "")


def _money(name: str, held: dict[str, Raw], properties: Raw) -> Money:
    said = amount_of(scalar_of(held.get("$amount", NOTHING)))
    amount, currency = money_of(name, properties, amount=said)
    return amount, currency or (None if amount is None else currency_of(_text(held, "$currency")))
