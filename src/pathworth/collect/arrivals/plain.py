"""The plain route: one JSON object with a list of events, read as a file of the same lines would be.

``{"source": "app", "events": [{"event": "order", "person": "p1", "time": "2026-03-01T10:00:00Z", "id": "o-17",
"value": 20, "currency": "EUR", "account_id": "a1", "properties": {"plan": "Team"}}]}``

``time`` is ISO 8601 or milliseconds since 1970; ``id`` makes a retry harmless, and without it the whole event
does. An event that cannot be read is refused with its reason, and the others of its batch go on.
"""

from __future__ import annotations

import msgspec

from pathworth.base.errors import BadInput
from pathworth.collect.arrivals.contracts import About, Told
from pathworth.collect.arrivals.parts.limits import limited
from pathworth.collect.readers import Torn

SOURCE = "events"
"""The source of events for which none is named."""
_SHOWN = 1_000_000


class _Body(msgspec.Struct):
    events: list[msgspec.Raw]
    source: str = SOURCE


_DECODER = msgspec.json.Decoder(_Body)


def check_body(body: bytes) -> int:
    """Return how many events a batch holds.

    Raises
    ------
    BadInput
        ``BAD_BATCH_BODY``, ``BATCH_TOO_LARGE``.
    """
    return len(_decoded(body).events)


def tell(body: bytes, _: About) -> Told:
    """Say which events a batch holds.

    Parameters
    ----------
    body
        The bytes as they came.

    Raises
    ------
    BadInput
        ``BAD_BATCH_BODY``, ``BATCH_TOO_LARGE`` when it is no batch at all.
    """
    batch = _decoded(body)
    told = Told(batch.source, [], [])
    for place, event in enumerate(batch.events, 1):
        text = str(memoryview(event), "utf-8", "replace")
        if text.startswith("{"):
            told.lines.append(text)
            told.places.append(place)
        else:
            reason = "Every event is a JSON object with event, person and time."
            told.torn.append(Torn(place, "NOT_AN_EVENT", reason, text[:_SHOWN]))
    return told


def _decoded(body: bytes) -> _Body:
    try:
        batch = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            "BAD_BATCH_BODY",
            f"This is no batch of events: {error}.",
            'Send {"events": [{"event": "order", "person": "p1", "time": "2026-03-01T10:00:00Z"}]}.',
        ) from None
    limited(batch.events)
    return batch
