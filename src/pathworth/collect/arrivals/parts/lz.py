"""Texts that older browsers' libraries packed with LZ-string, as base64: a Lempel-Ziv code over UTF-16 units."""

from __future__ import annotations

from typing import Final

_SIGNS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BITS: Final = {ord(sign): f"{place:06b}" for place, sign in enumerate(_SIGNS)}
_BYTE, _UNIT, _END = 0, 1, 2
"""Codes of the stream itself: a new sign of 8 bits, one of 16, and that it is over."""


class TooLongError(ValueError):
    """It would become more than may be."""


def from_lz64(packed: bytes, *, most: int) -> bytes:
    """Return the text, as UTF-8.

    Parameters
    ----------
    packed, most
        The base64, and how many UTF-16 units it may become at most.

    Raises
    ------
    TooLongError
        When it would be more.
    ValueError
        When it is damaged.
    """
    text = packed.decode("ascii").rstrip("=")
    if not set(text) <= set(_SIGNS):
        raise ValueError("it is no base64")
    units = "".join(_Stream(text.translate(_BITS)).words(most))
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


class _Stream:
    """Reads numbers of any width, the lowest bit first."""

    def __init__(self, bits: str) -> None:
        self.bits, self.at = bits, 0

    def number(self, width: int) -> int:
        """Return the next number."""
        found = self.bits[self.at : self.at + width]
        if len(found) < width:
            raise ValueError("it ends too early")
        self.at += width
        return int(found[::-1], 2)

    def words(self, most: int) -> list[str]:
        """Return all words, in order."""
        known = ["", "", ""]
        found: list[str] = []
        width, room, length, before = 2, 4, 0, ""
        while (code := self.number(width)) != _END:
            if code in {_BYTE, _UNIT}:
                known.append(chr(self.number(16 if code == _UNIT else 8)))
                code, room = len(known) - 1, room - 1
                if not before:
                    # The first word is a single sign, and what follows it is three bits wide.
                    width, room = 3, 4
                elif not room:
                    room, width = 1 << width, width + 1
            word = known[code] if code < len(known) else before + before[:1]
            length += len(word)
            if not word or code > len(known):
                raise ValueError("it names a word that it did not say")
            if length > most:
                raise TooLongError
            found.append(word)
            if before:
                known.append(before + word[0])
                room -= 1
                if not room:
                    room, width = 1 << width, width + 1
            before = word
        return found
