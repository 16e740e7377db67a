"""Reads ``did(step, at_least=1, within='30d')``: a text, then at most two named limits."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from sqlglot import exp

from pathworth.base.durations import to_us
from pathworth.base.errors import WrongUsage
from pathworth.base.predicate import Did
from pathworth.base.predicate_tokens import bad

LIMITS = ("at_least", "within")
_EXAMPLE = "Write did('step', at_least=2, within='30d')."
Place = Callable[[Any], int]


def read_did(text: str, node: Any, *, place: Place) -> Did:
    """Return the deed of a call of ``did``.

    Parameters
    ----------
    text
        The whole predicate, which errors quote.
    node
        The call, as sqlglot parsed it.
    place
        Gives the first character of a node.

    Raises
    ------
    WrongUsage
        ``BAD_PREDICATE`` or ``BAD_DURATION`` at the character that is wrong.
    """
    at = place(node)
    step, *limits = node.expressions or [None]
    if not isinstance(step, exp.Literal) or not step.is_string or not step.this:
        where = at if step is None else place(step)
        raise bad(text, where, why="did takes the name of a step as a text first", hint=_EXAMPLE)
    given: dict[str, int] = {}
    for one in limits:
        name, value = _limit(text, one, place)
        if name in given:
            raise bad(text, place(one), why=f"{name} is given twice", hint=_EXAMPLE)
        given[name] = _often(text, value, place) if name == LIMITS[0] else _back(text, value, place)
    return Did(str(step.this), given.get(LIMITS[0], 1), given.get(LIMITS[1]), at)


def _limit(text: str, node: Any, place: Place) -> tuple[str, Any]:
    """Return the name and the value of ``name=value``."""
    named = isinstance(node, exp.EQ) and isinstance(node.this, exp.Column)
    if not named or node.this.args.get("table") is not None:
        raise bad(text, place(node), why="did takes at_least= and within= by name", hint=_EXAMPLE)
    name = str(node.this.this.this)
    if name in LIMITS:
        return name, node.expression
    close = difflib.get_close_matches(name, LIMITS, n=1, cutoff=0.4)
    hint = f"Did you mean {close[0]}?" if close else _EXAMPLE
    raise bad(text, place(node), why=f"did takes no {name!r}", hint=hint)


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
