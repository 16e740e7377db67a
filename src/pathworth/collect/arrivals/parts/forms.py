"""Bodies that are a form: a field of it holds JSON, or JSON written as base64, or the fields are the event."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import parse_qs

from pathworth.collect.arrivals.parts.line import no_request

_JSON = (b"{", b"[")
_MOST_FIELDS = 256


def form_fields(body: bytes, *, like: str) -> dict[str, str]:
    """Return the fields of a form, or of an address's query; of a field that comes twice the first.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``.
    """
    try:
        fields = parse_qs(body.strip().decode("ascii"), max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise no_request(f"neither JSON nor a form ({error})", like=like) from None
    return {name: held[0] for name, held in fields.items()}


def form_data(body: bytes, *, like: str, name: str = "data") -> bytes:
    """Return the JSON of a body, whether it is that itself or a form with it.

    Parameters
    ----------
    body
        The bytes.
    like
        An example for those who sent something else.
    name
        Of the field.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``.
    """
    text = body.lstrip()
    if text.startswith(_JSON):
        return body
    held = form_fields(text, like=like).get(name)
    if not held:
        raise no_request(f"neither JSON nor a form with {name}", like=like)
    data = held.encode().strip()
    if data.startswith(_JSON):
        return data
    try:
        # A plus that was not escaped arrives as a space.
        return unbased(data.replace(b" ", b"+"))
    except ValueError as error:
        raise no_request(f"its {name} is neither JSON nor base64 ({error})", like=like) from None


def is_json(body: bytes) -> bool:
    """Return whether a body begins as JSON does, an object or an array."""
    return body.lstrip().startswith(_JSON)


def unbased(data: bytes) -> bytes:
    """Return what is written as base64, of either alphabet, padded or not.

    Raises
    ------
    ValueError
        When it is no base64.
    """
    plain = data.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    padded = plain + b"=" * (-len(plain) % 4)
    try:
        return base64.b64decode(padded, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
