"""A text file as blocks of whole UTF-8 lines: decompressed, decoded, without its byte order mark."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from pathworth.base.errors import BadInput

BLOCK = 16 << 20
LONGEST = 256 << 20
MAGIC = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bz2",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
}
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True)
class Block:
    """Whole lines, whether they are the last ones, and how far into the file on disk they reach.

    ``read`` bytes were read up to here, decompressed, of which ``rest``, decoded, belong to the next block.
    """

    data: bytes
    last: bool
    position: int
    read: int = 0
    rest: int = 0


class Source:
    """An open file that gives its decompressed bytes and knows how far it has read on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._disk = pa.OSFile(str(path), "rb")
        codec = compression_of(path)
        self._bytes = pa.CompressedInputStream(self._disk, codec) if codec else self._disk

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bytes.close()
        self._disk.close()

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes, fewer only at the end of the file."""
        parts, left = [], size
        try:
            while left and (part := self._bytes.read(left)):
                parts.append(part)
                left -= len(part)
        except OSError as error:
            raise BadInput(
                "BROKEN_COMPRESSION",
                f"{self._path.name} breaks off or is damaged inside its compression.",
                "Copy the file again, or decompress it yourself and import what comes out.",
            ) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def skip(self, size: int) -> None:
        """Pass over bytes."""
        if self._bytes is self._disk:
            self._disk.seek(self._disk.tell() + size)
            return
        while size:
            size -= len(self.read(min(size, BLOCK)))

    def position(self) -> int:
        """Return how many bytes of the file on disk have been read."""
        place: int = self._disk.tell()
        return place


def compression_of(path: Path) -> str | None:
    """Return the compression that a file's first bytes show, null for a plain file."""
    with path.open("rb") as file:
        first = file.read(4)
    for magic, name in MAGIC.items():
        if first.startswith(magic):
            return name
    return None


def mark_of(first: bytes) -> tuple[str | None, int]:
    """Return the encoding that a byte order mark names, and the size of the mark."""
    for mark, encoding in MARKS.items():
        if first.startswith(mark):
            return encoding, len(mark)
    return None, 0


def read_blocks(
    path: Path, encoding: str, *, cut: Callable[[bytes], int], after: tuple[int, int] = (0, 0)
) -> Iterator[Block]:
    """Read a text file in blocks of whole records.

    Parameters
    ----------
    path
        The file, plain or compressed.
    encoding
        ``utf-8`` is passed on as it is, anything else is decoded.
    cut
        Returns behind which byte of the given bytes a record ends for sure, 0 where none does.
    after
        ``read`` and ``rest`` of the block behind which reading goes on.
    """
    decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("replace")
    with Source(path) as source:
        read, rest = after[0], _read_over(source, decoder, after)
        while True:
            raw = source.read(BLOCK)
            last = len(raw) < BLOCK
            if read == 0:
                raw, read = raw[mark_of(raw)[1] :], len(raw)
            else:
                read += len(raw)
            data = rest + (raw if decoder is None else decoder.decode(raw, last).encode())
            end = len(data) if last else cut(data)
            whole = data[:end]
            if whole and not whole.isspace():
                yield Block(whole, last, source.position(), read, len(data) - end)
            if last:
                return
            rest = data[end:]
            if len(rest) > LONGEST:
                raise _too_long(path)


def _read_over(
    source: Source, decoder: codecs.IncrementalDecoder | None, after: tuple[int, int]
) -> bytes:
    """Pass what was read before, and return the end of it that belongs to what comes."""
    read, rest = after
    if decoder is None:
        source.skip(read - rest)
        return source.read(rest)
    tail, left = b"", read
    while left:
        raw = source.read(min(BLOCK, left))
        if left == read:
            raw, left = raw[mark_of(raw)[1] :], left - len(raw)
        else:
            left -= len(raw)
        tail += decoder.decode(raw).encode()
        tail = tail[-rest:] if rest else b""
    return tail


def _too_long(path: Path) -> BadInput:
    return BadInput(
        "LINE_TOO_LONG",
        f"{path.name} holds a line of over {LONGEST >> 20} MiB.",
        "Write one event per line; a JSON array becomes lines with: jq -c '.[]' FILE",
    )
