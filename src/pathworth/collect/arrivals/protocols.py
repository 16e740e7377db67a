"""Every protocol in which a request may bring events, by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Raw

from pathworth.base.errors import UnknownName
from pathworth.collect.arrivals import amplitude, cloudevents, mixpanel, posthog, segment, snowplow
from pathworth.collect.arrivals.contracts import Tell

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


def check_request(protocol: str, body: bytes) -> list[Raw]:
    """Return the events of a request as they came, which is all that can be known of it in a moment.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``, ``BATCH_TOO_LARGE``.
    UnknownName
        ``UNKNOWN_PROTOCOL``.
    """
    if protocol not in _ENVELOPES:
        raise UnknownName.near("protocol", protocol, _ENVELOPES)
    return _ENVELOPES[protocol](body)
