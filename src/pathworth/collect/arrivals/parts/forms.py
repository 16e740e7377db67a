"""Bodies that browsers send as a form: ``data=`` holds JSON, or JSON written as base64."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import parse_qs

from pathworth.collect.arrivals.parts.line import no_request

_JSON = (b"{", b"[")


def form_data(body: bytes, *, like: str) -> bytes:
    """Return the JSON of a body, whether it is that itself or a form with it.

    Parameters
    ----------
    body
        The bytes.
    like
        An example for those who sent something else.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``.
    """
    text = body.lstrip()
    if text.startswith(_JSON):
        return body
    try:
        fields = parse_qs(text.decode("ascii"), max_num_fields=64)
    except ValueError as error:
        raise no_request(f"neither JSON nor a form ({error})", like=like) from None
    held = fields.get("data")
    if not held:
        raise no_request("neither JSON nor a form with data", like=like)
    data = held[0].encode().strip()
    if data.startswith(_JSON):
        return data
    try:
        # A plus that was not escaped arrives as a space.
        return unbased(data.replace(b" ", b"+"))
    except ValueError as error:
        raise no_request(f"its data is neither JSON nor base64 ({error})", like=like) from None


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
