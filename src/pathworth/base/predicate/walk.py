"""From sqlglot's tree to a predicate: a walk over a white list of nodes, the rest is refused."""

from __future__ import annotations

from typing import Any

from sqlglot import exp
from sqlglot.errors import ParseError
from sqlglot.parser import Parser
from sqlglot.tokens import TokenType

from pathworth.base.errors import WrongUsage
from pathworth.base.predicate import nodes as p
from pathworth.base.predicate.blame import bad
from pathworth.base.predicate.calls import EXAMPLES, read_call
from pathworth.base.predicate.tokens import tokens

_COMPARISONS: dict[type, p.Operator] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_COMPUTED = ("Nothing is computed in a predicate", "Compare a column with a value: size >= 12.")
_REFUSED: dict[type, tuple[str, str]] = {
    exp.In: ("in takes values in brackets", "Write plan in ('pro', 'free')."),
    exp.Is: ("is asks for null alone", "Write plan is null, or member = true."),
    exp.Literal: ("A value alone is no condition", "Compare it with a column: plan = 'pro'."),
    exp.Column: (
        "A column cannot stand there",
        "Write a value: a text in single quotes, a number.",
    ),
    exp.Neg: ("Only a number has a sign", "Write -2 or '-2'."),
    exp.Tuple: ("Several values stand there", "Write plan in ('pro', 'free')."),
    exp.Sub: _COMPUTED,
    exp.Between: ("between takes two values", "Write size between 1 and 2."),
}
_COMPOUND = (exp.Sub, exp.Tuple)
_TURNED: dict[p.Operator, p.Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def read(text: str) -> p.Predicate:
    """Parse and check a predicate; see ``predicate.parse``."""
    try:
        named = tokens(text)
        trees = Parser().parse(named, text)
    except ParseError as error:
        raise _from_parser(text, error) from error
    except RecursionError as error:
        raise bad(text, 0, why="The predicate is nested too deep") from error
    if len(trees) != 1 or trees[0] is None:
        raise bad(text, 0, why="This is not one predicate")
    return _Walk(text, named).predicate(trees[0])


def _from_parser(text: str, error: ParseError) -> WrongUsage:
    """Say at which character the parser gave up."""
    first = error.errors[0] if error.errors else {}
    lines = text.split("\n")
    line = min(int(first.get("line") or 1), len(lines))
    start = sum(len(one) + 1 for one in lines[: line - 1])
    # sqlglot counts the last character of the token, we name its first.
    at = start + int(first.get("col") or 1) - len(str(first.get("highlight") or " "))
    hint = "Write size between 1 and 2." if "between" in text.lower() else ""
    return bad(text, max(at, 0), why="The predicate breaks off or goes wrong", hint=hint)


class _Walk:
    """One walk over one text, which errors quote."""

    def __init__(self, text: str, named: list[Any]) -> None:
        self.text = text
        self.named = named

    def predicate(self, node: Any) -> p.Predicate:
        """Return the predicate of a node that must be true or false."""
        match node:
            case exp.Paren():
                return self.predicate(node.this)
            case exp.And() | exp.Or():
                made = p.And if isinstance(node, exp.And) else p.Or
                return made(tuple(self.predicate(one) for one in node.flatten()))
            case exp.Not():
                return p.Not(self.predicate(node.this))
            case exp.Boolean():
                return p.Constant(bool(node.this))
            case exp.Null():
                return p.Constant(None)
            case exp.Column():
                return p.Truth(self.operand(node))
            case exp.Anonymous():
                asked = read_call(self.text, node, place=self.at)
                return p.Truth(asked) if isinstance(asked, p.Trait) else asked
            case exp.Predicate():
                return self.negated(node, self.leaf(node))
        raise self.refuse(node)

    def negated(self, node: Any, leaf: p.Leaf) -> p.Predicate:
        """Return the leaf, or its negation where sqlglot writes ``not like`` as a mark on the node."""
        return p.Not(leaf) if node.args.get("negate") else leaf

    def leaf(self, node: Any) -> p.Leaf:
        """Return a comparison."""
        match node:
            case exp.In() if node.expressions and not node.args.get("query"):
                return p.In(self.operand(node.this), tuple(map(self.value, node.expressions)))
            case exp.Between() if not node.args.get("symmetric"):
                low, high = self.value(node.args["low"]), self.value(node.args["high"])
                return p.Between(self.operand(node.this), low, high)
            case exp.Like():
                return self.like(node)
            case exp.Is() if isinstance(node.expression, exp.Null):
                return p.IsNull(self.operand(node.this))
        if type(node) in _COMPARISONS:
            return self.compare(node, _COMPARISONS[type(node)])
        raise self.refuse(node)

    def like(self, node: Any) -> p.Like:
        """Return a pattern match; the pattern must be a text."""
        pattern = self.value(node.expression)
        if not isinstance(pattern, str):
            raise self.refuse(node.expression, "like needs a text", hint="Write name like 'a%'.")
        return p.Like(self.operand(node.this), pattern)

    def compare(self, node: Any, operator: p.Operator) -> p.Leaf:
        """Return a comparison with the operand first."""
        left, right = node.this, node.expression
        if not self.is_operand(left):
            if not self.is_operand(right):
                if type(left) in _COMPARISONS:
                    hint = "Write size > 1 and size < 3."
                    raise self.refuse(right, "One comparison follows another", hint=hint)
                odd = next((one for one in (left, right) if type(one) in _COMPOUND), None)
                raise self.refuse(odd) if odd else self.refuse(node, "No column is compared here")
            return p.Compare(self.operand(right), _TURNED.get(operator, operator), self.value(left))
        if self.is_operand(right):
            return p.CompareColumns(self.operand(left), operator, self.operand(right))
        return p.Compare(self.operand(left), operator, self.value(right))

    def is_operand(self, node: Any) -> bool:
        return isinstance(node, exp.Column | exp.Anonymous)

    def operand(self, node: Any) -> p.Operand:
        """Return a column or ``trait('name')``."""
        at = self.at(node)
        if isinstance(node, exp.Paren):
            return self.operand(node.this)
        if isinstance(node, exp.Column) and isinstance(node.this, exp.Identifier):
            if node.args.get("table") is not None:
                name = node.sql().replace('"', "")
                raise self.refuse(
                    node, "A name has a dot in it", hint=f'Write "{name}" in double quotes.'
                )
            return p.Column(str(node.this.this), at)
        if isinstance(node, exp.Anonymous):
            return self.function(node, at)
        raise self.refuse(node)

    def function(self, node: Any, at: int) -> p.Trait:
        """Return ``trait('name')``; the other three stand alone."""
        asked = read_call(self.text, node, place=self.at)
        if isinstance(asked, p.Trait):
            return asked
        name = str(node.this).lower()
        why, hint = f"{name} is compared with nothing", f"Write {EXAMPLES[name]}, or not before it."
        raise bad(self.text, at, why=why, hint=hint)

    def value(self, node: Any) -> p.Value:
        """Return a literal."""
        match node:
            case exp.Literal() if node.is_string:
                return str(node.this)
            case exp.Literal():
                return self.number(node, str(node.this))
            case exp.Neg() if isinstance(node.this, exp.Literal) and not node.this.is_string:
                return self.number(node, "-" + str(node.this.this))
            case exp.Boolean():
                return bool(node.this)
            case exp.Null():
                return None
        raise self.refuse(node)

    def number(self, node: Any, text: str) -> int | float:
        """Return a number, whole where it is written so."""
        try:
            return int(text) if text.lstrip("-").isdigit() else float(text)
        except ValueError as error:
            raise self.refuse(node, f"{text} is not a number") from error

    def at(self, node: Any) -> int:
        """Return the first character of a node."""
        starts = [one.meta["start"] for one in node.walk() if "start" in one.meta]
        return int(min(starts, default=0))

    def sign_of(self, node: Any) -> int:
        """Return where a node goes wrong: ``in`` and ``is`` at their own words, the rest at its first character."""
        word = {exp.In: TokenType.IN, exp.Is: TokenType.IS}.get(type(node))
        at = self.at(node)
        return next((t.start for t in self.named if t.token_type is word and t.start > at), at)

    def refuse(self, node: Any, why: str = "", *, hint: str = "") -> WrongUsage:
        """Build the error for a node that is not on the white list."""
        known = _REFUSED.get(type(node), (f"{type(node).__name__.lower()} cannot stand there", ""))
        said, remedy = (why, hint) if why else known
        return bad(self.text, self.sign_of(node), why=said, hint=remedy)
