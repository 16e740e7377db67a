"""CloudEvents 1.0 in JSON: one event, or an array of them; the headers of the binary mode are put into the same form.

The event is its ``type``; its person is who the data names, else the attribute ``userid``, else its ``subject``. An
event is known by its ``source`` and ``id`` together, as the specification says. Attributes are ``context_...``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Raw

from pathworth.base.errors import BadInput
from pathworth.collect.arrivals.contracts import About, Told
from pathworth.collect.arrivals.parts.forms import unbased
from pathworth.collect.arrivals.parts.limits import limited
from pathworth.collect.arrivals.parts.line import Line, Telling, opened
from pathworth.collect.arrivals.parts.moments import first_time
from pathworth.collect.arrivals.parts.money import money_of
from pathworth.collect.arrivals.parts.said import (
    NOTHING,
    account_of,
    decoded_text,
    encode,
    is_object,
    is_there,
    keys_of,
    object_of,
    scalar_of,
)

SOURCE: Final = "cloudevents"
_LIKE: Final = '{"specversion": "1.0", "id": "1", "source": "/shop", "type": "order", "subject": "p1", "data": {}}'
_PEOPLE = ("person", "userId", "user_id", "distinct_id", "customer_id", "customerId")
_OF_PEOPLE = ("person", "userid", "distinctid", "customerid")
_PLACED = frozenset({"id", "type", "time", "data", "data_base64", "specversion", *_OF_PEOPLE})
"""Attributes that have a place of their own."""


def events_of(body: bytes) -> list[Raw]:
    """Return the events of a request.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``, ``BATCH_TOO_LARGE``.
    """
    if body.lstrip().startswith(b"["):
        return limited(opened(body, list[Raw], like=_LIKE)[0])
    return [Raw(opened(body, dict[str, Raw], like=_LIKE)[1])]


def tell(body: bytes, about: About) -> Told:
    """Read a request.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``, ``BATCH_TOO_LARGE``.
    """
    told = Telling(SOURCE, about)
    return told.each(events_of(body), _Reading(told).read)


def structured(attributes: Mapping[str, str], data: bytes) -> bytes:
    """Return an event of the binary mode in the structured one.

    Parameters
    ----------
    attributes
        Its attributes, as the headers ``ce-...`` say them.
    data
        The body; only JSON is read.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``.
    """
    inner = opened(data, Raw, like="data as JSON")[0] if data.strip() else Raw(b"null")
    return encode({**attributes, "data": inner})


class _Reading:
    """Reads the events of one request."""

    def __init__(self, told: Telling) -> None:
        self.told = told

    def read(self, place: int, raw: Raw) -> None:
        """Read an event."""
        held = object_of(raw)
        if not decoded_text(held.get("specversion", NOTHING)).startswith("1."):
            raise BadInput("NOT_AN_EVENT", "It has no specversion 1.x.", f"Send {_LIKE}.")
        data = _data(held)
        within = object_of(data)
        line = Line(_text(held, "type"), _person(held, within), self._time(held))
        source, said = _text(held, "source"), _text(held, "id")
        line.id = f"{source} {said}" if said else None
        if within:
            line.properties = data
            line.value, line.currency = money_of(line.event, data)
        line.account_id = account_of(data) or _text(held, "accountid") or None
        around = {
            f"context_{key}": value
            for key, value in held.items()
            if key not in _PLACED and is_there(value)
        }
        self.told.add(place, line, beside=keys_of(around))

    def _time(self, held: dict[str, Raw]) -> str | int:
        said = scalar_of(held.get("time", NOTHING))
        found = None if isinstance(said, bool) else first_time(said)
        return self.told.about.received_us // 1000 if found is None else found


def _text(held: dict[str, Raw], name: str) -> str:
    return decoded_text(held.get(name, NOTHING))


def _person(held: dict[str, Raw], within: dict[str, Raw]) -> str:
    for names, place in ((_PEOPLE, within), (_OF_PEOPLE, held), (("subject",), held)):
        for name in names:
            if person := _text(place, name):
                return person
    return ""


def _data(held: dict[str, Raw]) -> Raw:
    """Return an event's data where that is an object, also one that came as base64."""
    based = held.get("data_base64", NOTHING)
    raw = (
        Raw(unbased(decoded_text(based).encode())) if is_there(based) else held.get("data", NOTHING)
    )
    return raw if is_object(raw) else NOTHING
