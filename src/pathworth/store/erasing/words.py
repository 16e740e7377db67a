"""Ids and addresses as texts and files spell them, each found only where it stands by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

SHORT = 4
"""A shorter id is part of so much else that only whole ids are compared with it."""
_EMAIL = re.compile(r"[A-Za-z0-9][\w.+%-]*@[\w-]+(?:\.[\w-]+)+")
_BEFORE, _AFTER = r"(?<![\w@+-])(?<![\w@+-][.])", r"(?![.]?[\w@+-])"


def addresses_in(text: str) -> list[str]:
    """Return the e-mail addresses that stand in a text."""
    return _EMAIL.findall(text)


def spellings(words: Iterable[str]) -> list[str]:
    """Return words that are long enough in every spelling that texts have for them, sorted."""
    found: set[str] = set()
    for word in words:
        if len(word) >= SHORT:
            said = (json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1])
            found.update((word, *said, quote(word), quote(word, safe=""), word.lower()))
    return sorted(found)


class Words:
    """Finds words where they stand by themselves: no letter, digit, @, + or - right beside them.

    Parameters
    ----------
    words
        Ids and addresses.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.all = tuple(dict.fromkeys(words))
        self.spelled = spellings(self.all)
        self.short = sum(len(word) < SHORT for word in self.all)
        each = "|".join(re.escape(word) for word in sorted(self.spelled, key=len, reverse=True))
        whole = f"{_BEFORE}(?:{each}){_AFTER}" if each else "(?!)"
        self._text = re.compile(whole)
        self._bytes = re.compile(whole.encode("utf-8", "surrogatepass"))

    def in_text(self, text: str | None) -> bool:
        """Return whether one of them stands in a text."""
        return bool(text) and self._text.search(text or "") is not None

    def count_bytes(self, data: bytes) -> int:
        """Return how often one of them stands in bytes."""
        return sum(1 for _ in self._bytes.finditer(data))

    def blotted(self, text: str, instead: str) -> str:
        """Return a text with something else where one of them stood."""
        return self._text.sub(lambda _found: instead, text)
