"""Fails when a folder imports a library not on its list, or reaches past a front door."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "src" / "pathworth"
ALLOWED: dict[str, set[str]] = {
    "base": {"sqlglot"},
    "kernels": {"numpy", "numba"},
    "store": {
        "numpy",
        "pyarrow",
        "deltalake",
        "duckdb",
        "sqlalchemy",
        "alembic",
        "msgspec",
        "psycopg",
    },
    "collect": {
        "numpy",
        "pyarrow",
        "duckdb",
        "yaml",
        "msgspec",
        "adbc_driver_manager",
        "adbc_driver_postgresql",
    },
    "journeys": {"numpy", "pyarrow"},
    "measure": {"numpy", "pyarrow", "scipy", "matplotlib"},
    "atlas": {"numpy", "yaml", "jsonschema", "scipy"},
    "value": {"numpy", "scipy"},
    "act": {"numpy", "msgspec", "yaml", "jinja2", "aiosmtplib"},
    "learn": {"numpy", "pyarrow", "scipy", "yaml"},
    "spark": {"numpy", "pyspark", "py4j"},
    "run": {"numpy", "pyarrow", "yaml", "uvicorn", "argon2", "msgspec"},
    "web": {"fastapi", "starlette", "pydantic", "uvicorn"},
    "cli": {"typer", "rich", "click", "yaml"},
}
KERNEL_CALLERS = {"kernels", "store", "journeys", "measure", "value", "learn"}


def main() -> int:
    """Print every import that is not allowed; return 1 when there is one."""
    rows = [row for file in sorted(PACKAGE.rglob("*.py")) for row in check(file)]
    print("\n".join(rows) or "imports: fine")
    return min(len(rows), 1)


def check(file: Path) -> list[str]:
    """Return the imports of one file that are not allowed."""
    parts = file.relative_to(PACKAGE).parts
    folder = parts[0] if len(parts) > 1 else ""
    rows: list[str] = []
    for name, line in imported(ast.parse(file.read_text())):
        root, *rest = name.split(".")
        where = f"{file.relative_to(PACKAGE.parent)}:{line}"
        if root == "pathworth":
            rows.extend(f"{where} {why}" for why in inside(folder, rest))
        elif (
            folder
            and root not in sys.stdlib_module_names
            and root not in ALLOWED.get(folder, set())
        ):
            rows.append(f"{where} imports {root}, which {folder} may not")
    return rows


def inside(folder: str, rest: list[str]) -> list[str]:
    """Return why an import of our own is not allowed."""
    if not rest or not folder or rest[0] == folder:
        return []
    if rest[0] == "kernels":
        return [] if folder in KERNEL_CALLERS else ["calls a kernel past its stage"]
    if rest[0] == "base":
        return []
    return [f"reaches into {'.'.join(rest)}, past its front door"] if len(rest) > 1 else []


def imported(tree: ast.Module) -> list[tuple[str, int]]:
    """Return every imported module with its line."""
    found: list[tuple[str, int]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.extend((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, node.lineno))
    return found


if __name__ == "__main__":
    sys.exit(main())
