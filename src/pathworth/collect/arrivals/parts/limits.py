"""How much one batch may hold."""

from __future__ import annotations

from msgspec import Raw

from pathworth.base.errors import BadInput

MOST = 10_000
"""So many events at most are one batch, so that a batch is numbered in a moment."""


def limited(events: list[Raw]) -> list[Raw]:
    """Return the events of a request.

    Raises
    ------
    BadInput
        ``BATCH_TOO_LARGE``.
    """
    if len(events) > MOST:
        raise BadInput(
            "BATCH_TOO_LARGE",
            f"A batch holds {MOST:,} events at most, this one {len(events):,}.",
            "Send it in several batches, or import it as a file.",
        )
    return events
