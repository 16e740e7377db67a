"""Bodies that came compressed, known by their first bytes: clients say so in their headers, or not, or wrongly."""

from __future__ import annotations

import zlib
from typing import Final

import pyarrow as pa

from pathworth.base.errors import BadInput
from pathworth.collect.arrivals.parts.forms import form_fields, is_json
from pathworth.collect.arrivals.parts.lz import TooLongError, from_lz64

_GZIP_OR_ZLIB: Final = (b"\x1f\x8b", b"x\x01", b"x^", b"x\x9c", b"x\xda")
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_EITHER, _BARE = 47, -15
LZ64: Final = "lz64"
_MOST_LZ64: Final = 2 * 2**20
"""Bytes of base64: it is unpacked word by word, and no browser's library sends more at once."""


def unpacked(body: bytes, *, most: int, encoding: str = "") -> bytes:
    """Return a body as it was before it was compressed with gzip, zlib, deflate, zstd or LZ-string; any other as it is.

    Parameters
    ----------
    body, most
        The bytes, and how many they may become at most.
    encoding
        What the request says; asked for what has no mark of its own, bare deflate and LZ-string (``lz64``).

    Raises
    ------
    BadInput
        ``BODY_TOO_LARGE``, ``BAD_COMPRESSION``.
    """
    if body.startswith(_GZIP_OR_ZLIB):
        return _inflated(body, _EITHER, most=most)
    if body.startswith(_ZSTD):
        return _from_zstd(body, most=most)
    if encoding == LZ64 and body and not is_json(body):
        return _from_lz64(body, most=most)
    if encoding == "deflate" and body and not is_json(body):
        return _inflated(body, _BARE, most=most)
    return body


def too_large(most: int) -> BadInput:
    """Return the error of a body that is larger than one may be."""
    return BadInput(
        "BODY_TOO_LARGE",
        f"A request holds {most // 2**20} MiB at most, decompressed too.",
        "Send fewer events at once.",
    )


def _inflated(body: bytes, bits: int, *, most: int) -> bytes:
    """Decompress without ever holding more than may be; a file of gzip may have several members."""
    parts: list[bytes] = []
    room = most
    while body:
        stream = zlib.decompressobj(bits)
        try:
            parts.append(stream.decompress(body, room + 1))
        except zlib.error as error:
            raise _damaged(error) from None
        room -= len(parts[-1])
        if room < 0:
            raise too_large(most)
        if not stream.eof:
            raise _damaged(ValueError("it ends too early"))
        body = stream.unused_data if bits == _EITHER else b""
    return b"".join(parts)


def _from_zstd(body: bytes, *, most: int) -> bytes:
    try:
        with pa.CompressedInputStream(pa.BufferReader(body), "zstd") as stream:
            found: bytes = stream.read(most + 1)
    except OSError as error:
        raise _damaged(error) from None
    if len(found) > most:
        raise too_large(most)
    return found


def _from_lz64(body: bytes, *, most: int) -> bytes:
    """Unpack what is alone in the body or, as a form has it, in its field ``data``."""
    data = body.strip()
    if data.startswith(b"data="):
        data = form_fields(body, like="data=... as base64").get("data", "").encode()
    # A plus that was not escaped arrives as a space.
    data = data.replace(b" ", b"+")
    if len(data) > _MOST_LZ64:
        raise too_large(_MOST_LZ64)
    try:
        return from_lz64(data, most=most)
    except TooLongError:
        raise too_large(most) from None
    except ValueError as error:
        raise _damaged(error) from None


def _damaged(error: Exception) -> BadInput:
    return BadInput(
        "BAD_COMPRESSION",
        f"It begins like something compressed and is damaged: {error}.",
        "Send it again, or without compression.",
    )
