"""Writes what the proof found, per case and per arrow, with the bars that were stated before the first run."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from pathworth.learn.proof.coverage import Graded
from pathworth.learn.proof.prices import PriceCase

HEAD = """# Proof

Written by `make proof`; never by hand. Every number is graded on worlds whose truth is known, with seeds 1 to N that
were fixed before the first run. *Coverage* is the share of seeds whose 95 % interval holds the truth, beside it the
exact 99 % interval of that share (Clopper-Pearson). A bar holds when that interval overlaps the stated range, for each
arrow by itself. *Bias* is the mean of estimate / truth, less 1, with its standard error. An arrow counts in the seeds
in which at least 20 people took it. Each part says of which commit it is; `code` is a digest of the sources that its
numbers pass through.
"""
TITLE = re.compile(r"^## (.+), [\d,]+ of [\d,]+ seeds", re.MULTILINE)


def write_report(target: Path, new: Sequence[str], *, made_by: str) -> None:
    """Write the report: new parts take the place of their older selves, other parts stay as they are.

    Parameters
    ----------
    target
        The report; made when it is not there.
    new
        Parts, each beginning with its title.
    made_by
        Commit and code of the new parts.
    """
    parts = _parts(target.read_text()) if target.exists() else {}
    for text in new:
        parts |= _parts(f"{text.rstrip()}\n\n{made_by}\n")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join([HEAD, *parts.values()]))


def _parts(text: str) -> dict[str, str]:
    """Return the parts of a report by their titles, without how many seeds are finished."""
    found = list(TITLE.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return {
        one[1]: text[one.start() : end].rstrip() + "\n"
        for one, end in zip(found, ends, strict=True)
    }


def commit_of(folder: Path) -> str:
    """Return the commit of the checkout, marked when files differ from it."""
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty"],  # noqa: S607
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return said.stdout.strip()


def holds(case: PriceCase, row: Graded) -> bool | None:
    """Return whether an arrow keeps the bars of its case; nothing where none are stated."""
    if case.covers is None:
        return None
    unbiased = case.bias is None or abs(row.bias) <= case.bias
    return row.covers(*case.covers) and unbiased


def section(case: PriceCase, rows: tuple[Graded, ...]) -> str:
    """Return the table of one case."""
    seeds = max((row.seeds for row in rows), default=0)
    title = f"## Prices on {case.rung}, {case.people:,} people, {seeds:,} of {case.seeds:,} seeds"
    lines = [
        title,
        "",
        _bar(case),
        "",
        "| arrow | people | seeds | coverage | 99 % | bias | holds |",
    ]
    lines.append("|---|---:|---:|---:|---|---:|---|")
    lines.extend(_line(case, row) for row in rows)
    return "\n".join([*lines, ""])


def _bar(case: PriceCase) -> str:
    if case.covers is None:
        return "Reported; nothing is promised, because a step chain is not the truth here."
    text = f"Bar: coverage {case.covers[0]:.0%} to {case.covers[1]:.0%}"
    return f"{text}, bias within {case.bias:.1%}." if case.bias else f"{text}."


def _line(case: PriceCase, row: Graded) -> str:
    kept = {True: "yes", False: "**no**", None: ""}[holds(case, row)]
    return (
        f"| {row.name} | {row.units:,.0f} | {row.seeds} | {row.share:.1%} "
        f"| {row.exact[0]:.1%} to {row.exact[1]:.1%} | {row.bias:+.1%} ± {row.bias_error:.1%} | {kept} |"
    )
