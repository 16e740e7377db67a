"""Lists every error code with its message and remedy in docs/errors.md; fails when that page is stale."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "errors.md"
KINDS = {"WrongUsage", "Refused", "BadInput", "UnknownName", "NotSupported", "StoreTrouble"}
HEAD = """# Errors

Every refusal has a code that stays, says what happened, and ends with the remedy. `pathworth` leaves with 1 when it
refuses and with 2 when the call cannot be understood; the API answers `{"error": {"code", "message", "hint"}}`.
This page is written by `python tools/list_errors.py --write`.

| code | kind | where |
|---|---|---|
"""


def main() -> int:
    """Write the page, or say that it is stale."""
    text = HEAD + "".join(
        f"| `{code}` | {kind} | {where} |\n" for code, kind, where in sorted(rows())
    )
    if "--write" in sys.argv:
        PAGE.write_text(text)
        return 0
    if not PAGE.exists() or PAGE.read_text() != text:
        print("docs/errors.md is stale: run python tools/list_errors.py --write")
        return 1
    print("errors: fine")
    return 0


def rows() -> set[tuple[str, str, str]]:
    """Return every code with its kind and the stage that raises it."""
    found = set()
    for file in sorted((ROOT / "src" / "pathworth").rglob("*.py")):
        stage = file.relative_to(ROOT / "src" / "pathworth").parts[0]
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                word = node.args[0].value
                if (
                    isinstance(node.func, ast.Name)
                    and node.func.id in KINDS
                    and isinstance(word, str)
                ):
                    found.add((word, node.func.id, stage))
                # UnknownName.near("step", ...), and unknown("step", ...) of the predicate language.
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in {"near", "unknown"} and isinstance(word, str):
                    found.add((f"UNKNOWN_{word.upper()}", "UnknownName", stage))
            found |= {(code, "WrongUsage", stage) for code in said_by_name(node)}
    return found


def said_by_name(node: ast.AST) -> Iterator[str]:
    """Yield the code that a call of ``bad`` gives as ``code=``, or the one that ``bad`` gives unless told."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "bad":
        given = [one.value for one in node.keywords if one.arg == "code"]
    elif isinstance(node, ast.FunctionDef) and node.name == "bad":
        named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        given = [value for one, value in named if one.arg == "code" and value is not None]
    else:
        return
    yield from (str(one.value) for one in given if isinstance(one, ast.Constant))


if __name__ == "__main__":
    sys.exit(main())
