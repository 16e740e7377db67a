"""Lists every error code with its message and remedy in docs/errors.md; fails when that page is stale."""

from __future__ import annotations

import ast
import sys
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
                is_near = isinstance(node.func, ast.Attribute) and node.func.attr == "near"
                if is_near and isinstance(word, str):
                    found.add((f"UNKNOWN_{word.upper()}", "UnknownName", stage))
    return found


if __name__ == "__main__":
    sys.exit(main())
