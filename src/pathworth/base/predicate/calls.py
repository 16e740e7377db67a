"""Reads the calls of the four functions: a text first, then limits by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from sqlglot import exp

from pathworth.base.durations import to_us
from pathworth.base.errors import WrongUsage
from pathworth.base.predicate import nodes as p
from pathworth.base.predicate.blame import bad
from pathworth.base.predicate.machine import read_pattern

EXAMPLES = {
    "did": "did('step', at_least=2, within='30d')",
    "matches": "matches('cart -> [^checkout]* -> end', within='7d')",
    "in_segment": "in_segment('name')",
    "trait": "trait('plan') = 'pro'",
}
FUNCTIONS = tuple(EXAMPLES)
_FIRST = {
    "did": "the name of a step",
    "matches": "a pattern",
    "in_segment": "the name of a segment",
    "trait": "the name of a property",
}
_LIMITS = {"did": ("at_least", "within"), "matches": ("within",), "in_segment": (), "trait": ()}
Place = Callable[[Any], int]


def read_call(text: str, node: Any, *, place: Place) -> p.Function | p.Trait:
    """Return what a call asks.

    Parameters
    ----------
    text
        The whole predicate, which errors quote.
    node
        The call of one of the four functions, as sqlglot parsed it.
    place
        Gives the first character of a node.

    Raises
    ------
    WrongUsage
        ``BAD_PREDICATE``, ``BAD_DURATION``, ``BAD_PATTERN`` or ``PATTERN_TOO_LONG`` at the character that is wrong.
    """
    name, at = str(node.this).lower(), place(node)
    first, *limits = node.expressions or [None]
    if not isinstance(first, exp.Literal) or not first.is_string or not first.this:
        where = at if first is None else place(first)
        why = f"{name} takes {_FIRST[name]} as a text first"
        raise bad(text, where, why=why, hint=_example(name))
    given: dict[str, int] = {}
    for one in limits:
        limit, value = _limit(text, one, name=name, place=place)
        if limit in given:
            raise bad(text, place(one), why=f"{limit} is given twice", hint=_example(name))
        read = _often if limit == "at_least" else _back
        given[limit] = read(text, value, place)
    within, said, places = given.get("within"), str(first.this), characters(text, place(first))
    match name:
        case "did":
            return p.Did(said, given.get("at_least", 1), within, places[0])
        case "matches":
            return p.Matches(read_pattern(said, text, places=places), within, at)
        case "in_segment":
            return p.InSegment(said, places[0])
    return p.Trait(said, at)


def characters(text: str, quote: int) -> list[int]:
    """Return where each character of a quoted text stands, and where it ends; a quote in it is written twice."""
    found, at = [], quote + 1
    while text[at : at + 1] != "'" or text[at + 1 : at + 2] == "'":
        found.append(at)
        at += 2 if text[at] == "'" else 1
    return [*found, at]


def _example(name: str) -> str:
    return f"Write {EXAMPLES[name]}."


def _limit(text: str, node: Any, *, name: str, place: Place) -> tuple[str, Any]:
    """Return the name and the value of ``name=value``."""
    known = _LIMITS[name]
    if not known:
        why = f"{name} takes one text and nothing else"
        raise bad(text, place(node), why=why, hint=_example(name))
    named = isinstance(node, exp.EQ) and isinstance(node.this, exp.Column)
    if not named or node.this.args.get("table") is not None:
        why = f"{name} takes {' and '.join(f'{one}=' for one in known)} by name"
        raise bad(text, place(node), why=why, hint=_example(name))
    limit = str(node.this.this.this)
    if limit in known:
        return limit, node.expression
    close = difflib.get_close_matches(limit, known, n=1, cutoff=0.4)
    hint = f"Did you mean {close[0]}?" if close else _example(name)
    raise bad(text, place(node), why=f"{name} takes no {limit!r}", hint=hint)


def _often(text: str, node: Any, place: Place) -> int:
    """Return how often, a whole number from 1."""
    whole = isinstance(node, exp.Literal) and not node.is_string and str(node.this).isdigit()
    if not whole or int(str(node.this)) < 1:
        why = "at_least takes a whole number from 1"
        raise bad(text, place(node), why=why, hint="Write at_least=2.")
    return int(str(node.this))


def _back(text: str, node: Any, place: Place) -> int:
    """Return a window in microseconds."""
    if not isinstance(node, exp.Literal) or not node.is_string:
        raise bad(text, place(node), why="within takes a text", hint="Write within='30d'.")
    try:
        window = to_us(str(node.this))
    except WrongUsage as error:
        raise bad(
            text, place(node), why=error.message[:-1], hint=error.hint, code=error.code
        ) from error
    if window <= 0:
        raise bad(text, place(node), why="The window is empty", hint="Write within='30d'.")
    return window
