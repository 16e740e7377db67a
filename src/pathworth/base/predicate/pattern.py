"""A pattern of steps in a journey, read from text: names, classes, what follows, what repeats.

``cart -> [^checkout]* -> end`` holds of a journey in which nothing called checkout comes after a cart. The page
docs/predicates.md has the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pathworth.base.errors import WrongUsage
from pathworth.base.predicate.blame import bad

_EXAMPLE = "Write for example: cart -> [^checkout]* -> end."
_DEEPEST = 50


@dataclass(frozen=True)
class Name:
    """The name of a step or an event; ``at`` is the character of the whole text at which it stands."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class One:
    """One event that has one of some names, or none of them when negated; any event: none of no names."""

    names: tuple[Name, ...] = ()
    negated: bool = True


@dataclass(frozen=True)
class Anchor:
    """The place before the first event or behind the last one."""

    which: Literal["start", "end"]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Then:
    """Parts one straight after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Either:
    """One of some parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    """A part from ``least`` to ``most`` times; null for as often as it comes."""

    inner: Node
    least: int
    most: int | None


Node = One | Anchor | Then | Either | Repeat
ANY = One()
_TOKEN = re.compile(
    r"""\s*(?:(?P<arrow>->>?)|(?P<name>\w(?:\w|-(?!>))*)|(?P<quoted>"(?:[^"]|"")*")"""
    r"""|(?P<often>\{[^{}]*\})|(?P<sign>[()\[\]|*+?.^])|(?P<odd>\S))"""
)
_OFTEN = re.compile(r"\{\s*(\d{1,4})\s*(?:(,)\s*(\d{0,4})\s*)?\}")
_MEANT = {
    "=": "->",
    ">": "->",
    "→": "->",
    "-": "->",
    ",": "->",
    ";": "->",
    "…": "->>",
    "&": "->>",
    "$": "end",
    "!": "[^name]",
    "~": "[^name]",
}


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def read_tree(pattern: str, text: str, *, places: Sequence[int]) -> Node:
    """Read the tree of a pattern.

    Parameters
    ----------
    pattern
        The pattern alone.
    text
        What errors quote: the pattern, or the predicate in which it stands.
    places
        Of each character of the pattern and of its end the character of the text.

    Raises
    ------
    WrongUsage
        ``BAD_PATTERN`` at the character that is wrong.
    """
    return _Reader(pattern, text, places).whole()


class _Reader:
    """One walk over one pattern."""

    def __init__(self, pattern: str, text: str, places: Sequence[int]) -> None:
        self.text, self.places = text, places
        self.tokens = [
            _Token(one.lastgroup or "", one[one.lastgroup or 0], places[one.start(one.lastgroup)])
            for one in _TOKEN.finditer(pattern)
            if one.lastgroup
        ]
        self.ends = _Token("end", "", places[len(pattern)])
        self.next = 0
        self.depth = 0

    def peek(self) -> _Token:
        return self.tokens[self.next] if self.next < len(self.tokens) else self.ends

    def take(self) -> _Token:
        found = self.peek()
        self.next += 1
        return found

    def whole(self) -> Node:
        """Return the whole pattern."""
        if not self.tokens:
            raise self.bad(self.ends, "The pattern is empty")
        found = self.either()
        left = self.peek()
        if left.text == ")":
            raise self.bad(left, "This bracket was never opened", hint="Take it away.")
        if left.kind != "end":
            raise self.side_by_side(left)
        return found

    def either(self) -> Node:
        """Return alternatives."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.bad(self.peek(), "The pattern is nested too deep", hint="Take brackets out.")
        parts = [self.sequence()]
        while self.peek().text == "|" and self.peek().kind == "sign":
            self.take()
            parts.append(self.sequence())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def sequence(self) -> Node:
        """Return what follows one after the other."""
        parts = [self.item()]
        while self.peek().kind == "arrow":
            if self.take().text == "->>":
                parts.append(Repeat(ANY, 0, None))
            parts.append(self.item())
        return parts[0] if len(parts) == 1 else Then(tuple(parts))

    def item(self) -> Node:
        """Return one part with how often it comes."""
        begin = self.peek()
        inner = self.atom()
        sign = self.peek()
        if sign.kind != "often" and not (sign.kind == "sign" and sign.text in "*+?"):
            return inner
        self.take()
        if isinstance(inner, Anchor):
            raise self.bad(begin, f"{inner.which} comes once", hint=f"Take {sign.text} away.")
        after = self.peek()
        if after.kind == "often" or (after.kind == "sign" and after.text in "*+?"):
            raise self.bad(after, "This part has its number of times already")
        least, most = self.often(sign)
        return Repeat(inner, least, most)

    def often(self, sign: _Token) -> tuple[int, int | None]:
        """Return the least and the most times."""
        if sign.kind == "sign":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign.text]
        found = _OFTEN.fullmatch(sign.text)
        if found is None:
            hint = "Write {2}, {2,} or {2,5}."
            raise self.bad(sign, f"{sign.text} says no number of times", hint=hint)
        least = int(found[1])
        most = (int(found[3]) if found[3] else None) if found[2] else least
        if most is not None and (most < least or most == 0):
            why = f"{sign.text} can never be: the most is less than the least, or none"
            raise self.bad(sign, why, hint="Write {2,5}.")
        return least, most

    def atom(self) -> Node:
        """Return a name, a class, an anchor or what stands in brackets."""
        token = self.take()
        if token.kind in {"name", "quoted"}:
            if token.kind == "name" and token.text in {"start", "end"}:
                return Anchor("start" if token.text == "start" else "end", token.at)
            return One((self.name(token),), negated=False)
        if token.kind == "sign" and token.text == ".":
            return ANY
        if token.kind == "sign" and token.text == "[":
            return self.among(token)
        if token.kind == "sign" and token.text == "(":
            inner = self.either()
            if self.peek().text != ")":
                if self.peek().kind != "end":
                    raise self.side_by_side(self.peek())
                raise self.bad(token, "This bracket is never closed", hint="Write ).")
            self.take()
            return inner
        raise self.misplaced(token)

    def name(self, token: _Token) -> Name:
        """Return a name, out of its quotes."""
        name = token.text if token.kind == "name" else token.text[1:-1].replace('""', '"')
        if not name:
            raise self.bad(token, "A name is empty")
        return Name(name, token.at)

    def among(self, opened: _Token) -> Node:
        """Return a class of names."""
        negated = self.peek().text == "^"
        if negated:
            self.take()
        names: list[Name] = []
        while (token := self.take()).text != "]" or token.kind != "sign":
            if token.kind == "end":
                raise self.bad(opened, "This bracket is never closed", hint="Write ].")
            if token.kind not in {"name", "quoted"}:
                hint = 'Write names side by side: [a b "odd name"].'
                raise self.bad(token, f"{token.text!r} is no name", hint=hint)
            names.append(self.name(token))
        if not names:
            raise self.bad(opened, "No name stands in the brackets", hint="Write . for any event.")
        return One(tuple(names), negated)

    def misplaced(self, token: _Token) -> WrongUsage:
        """Build the error for what cannot begin a part."""
        if token.kind == "end":
            return self.bad(token, "The pattern breaks off", hint="Name what comes next.")
        if token.text == '"':
            return self.bad(token, "A quote is not closed", hint='Write "odd name".')
        if token.text == "^":
            hint = "Did you mean start? Not a name is [^name]."
            return self.bad(token, "^ stands first in a class only", hint=hint)
        if token.kind == "odd":
            return self.odd(token)
        return self.bad(token, f"{token.text!r} cannot stand there", hint="Name what it is about.")

    def odd(self, token: _Token) -> WrongUsage:
        """Build the error for a sign that no pattern has."""
        near = _MEANT.get(token.text)
        hint = f"Did you mean {near}?" if near else 'An odd name stands in double quotes: "a/b".'
        return self.bad(token, f"{token.text!r} is not part of a pattern", hint=hint)

    def side_by_side(self, token: _Token) -> WrongUsage:
        """Build the error for a part that follows another without an arrow."""
        if token.kind == "odd":
            return self.misplaced(token)
        hint = 'Put -> or ->> before it; an odd name stands in double quotes: "a b".'
        if token.text == ".":
            hint = 'A name with a point in it stands in double quotes: "a.b"; eventually is ->>.'
        return self.bad(token, f"No arrow stands before {token.text!r}", hint=hint)

    def bad(self, token: _Token, why: str, *, hint: str = "") -> WrongUsage:
        return bad(self.text, token.at, why=why, hint=hint or _EXAMPLE, code="BAD_PATTERN")
