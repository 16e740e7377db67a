"""Bodies that came compressed, known by their first bytes: clients say so in their headers, or not, or wrongly."""

from __future__ import annotations

import zlib
from typing import Final

import pyarrow as pa

from pathworth.base.errors import BadInput

_GZIP_OR_ZLIB: Final = (b"\x1f\x8b", b"x\x01", b"x^", b"x\x9c", b"x\xda")
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_EITHER, _BARE = 47, -15


def unpacked(body: bytes, *, most: int, encoding: str = "") -> bytes:
    """Return a body as it was before it was compressed with gzip, zlib, deflate or zstd; any other as it is.

    Parameters
    ----------
    body, most
        The bytes, and how many they may become at most.
    encoding
        What the headers say; asked for bare deflate alone, which has no mark of its own.

    Raises
    ------
    BadInput
        ``BODY_TOO_LARGE``, ``BAD_COMPRESSION``.
    """
    if body.startswith(_GZIP_OR_ZLIB):
        return _inflated(body, _EITHER, most=most)
    if body.startswith(_ZSTD):
        return _from_zstd(body, most=most)
    if encoding == "deflate" and body and body.lstrip()[:1] not in {b"{", b"["}:
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


def _damaged(error: Exception) -> BadInput:
    return BadInput(
        "BAD_COMPRESSION",
        f"It begins like something compressed and is damaged: {error}.",
        "Send it again, or without compression.",
    )
