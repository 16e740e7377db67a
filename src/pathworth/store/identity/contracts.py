"""What the store hands upward of one event as it was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SaidEvent:
    """One event as it was said, under the raw id that it was said of.

    Parameters
    ----------
    seq
        Its number.
    import_id
        The import that it belongs to; null while it waits for one.
    source, message_id
        Together its identity.
    entity, name, time_us
        Raw id, the event's name, and microseconds since 1970 UTC.
    value, cost, currency
        Micro-units; null where nothing was said.
    properties
        Everything else, as text.
    """

    seq: int
    import_id: int | None
    source: str
    message_id: str
    entity: str
    name: str
    time_us: int
    value: int | None
    cost: int | None
    currency: str | None
    properties: Mapping[str, str]
