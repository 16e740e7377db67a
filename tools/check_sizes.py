"""Fails when a module, function, parameter list or folder passes its size."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULE, FUNCTION, KERNEL, PARAMETERS, KERNEL_PARAMETERS, FILES = 400, 40, 60, 8, 12, 14
# Place -> why it may be larger; the list should only shrink.
EXCEPTIONS: dict[str, str] = {
    "src/pathworth/store/migrations/versions": "one file for every change of the tables there ever was",
    "src/pathworth/base/errors.py:near": "reads as a sentence: no event of this name among these",
    "src/pathworth/measure/paths/paths.py:paths": "the Python face of a question takes what its command takes",
    "src/pathworth/measure/cohorts/cohorts.py:cohorts": "the Python face of a question takes what its command takes",
    "src/pathworth/measure/paths/around.py:step_matrix": "the Python face of a question takes what its command takes",
    "src/pathworth/measure/paths/around.py:step_sankey": "the Python face of a question takes what its command takes",
}


def main() -> int:
    """Print every place past its size; return how many there are."""
    found = [
        *folders(),
        *(row for file in sorted((ROOT / "src").rglob("*.py")) for row in module(file)),
        *scripts(),
    ]
    found = [row for row in found if row.split(" ")[0] not in EXCEPTIONS]
    print("\n".join(found) or "sizes: fine")
    return min(len(found), 1)


def folders() -> list[str]:
    """Return folders of the package that hold too many files."""
    rows = []
    for folder in [
        p for p in (ROOT / "src" / "pathworth").rglob("*") if p.is_dir() and "static" not in p.parts
    ]:
        count = len(list(folder.glob("*.py")))
        if count > FILES:
            rows.append(f"{folder.relative_to(ROOT)} holds {count} files, limit {FILES}")
    return rows


def module(file: Path) -> list[str]:
    """Return what is too large inside one module."""
    text = file.read_text()
    where = str(file.relative_to(ROOT))
    rows = []
    if text.count("\n") > MODULE:
        rows.append(f"{where} has {text.count(chr(10))} lines, limit {MODULE}")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            rows.extend(function(where, node, kernel="/kernels/" in str(file)))
    return rows


def function(
    where: str, node: ast.FunctionDef | ast.AsyncFunctionDef, *, kernel: bool
) -> list[str]:
    """Return what is too large in one function."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
    rows = []
    if lines > (KERNEL if kernel else FUNCTION):
        rows.append(f"{where}:{node.name} has {lines} lines")
    arguments = node.args
    count = len(arguments.args) + len(arguments.kwonlyargs)
    face = "/cli/" in where or "/web/" in where
    if not face and count > (KERNEL_PARAMETERS if kernel else PARAMETERS):
        rows.append(f"{where}:{node.name} has {count} parameters")
    positional = [a.arg for a in arguments.args if a.arg not in {"self", "cls"}]
    if not kernel and not face and len(positional) > 2 and not node.name.startswith("_"):
        rows.append(f"{where}:{node.name} takes {len(positional)} parameters by place, limit 2")
    return rows


def scripts() -> list[str]:
    """Return TypeScript files that are too long."""
    rows = []
    for file in sorted((ROOT / "ui" / "src").rglob("*.ts*")):
        lines = file.read_text().count("\n")
        if "generated" not in file.parts and lines > 250:
            rows.append(f"{file.relative_to(ROOT)} has {lines} lines, limit 250")
    return rows


if __name__ == "__main__":
    sys.exit(main())
