"""Every protocol in which a request may bring events, by its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

import msgspec
from msgspec import Raw

from pathworth.base.errors import UnknownName
from pathworth.collect.arrivals import amplitude, cloudevents, mixpanel, posthog, segment, snowplow
from pathworth.collect.arrivals.contracts import Tell
from pathworth.collect.arrivals.parts.forms import is_json
from pathworth.collect.arrivals.parts.said import NOTHING, Scalar, is_object, text_of

PROTOCOLS: Final[dict[str, Tell]] = {
    "segment": segment.tell,
    "posthog": posthog.tell,
    "snowplow": snowplow.tell,
    "amplitude": amplitude.tell,
    "mixpanel": mixpanel.tell,
    "cloudevents": cloudevents.tell,
}
"""What reads a request of each."""
_ENVELOPES: Final[dict[str, Callable[[bytes], list[Raw]]]] = {
    "segment": segment.events_of,
    "posthog": posthog.events_of,
    "snowplow": snowplow.events_of,
    "amplitude": amplitude.events_of,
    "mixpanel": mixpanel.events_of,
    "cloudevents": cloudevents.events_of,
}


@dataclass(frozen=True)
class Asked:
    """What can be known of a request in a moment, without reading its events.

    Parameters
    ----------
    events
        How many it holds.
    keys
        What it carries as keys of a project, the likeliest first.
    ids
        The events' own ids, empty texts where they have none; only where the answer must name them.
    """

    events: int
    keys: tuple[str, ...]
    ids: tuple[str, ...] = ()


def check_request(protocol: str, body: bytes, *, with_ids: bool = False) -> Asked:
    """Return what can be known of a request in a moment.

    Parameters
    ----------
    protocol, body
        The name of its protocol, and its bytes.
    with_ids
        Whether its events' ids are wanted.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``, ``BATCH_TOO_LARGE``.
    UnknownName
        ``UNKNOWN_PROTOCOL``.
    """
    if protocol not in _ENVELOPES:
        raise UnknownName.near("protocol", protocol, _ENVELOPES)
    events = _ENVELOPES[protocol](body)
    carriers = [Raw(body), *events[:1]]
    keys = dict.fromkeys(key for raw in carriers for key in _keys_in(raw))
    if not is_json(body):
        keys |= dict.fromkeys(unquote_plus(key.decode("latin-1")) for key in _OF_FORM.findall(body))
    ids = tuple(_id_of(raw) for raw in events) if with_ids else ()
    return Asked(len(events), tuple(keys), ids)


class _Keyed(msgspec.Struct):
    write_key: Scalar = msgspec.field(default=None, name="writeKey")
    api_key: Scalar = None
    token: Scalar = None
    own_token: Scalar = msgspec.field(default=None, name="$token")
    app: Scalar = msgspec.field(default=None, name="aid")
    properties: Raw = NOTHING


class _Known(msgspec.Struct):
    uuid: str = ""


_OF_FORM = re.compile(rb"(?:^|&)(?:api_key|writeKey|token)=([^&]{1,500})")
_read_keyed = msgspec.json.Decoder(_Keyed).decode
_read_known = msgspec.json.Decoder(_Known).decode


def _keys_in(raw: Raw) -> list[str]:
    try:
        held = _read_keyed(raw)
        inner = _read_keyed(held.properties) if is_object(held.properties) else _Keyed()
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return []
    said = (held.write_key, held.api_key, held.token, held.own_token, inner.token, held.app)
    return [text for one in said if (text := text_of(one))]


def _id_of(raw: Raw) -> str:
    try:
        return _read_known(raw).uuid
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return ""
