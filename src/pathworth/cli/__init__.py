"""The command line: the same words as Python and the API, thin."""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave with 0 done, 1 refused, 2 wrong usage."""
    from pathworth.cli.app import run

    run()


__all__ = ["main"]
