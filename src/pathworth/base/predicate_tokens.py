"""Words of a predicate before its grammar: no word of SQL is reserved, a misplaced one an error."""

from __future__ import annotations

import difflib
from typing import Any

from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, Tokenizer, TokenType

from pathworth.base.errors import WrongUsage

FUNCTIONS = ("did", "matches", "in_segment", "trait")
_STATEMENTS = {"select", "drop", "delete", "insert", "update", "create", "alter", "case", "with"}
_OPERATORS = (
    "and",
    "or",
    "not",
    "in",
    "like",
    "between",
    "is",
    "null",
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
)
_T = TokenType
_COMPARE = {_T.EQ, _T.NEQ, _T.LT, _T.LTE, _T.GT, _T.GTE, _T.IN, _T.LIKE, _T.BETWEEN, _T.IS}
_CONNECT = {*_COMPARE, _T.AND, _T.OR, _T.NOT, _T.COMMA, _T.DASH, _T.L_PAREN}
_OPERAND = {_T.STRING, _T.NUMBER, _T.IDENTIFIER, _T.TRUE, _T.FALSE, _T.NULL, _T.R_PAREN}


def bad(text: str, at: int, *, why: str, hint: str = "", code: str = "BAD_PREDICATE") -> WrongUsage:
    """Build the error for what stands at a character of a predicate; of a long one its surroundings are shown."""
    shown = text if len(text) <= 120 else f"...{text[max(at - 50, 0) : at + 50]}..."
    return WrongUsage(
        code,
        f"{why} (character {at + 1} of {shown!r}).",
        hint or "Write for example: event = 'purchase' and channel in ('ads', 'mail').",
    )


def tokens(text: str) -> list[Any]:
    """Cut a predicate into sqlglot's tokens, names quoted so that no word of SQL is reserved.

    Raises
    ------
    WrongUsage
        ``BAD_PREDICATE`` or ``UNKNOWN_FUNCTION`` at the first token that cannot stand there.
    """
    try:
        raw = Tokenizer().tokenize(text)
    except SqlglotError as error:
        raise bad(text, max(len(text) - 1, 0), why="A quote is not closed") from error
    if not raw:
        raise bad(text, 0, why="The predicate is empty")
    followers = [*(token.token_type for token in raw[1:]), None]
    named = [_named(text, token, after) for token, after in zip(raw, followers, strict=True)]
    for before, token in zip([None, *named], named, strict=False):
        _check_place(text, before, token)
    return named


def _named(text: str, token: Any, after: Any) -> Any:
    """Return the token, as a plain name when it is a word but no operator."""
    kind = token.token_type
    if kind in _CONNECT or kind in _OPERAND:
        return token
    word = token.text[:1].isalpha() or token.text[:1] == "_"
    if not word:
        near = {"=": "=", "!": "<>", ";": "and", "|": "or", "&": "and"}.get(token.text[:1])
        hint = f"Did you mean {near}?" if near else ""
        raise bad(text, token.start, why=f"{token.text!r} is not part of a predicate", hint=hint)
    if after is TokenType.L_PAREN:
        if token.text.lower() not in FUNCTIONS:
            raise _unknown_function(text, token)
        return Token(TokenType.VAR, token.text, token.line, token.col, token.start, token.end)
    return Token(TokenType.IDENTIFIER, token.text, token.line, token.col, token.start, token.end)


def _unknown_function(text: str, token: Any) -> WrongUsage:
    word = token.text
    operator = difflib.get_close_matches(word.lower(), ("in", "not", "and", "or"), n=1, cutoff=0.5)
    close = difflib.get_close_matches(word.lower(), FUNCTIONS, n=1, cutoff=0.4) or operator
    hint = f"Did you mean {close[0]}?" if close else f"There are {', '.join(FUNCTIONS)}."
    return bad(
        text,
        token.start,
        why=f"There is no function {word!r}",
        hint=hint,
        code="UNKNOWN_FUNCTION",
    )


def _check_place(text: str, before: Any, token: Any) -> None:
    """Refuse two operands without an operator between them."""
    operand = (
        token.token_type in _OPERAND - {TokenType.R_PAREN} or token.token_type is TokenType.VAR
    )
    if before is None or not operand or before.token_type not in _OPERAND:
        return
    if token.token_type is TokenType.NULL and before.token_type is TokenType.IDENTIFIER:
        raise bad(
            text, token.start, why="null stands without is", hint=f"Write {before.text} is null."
        )
    statement = before.text.lower() in _STATEMENTS
    word = token.token_type is TokenType.IDENTIFIER
    blamed = token if word and not statement else before
    close = difflib.get_close_matches(blamed.text.lower(), _OPERATORS, n=1, cutoff=0.5)
    hint = f"Did you mean {close[0]}?" if close else "Put and, or or a comparison between them."
    raise bad(text, blamed.start, why=f"{blamed.text!r} cannot stand there", hint=hint)
