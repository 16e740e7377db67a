"""What could not be read becomes a request again, once a person has mended its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from pathworth.base.errors import BadInput
from pathworth.collect.arrivals.plain import SOURCE
from pathworth.collect.arrivals.reading import read_batches
from pathworth.store import HandedIn, Quarantined

_TP2 = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
_AROUND: Mapping[str, Callable[[str, str], str]] = {
    "plain": lambda text, source: f'{{"source": {_quoted(source or SOURCE)}, "events": [{text}]}}',
    "posthog": lambda text, _: f'{{"batch": [{text}]}}',
    "amplitude": lambda text, _: f'{{"events": [{text}]}}',
    "snowplow": lambda text, _: f'{{"schema": "{_TP2}", "data": [{text}]}}',
}
"""What stands around one event of a protocol; the others take an event as it is."""


def mended(refused: Quarantined, text: str, *, timezone: str) -> HandedIn:
    """Return a request that holds what could not be read, in the text that it has now.

    Parameters
    ----------
    refused
        What could not be read.
    text
        What it shall say.
    timezone
        Zone of times without one.

    Raises
    ------
    BadInput
        The code under which it is refused again, with the reason.
    """
    around = _AROUND.get(refused.protocol)
    # At place 0 the text is the whole request.
    body = text if around is None or refused.position == 0 else around(text, refused.source)
    batch = HandedIn(body.encode(), refused.protocol, key=refused.key)
    read = read_batches([batch], {}, timezone=timezone)
    for row in read.rejects.to_pylist():
        raise BadInput(row["code"], f"It still cannot be read: {row['reason']}", _REMEDY)
    if not len(read.events) and not len(read.facts):
        raise BadInput("NO_EVENT", "It still cannot be read: no event is in it.", _REMEDY)
    return batch


_REMEDY = "Mend the text and send it again; until then it stays where it is."


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
