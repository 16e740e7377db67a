"""What a message says: sandboxed Jinja2 over one person's own values, where a missing one is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pathworth.act.contracts import Template

VARIABLES = ("person", "unsubscribe", "why")
LONGEST = 100_000
_SPACE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Name, nodes.Getattr,
    nodes.Getitem, nodes.Const, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.Concat, nodes.Keyword, nodes.Sub, nodes.Add,
)  # fmt: skip
"""Everything that a message needs; loops, calls, assignments and products could only make it long or slow."""
_FILTERS = ("default", "d", "upper", "lower", "title", "capitalize", "trim", "escape", "e", "length",
            "int", "float", "round", "first", "last", "striptags", "truncate")  # fmt: skip


@dataclass(frozen=True)
class SourceError:
    """What is wrong with a template's text, and on which line."""

    message: str
    line: int | None


class _Person:
    """One person's values, by name; what a template asked for is noted."""

    def __init__(self, values: dict[str, str], asked: dict[str, str]) -> None:
        self._values = values
        self._asked = asked

    def __getitem__(self, name: str) -> str:
        value = self._values[name]
        self._asked[name] = value
        return value

    def __str__(self) -> str:
        return ""


class NotWritable(Exception):
    """A message that cannot be written for somebody; says why."""


@dataclass(frozen=True)
class Written:
    """A message as text, and the person's values that it used."""

    subject: str
    text: str
    html: str | None
    used: dict[str, str]


@lru_cache(256)
def _compiled(source: str, *, html: bool) -> Any:
    made = _environment(html=html)
    wrong = _refused(made.parse(source))
    if wrong:
        raise SecurityError(wrong[0].message)
    return made.from_string(source)


@lru_cache(2)
def _environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=html, keep_trailing_newline=True
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS}
    return made


def _refused(tree: nodes.Template) -> list[SourceError]:
    """Return what stands in a template and is not on the white list."""
    found = []
    for node in tree.find_all(nodes.Node):
        whose: Any = getattr(node, "node", None)
        if not isinstance(node, _NODES):
            word = type(node).__name__.lower()
            found.append(SourceError(f"{word} is not part of a message", node.lineno))
        elif isinstance(node, nodes.Getattr | nodes.Getitem) and not _is_person(whose):
            found.append(SourceError("only person has values", node.lineno))
        elif isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            found.append(SourceError(f"there is no filter {node.name}", node.lineno))
    return found


def _is_person(node: object) -> bool:
    return isinstance(node, nodes.Name) and node.name == "person"


def write(template: Template, values: dict[str, str], *, unsubscribe: str, why: str) -> Written:
    """Write a message for one person.

    Parameters
    ----------
    template
        What to say.
    values
        The person's values.
    unsubscribe, why
        Addresses.

    Raises
    ------
    NotWritable
        When a value is missing or the template goes wrong.
    """
    used: dict[str, str] = {}
    given = {"person": _Person(values, used), "unsubscribe": unsubscribe, "why": why}
    try:
        subject = _SPACE.sub(" ", _rendered(template.subject, given)).strip()
        text = _rendered(template.text, given)
        html = None if template.html is None else _rendered(template.html, given, html=True)
    except TemplateError as error:
        raise NotWritable(_said(error)) from error
    except (TypeError, ValueError, ArithmeticError, RecursionError, AttributeError) as error:
        raise NotWritable(f"{type(error).__name__}: {error}") from error
    return Written(subject, text, html, used)


def _rendered(source: str, given: dict[str, Any], *, html: bool = False) -> str:
    pieces, size = [], 0
    for piece in _compiled(source, html=html).generate(given):
        pieces.append(piece)
        size += len(piece)
        if size > LONGEST:
            raise SecurityError(f"it grows beyond {LONGEST} characters")
    return "".join(pieces)


def _said(error: TemplateError) -> str:
    found = re.search(r"has no (?:attribute|element) '([^']+)'", str(error))
    return f"{found[1]} is not known" if found else str(error).rstrip(".")


def faults(source: str) -> list[SourceError]:
    """Return what is wrong with the text of a template before anybody's values are known."""
    try:
        tree = _environment(html=False).parse(source)
    except TemplateSyntaxError as error:
        return [SourceError(str(error.message or "it is no template"), error.lineno)]
    unknown = meta.find_undeclared_variables(tree) - set(VARIABLES)
    found = [
        SourceError(f"{node.name} is not one of {', '.join(VARIABLES)}", node.lineno)
        for node in tree.find_all(nodes.Name)
        if node.name in unknown and node.ctx == "load"
    ]
    return found + _refused(tree)


def variables(source: str) -> dict[str, int]:
    """Return the person's values that a template speaks of, with the line of the first mention."""
    try:
        tree = _environment(html=False).parse(source)
    except TemplateSyntaxError:
        return {}
    found: dict[str, int] = {}
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        whose: Any = getattr(node, "node", None)
        if not _is_person(whose):
            continue
        name = getattr(node, "attr", None) or getattr(getattr(node, "arg", None), "value", None)
        if isinstance(name, str):
            found.setdefault(name, node.lineno)
    return found


def names_of(source: str) -> set[str]:
    """Return the variables that a template speaks of; empty when it cannot be read."""
    try:
        return meta.find_undeclared_variables(_environment(html=False).parse(source))
    except TemplateSyntaxError:
        return set()
