"""Fails when the demo company's names stand outside its generator, or a word or file name is not ours."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "pathworth"
GENERATOR = PACKAGE / "learn" / "company"
BANNED_FILES = {"utils", "helpers", "common", "core", "manager", "service", "handler", "types"}
BANNED_WORDS = re.compile(
    r"\b(insight|leverage|delight|unlock|profile|profiles|telemetry)\b", re.IGNORECASE
)
# Plain words that the company's data shares with every company's, or with the language itself.
PLAIN_TEXT = """
event time value cost currency amount plan source type properties EUR other direct true false none
web page section product article phase customer trial billing monthly month yes no left exit name
url path title reason role browser channel seats country region release persona message_id messageId
userId timestamp account_id language device campaign medium content term track identify group scale
Scale Team team Starter starter curious email ads referral minutes step size method status again link
kind file id days hours reported skipped
"""
PLAIN = frozenset(PLAIN_TEXT.split())


def main() -> int:
    """Print every finding; return 1 when there is one."""
    names = company_names()
    rows = [*files(), *(row for file in sources() for row in words(file, names))]
    print("\n".join(rows) or f"words: fine ({len(names)} names of the company looked for)")
    return min(len(rows), 1)


def sources() -> Iterator[Path]:
    """Yield every source file outside the generator, tests left out."""
    for file in sorted([*PACKAGE.rglob("*.py"), *(ROOT / "ui" / "src").rglob("*.ts*")]):
        built = {"generated", "static"} & set(file.parts)
        if GENERATOR not in file.parents and not built and ".test." not in file.name:
            yield file


def company_names() -> set[str]:
    """Return the names of the company's events, properties and values, plain words left out."""
    names: set[str] = set()
    parameters = GENERATOR / "company.toml"
    if parameters.exists():
        names |= set(texts(tomllib.loads(parameters.read_text())))
    for file in sorted(GENERATOR.glob("*.py")):
        for literal in literals(file):
            names |= {
                part
                for part in [literal]
                if re.fullmatch(r"[A-Z][a-z]+( [A-Z][a-z]+)+|[a-z]+(_[a-z]+)+", part)
            }
    own = {name for name in names if len(name) > 3 and name not in PLAIN and not name.isdigit()}
    return {name for name in own if re.fullmatch(r"[\w][\w ,\-]*", name)} - python_words()


def python_words() -> set[str]:
    """Return identifiers of the generator's own code, which are names of ours and not of the company."""
    found: set[str] = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
    return found


def texts(value: object) -> Iterator[str]:
    """Yield the texts of a TOML document: values everywhere, keys of tables that list names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(inner, dict):
                yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def literals(file: Path) -> Iterator[str]:
    """Yield the string literals of a module, docstrings left out."""
    tree = ast.parse(file.read_text())
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def words(file: Path, names: set[str]) -> list[str]:
    """Return findings inside one file."""
    where = str(file.relative_to(ROOT))
    found = (
        list(literals(file))
        if file.suffix == ".py"
        else re.findall(r"""['"`]([^'"`\n]+)['"`]""", file.read_text())
    )
    rows = [f"{where} holds the company's name {text!r}" for text in found if text in names]
    rows += [
        f"{where} says {match[0]!r}"
        for text in found
        if (match := BANNED_WORDS.search(text)) and " " in text
    ]
    return rows


def files() -> list[str]:
    """Return modules with a drawer's name."""
    return [
        f"{file.relative_to(ROOT)} is a drawer's name"
        for file in PACKAGE.rglob("*.py")
        if file.stem in BANNED_FILES
    ]


if __name__ == "__main__":
    sys.exit(main())
