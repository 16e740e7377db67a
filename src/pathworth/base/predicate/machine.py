"""A pattern as a machine of at most 64 states: which state may follow which, where matches begin and end.

Positions of the pattern's events are the states (V. M. Glushkov, The abstract theory of automata, 1961): a state is
entered by the event that it names, so a machine has no moves without an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pathworth.base.predicate.blame import bad
from pathworth.base.predicate.pattern import (
    Anchor,
    Either,
    Name,
    Node,
    One,
    Repeat,
    Then,
    read_tree,
)

MOST = 64
_TOO_LONG = "Name fewer events, or repeat less often."


@dataclass(frozen=True)
class Pattern:
    """A pattern that is ready to be looked for.

    Parameters
    ----------
    text
        As it was written.
    tree
        What it says.
    names
        The names in it, each once, in order of their first place; bit k of a set of names is ``names[k]``.
    among
        Of each state the set of names that its event has one of, or none of where ``negated`` has its bit.
    negated
        Set of states.
    before
        Of each state the set of states that may stand before it.
    first, first_at_start
        States with which a match may begin: anywhere, with the first event only.
    last, last_at_end
        States with which a match may end: anywhere, with the last event only.
    """

    text: str
    tree: Node
    names: tuple[Name, ...]
    among: tuple[int, ...]
    negated: int
    before: tuple[int, ...]
    first: int
    first_at_start: int
    last: int
    last_at_end: int

    @property
    def states(self) -> int:
        """Return how many states there are."""
        return len(self.before)

    def enters(self, held: int) -> int:
        """Return the set of states that an event can enter whose names are a set."""
        found = 0
        for state, names in enumerate(self.among):
            found |= ((held & names != 0) != bool(self.negated >> state & 1)) << state
        return found


@lru_cache(maxsize=4096)
def parse_pattern(text: str) -> Pattern:
    """Read a pattern that stands by itself.

    Parameters
    ----------
    text
        For example ``cart -> [^checkout]* -> end``.

    Raises
    ------
    WrongUsage
        ``BAD_PATTERN`` at the character that is wrong, ``PATTERN_TOO_LONG`` above 64 events or names.
    """
    return read_pattern(text, text, places=range(len(text) + 1))


def read_pattern(pattern: str, text: str, *, places: Sequence[int]) -> Pattern:
    """Read a pattern inside a text; parameters of ``read_tree``, errors of ``parse_pattern``."""
    tree = read_tree(pattern, text, places=places)
    if _size(tree) > MOST:
        why = f"The pattern speaks of {_size(tree)} events, and at most {MOST} can be"
        raise bad(text, places[0], why=why, hint=_TOO_LONG, code="PATTERN_TOO_LONG")
    built = _Builder()
    piece = built.piece(tree)
    names = tuple(built.names.values())
    if len(names) > MOST:
        why = f"The pattern names {len(names)} steps, and at most {MOST} can be"
        raise bad(text, names[MOST].at, why=why, hint=_TOO_LONG, code="PATTERN_TOO_LONG")
    for at, why, hint in built.misplaced():
        raise bad(text, at, why=why, hint=hint, code="BAD_PATTERN")
    if all(isinstance(one, Anchor) for one in built.places):
        hint = "Write for example: start -> cart."
        raise bad(text, places[0], why="The pattern names no event", hint=hint, code="BAD_PATTERN")
    return built.pattern(pattern, tree, piece=piece)


def _size(node: Node) -> int:
    """Return how many positions a tree has once its repetitions are written out."""
    match node:
        case Then(parts) | Either(parts):
            return sum(map(_size, parts))
        case Repeat(inner, least, most):
            return _size(inner) * max(least, 1 if most is None else most)
    return 1


@dataclass(frozen=True)
class _Piece:
    """A part of the machine: with which positions it begins and ends, and whether it may be nothing."""

    first: int
    last: int
    nothing: bool


_NOTHING = _Piece(0, 0, nothing=True)


class _Builder:
    """Positions and what may follow them, anchors among them."""

    def __init__(self) -> None:
        self.places: list[One | Anchor] = []
        self.follow: list[int] = []
        self.names: dict[str, Name] = {}

    def piece(self, node: Node) -> _Piece:
        """Add a part of the tree."""
        match node:
            case Then(parts):
                return self.chain([self.piece(one) for one in parts])
            case Either(parts):
                pieces = [self.piece(one) for one in parts]
                first = sum_bits(one.first for one in pieces)
                last = sum_bits(one.last for one in pieces)
                return _Piece(first, last, nothing=any(one.nothing for one in pieces))
            case Repeat():
                return self.repeat(node)
        if isinstance(node, One):
            for one in node.names:
                self.names.setdefault(one.name, one)
        self.places.append(node)
        self.follow.append(0)
        bit = 1 << (len(self.places) - 1)
        return _Piece(bit, bit, nothing=False)

    def chain(self, pieces: Sequence[_Piece]) -> _Piece:
        """Put pieces one straight after the other."""
        whole = _NOTHING
        for one in pieces:
            self.link(whole.last, one.first)
            whole = _Piece(
                whole.first | (one.first if whole.nothing else 0),
                one.last | (whole.last if one.nothing else 0),
                nothing=whole.nothing and one.nothing,
            )
        return whole

    def repeat(self, node: Repeat) -> _Piece:
        """Write a repetition out: what must be, then what may be."""
        inner, least, most = node.inner, node.least, node.most
        pieces = [self.piece(inner) for _ in range(max(least, 1 if most is None else most))]
        if most is None:
            self.link(pieces[-1].last, pieces[-1].first)
        rest = _NOTHING
        for one in reversed(pieces[least:]):
            self.link(one.last, rest.first)
            last = one.last | rest.last
            rest = _Piece(one.first | (rest.first if one.nothing else 0), last, nothing=True)
        return self.chain([*pieces[:least], rest])

    def link(self, lasts: int, firsts: int) -> None:
        """Let some positions follow some others."""
        for place in range(len(self.follow)):
            if lasts >> place & 1:
                self.follow[place] |= firsts

    def misplaced(self) -> list[tuple[int, str, str]]:
        """Return what is wrong with the anchors: character, why, remedy."""
        found = []
        events = sum_bits(1 << k for k, one in enumerate(self.places) if isinstance(one, One))
        for place, one in enumerate(self.places):
            if not isinstance(one, Anchor):
                continue
            before = [k for k, after in enumerate(self.follow) if after >> place & 1]
            if one.which == "start" and before:
                found.append((one.at, "Something stands before start", "Put start first."))
            elif one.which == "end" and self.follow[place]:
                found.append((one.at, "Something stands behind end", "Put end last."))
            elif one.which == "start" and not self.follow[place] & events:
                found.append((one.at, "Nothing happens after start", "Write start -> cart."))
            elif one.which == "end" and not any(isinstance(self.places[k], One) for k in before):
                found.append((one.at, "Nothing happens before end", "Write cart -> end."))
        return found

    def pattern(self, text: str, tree: Node, *, piece: _Piece) -> Pattern:
        """Return the machine without its anchors."""
        events = [k for k, one in enumerate(self.places) if isinstance(one, One)]
        starts = [k for k, one in enumerate(self.places) if one == Anchor("start")]
        ends = [k for k, one in enumerate(self.places) if one == Anchor("end")]
        number = {name: k for k, name in enumerate(self.names)}

        def packed(places: int) -> int:
            return sum_bits(1 << new for new, old in enumerate(events) if places >> old & 1)

        ones = [one for one in self.places if isinstance(one, One)]
        at_end = sum_bits(1 << k for k in events for end in ends if self.follow[k] >> end & 1)
        return Pattern(
            text,
            tree,
            names=tuple(self.names.values()),
            among=tuple(sum_bits(1 << number[n.name] for n in one.names) for one in ones),
            negated=sum_bits(1 << new for new, one in enumerate(ones) if one.negated),
            before=tuple(
                packed(sum_bits(1 << k for k in events if self.follow[k] >> place & 1))
                for place in events
            ),
            first=packed(piece.first),
            first_at_start=packed(sum_bits(self.follow[k] for k in starts)),
            last=packed(piece.last),
            last_at_end=packed(at_end),
        )


def sum_bits(sets: Iterable[int]) -> int:
    """Return the union of sets of bits."""
    found = 0
    for one in sets:
        found |= one
    return found
