"""The page of measured speed: the table of questions, and behind it what the cluster's bench found."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "speed.md"
_CLUSTER = "## On a cluster\n"


def write_table(text: str) -> None:
    """Put the table of questions anew; what was measured on a cluster stays."""
    _, _, cluster = _held().partition(_CLUSTER)
    _write(text, cluster)


def write_cluster(text: str) -> None:
    """Put what was measured on a cluster anew; the table of questions stays."""
    table, _, _ = _held().partition(_CLUSTER)
    _write(table, text)


def _held() -> str:
    return PAGE.read_text() if PAGE.exists() else ""


def _write(table: str, cluster: str) -> None:
    parts = [table.strip(), *([f"{_CLUSTER}\n{cluster.strip()}"] if cluster.strip() else [])]
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n\n".join(parts) + "\n")
