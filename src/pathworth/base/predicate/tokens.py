"""Words of a predicate before its grammar: no word of SQL is reserved, a misplaced one an error."""

from __future__ import annotations

import difflib
from typing import Any

from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, Tokenizer, TokenType

from pathworth.base.errors import WrongUsage
from pathworth.base.predicate.blame import bad
from pathworth.base.predicate.calls import EXAMPLES, FUNCTIONS

_STATEMENT_WORDS = """
select drop delete insert update create alter case with where from union group order having limit join
"""
_STATEMENTS = frozenset(_STATEMENT_WORDS.split())
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
_CLOCK = frozenset({"now", "today", "current_date", "current_timestamp", "getdate"})
_T = TokenType
_COMPARE = {_T.EQ, _T.NEQ, _T.LT, _T.LTE, _T.GT, _T.GTE, _T.IN, _T.LIKE, _T.BETWEEN, _T.IS}
_INFIX = {*_COMPARE, _T.AND, _T.OR}
_CONNECT = {*_COMPARE, _T.AND, _T.OR, _T.NOT, _T.COMMA, _T.DASH, _T.L_PAREN}
_OPERAND = {_T.STRING, _T.NUMBER, _T.IDENTIFIER, _T.TRUE, _T.FALSE, _T.NULL, _T.R_PAREN}
_MEANT = {
    "|": "Did you mean or?",
    "&": "Did you mean and?",
    "!": "Did you mean <> or not?",
    "~": "Did you mean like?",
    "=": "Did you mean >=?",
    "<": "Did you mean =?",
    ";": "Take it away: a predicate is one condition.",
    "+": "Nothing is computed in a predicate: compare a column with a value.",
    "*": "Nothing is computed in a predicate: compare a column with a value.",
    "/": "Nothing is computed in a predicate: compare a column with a value.",
    "%": "Nothing is computed in a predicate; % stands in the text of like.",
    ":": "Did you mean =?",
    "::": "Nothing is cast: write the value as the column holds it.",
    ".": 'A name with a dot in it stands in double quotes: "a.b".',
    "`": "An odd name stands in double quotes, a text in single ones.",
    "“": "Did you mean '?",
    "”": "Did you mean '?",
    "‘": "Did you mean '?",
    "’": "Did you mean '?",
}


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
        raise _unclosed(text) from error
    if not raw:
        raise bad(text, 0, why="The predicate is empty")
    followers = [*(token.token_type for token in raw[1:]), None]
    named = []
    for token, after in zip(raw, followers, strict=True):
        _check_statement(text, token, after)
        named.append(_named(text, token, after))
    for before, token, after in zip([None, *named], named, followers, strict=False):
        _check_place(text, before, token)
        _check_not(text, before, token, after)
    _check_brackets(text, named)
    if named[-1].token_type in _CONNECT:
        why = f"The predicate breaks off behind {named[-1].text!r}"
        raise bad(text, named[-1].start, why=why, hint="Say what comes next.")
    return named


def _unclosed(text: str) -> WrongUsage:
    """Say where the quote or comment begins that never ends."""
    at = 0
    while at < len(text):
        sign = text[at]
        if sign in "'\"":
            begin, at = at, at + 1
            while text[at : at + 1] not in {sign, ""} or text[at : at + 2] == sign * 2:
                at += 2 if text[at] == sign else 1
            if at >= len(text):
                kind = "text" if sign == "'" else "name"
                hint = f"Close the {kind} with {sign}; inside it {sign} is written twice."
                return bad(text, begin, why="A quote is not closed", hint=hint)
        elif text.startswith("/*", at):
            return bad(text, at, why="A comment is not closed", hint="Close it with */.")
        at += 1
    return bad(text, max(len(text) - 1, 0), why="The predicate cannot be read")


def _named(text: str, token: Any, after: Any) -> Any:
    """Return the token, as a plain name when it is a word but no operator."""
    kind = token.token_type
    if kind in _CONNECT or kind in _OPERAND:
        return token
    word = token.text[:1].isalpha() or token.text[:1] == "_"
    if not word:
        hint = _MEANT.get(token.text, _MEANT.get(token.text[:1], ""))
        raise bad(text, token.start, why=f"{token.text!r} is not part of a predicate", hint=hint)
    if after is TokenType.L_PAREN:
        if token.text.lower() not in FUNCTIONS:
            raise _unknown_function(text, token)
        return Token(TokenType.VAR, token.text, token.line, token.col, token.start, token.end)
    return Token(TokenType.IDENTIFIER, token.text, token.line, token.col, token.start, token.end)


def _unknown_function(text: str, token: Any) -> WrongUsage:
    word = token.text
    close = difflib.get_close_matches(word.lower(), FUNCTIONS, n=1, cutoff=0.4)
    if not close and len(word) <= 4:
        close = difflib.get_close_matches(word.lower(), ("in", "not", "and", "or"), 1, 0.5)
    hint = f"Did you mean {close[0]}?" if close else f"There are {', '.join(FUNCTIONS)}."
    if word.lower() in _CLOCK:
        hint = "No clock is asked: choose a period, or write within='30d' in did."
    return bad(
        text,
        token.start,
        why=f"There is no function {word!r}",
        hint=hint,
        code="UNKNOWN_FUNCTION",
    )


def _check_place(text: str, before: Any, token: Any) -> None:
    """Refuse two operands without an operator between them, and an operator with nothing before it."""
    if token.token_type in _INFIX:
        _check_infix(text, before, token)
        return
    operand = (
        token.token_type in _OPERAND - {TokenType.R_PAREN} or token.token_type is TokenType.VAR
    )
    if before is None or not operand or before.token_type not in _OPERAND:
        return
    if token.token_type is TokenType.NULL and before.token_type is TokenType.IDENTIFIER:
        raise bad(
            text, token.start, why="null stands without is", hint=f"Write {before.text} is null."
        )
    if before.text.lower() in FUNCTIONS and before.token_type is TokenType.IDENTIFIER:
        hint = f"Write {EXAMPLES[before.text.lower()]}."
        raise bad(text, before.start, why=f"{before.text!r} cannot stand there", hint=hint)
    if token.token_type is not TokenType.IDENTIFIER:
        why = f"Nothing stands between {before.text!r} and {token.text!r}"
        raise bad(text, token.start, why=why, hint="Put =, and, or or a comma between them.")
    raise bad(text, token.start, why=f"{token.text!r} cannot stand there", hint=_meant(token))


def _check_infix(text: str, before: Any, token: Any) -> None:
    """Refuse an operator that does not stand behind an operand; ``not`` may stand before three of them."""
    between = {TokenType.IN, TokenType.LIKE, TokenType.BETWEEN}
    negated = before is not None and before.token_type is TokenType.NOT
    if negated and token.token_type in between:
        return
    if before is None or before.token_type not in _OPERAND:
        after = "" if before is None else f" behind {before.text!r}"
        why = f"{token.text!r} cannot stand there{after}"
        raise bad(text, token.start, why=why, hint="Name what is asked before it: plan = 'pro'.")


def _meant(blamed: Any) -> str:
    """Return what was probably meant by a word that stands where an operator should."""
    close = difflib.get_close_matches(blamed.text.lower(), _OPERATORS, n=1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else "Put and, or or a comparison between them."


def _check_statement(text: str, token: Any, after: Any) -> None:
    """Refuse a word that begins a statement of SQL, or a part of one; where an operator follows it is a name."""
    # Two words may be one token: order by.
    word = token.text.lower().partition(" ")[0]
    if word not in _STATEMENTS or token.token_type in _OPERAND:
        return
    if after is not None and after not in _CONNECT and after is not TokenType.R_PAREN:
        hint = "Write the condition alone, as it would stand after where: no statement of SQL."
        raise bad(text, token.start, why=f"{token.text!r} cannot stand there", hint=hint)


def _check_not(text: str, before: Any, token: Any, after: Any) -> None:
    """Refuse ``not`` between an operand and what is no ``in``, ``like`` or ``between``, or behind a sign."""
    if token.token_type is not TokenType.NOT or before is None:
        return
    operand = before.token_type in _OPERAND and after not in {_T.IN, _T.LIKE, _T.BETWEEN}
    if operand or before.token_type in _COMPARE - {_T.IS}:
        why = f"{token.text!r} cannot stand there"
        raise bad(text, token.start, why=why, hint="Did you mean <>?")


def _check_brackets(text: str, named: list[Any]) -> None:
    """Refuse a bracket without its other half."""
    opened: list[Any] = []
    for token in named:
        if token.token_type is TokenType.L_PAREN:
            opened.append(token)
        elif token.token_type is TokenType.R_PAREN:
            if not opened:
                why = "This bracket was never opened"
                raise bad(text, token.start, why=why, hint="Take it away.")
            opened.pop()
    if opened:
        raise bad(text, opened[-1].start, why="This bracket is never closed", hint="Write ).")
