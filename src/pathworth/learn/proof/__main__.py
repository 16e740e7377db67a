"""``python -m pathworth.learn.proof``: runs the proof, or goes on with it, and writes ``docs/proof.md``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

# One thread of linear algebra per process: the processes are the parallelism, and sums stay the same everywhere.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from pathworth.learn.proof.audit import (  # noqa: E402
    CASES as AUDITS,
    SOURCES as AUDIT_SOURCES,
    audit_lines,
    audit_section,
    grade_audit,
)
from pathworth.learn.proof.coverage import Row, graded  # noqa: E402
from pathworth.learn.proof.findings import (  # noqa: E402
    CASES as FINDINGS,
    SOURCES,
    findings_section,
    grade_findings,
    summed,
)
from pathworth.learn.proof.loop import (  # noqa: E402
    CASES as LOOPS,
    SOURCES as LOOP_SOURCES,
    grade_loop,
    loop_lines,
    loop_section,
)
from pathworth.learn.proof.prices import CASES, PriceCase, grade_prices  # noqa: E402
from pathworth.learn.proof.report import commit_of, holds, section, write_report  # noqa: E402
from pathworth.learn.proof.runs import GRADED, Runs, fingerprint  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Run the asked part; return 1 when a stated bar does not hold."""
    asked = _parser().parse_args(arguments)
    kept, texts = True, []
    workers = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        part = _Part(asked, pool)
        for case in _cases(asked):
            found = part.run(case, partial(grade_prices, case), seeds=range(1, case.seeds + 1))
            rows = graded(found[seed] for seed in sorted(found))
            kept = kept and all(holds(case, row) is not False for row in rows)
            texts.append(_say(section(case, rows)))
        for wanted in FINDINGS if asked.part in {None, "findings"} else ():
            grade, seeds = partial(grade_findings, wanted), range(1, wanted.seeds + 1)
            found = part.run(wanted, grade, seeds=seeds, sources=SOURCES)
            kept = kept and all(line.holds is not False for line in summed(wanted, found))
            texts.append(_say(findings_section(wanted, found)))
        for loop in LOOPS if asked.part in {None, "loop"} else ():
            seeds = range(loop.first, loop.first + loop.seeds)
            found = part.run(loop, partial(grade_loop, loop), seeds=seeds, sources=LOOP_SOURCES)
            kept = kept and all(line.holds is not False for line in loop_lines(loop, found))
            texts.append(_say(loop_section(loop, found)))
        for audit in AUDITS if asked.part in {None, "audit"} else ():
            seeds = range(audit.first, audit.first + audit.seeds)
            found = part.run(audit, partial(grade_audit, audit), seeds=seeds, sources=AUDIT_SOURCES)
            kept = kept and all(line.holds for line in audit_lines(found))
            texts.append(_say(audit_section(audit, found)))
    made_by = f"Commit: `{commit_of(Path.cwd())}`. Code: `{fingerprint()}`."
    write_report(Path(asked.out), texts, made_by=made_by)
    return 0 if kept else 1


class _Case(Protocol):
    """What every case has: the name of its file of finished seeds."""

    @property
    def key(self) -> str: ...


@dataclass(frozen=True)
class _Part:
    """What was asked for, and where seeds are graded."""

    asked: argparse.Namespace
    pool: Executor

    def run(
        self,
        case: _Case,
        grade: Callable[[int], Row],
        *,
        seeds: range,
        sources: tuple[str, ...] = GRADED,
    ) -> dict[int, Row]:
        """Grade the seeds of a case that are asked for and not finished, and return all that are finished."""
        runs = Runs(Path(self.asked.runs), case.key, fingerprint(sources))
        runs.run(grade, seeds=_seeds(self.asked.seeds, seeds), pool=self.pool, told=_say)
        return {seed: row for seed, row in runs.finished().items() if seed in seeds}


def _cases(asked: argparse.Namespace) -> list[PriceCase]:
    """Return the cases that were asked for."""
    return [
        case
        for case in CASES
        if asked.part in {None, "prices"}
        and (not asked.rung or case.rung in asked.rung)
        and (not asked.people or case.people in asked.people)
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make proof", description=__doc__)
    parser.add_argument(
        "--part",
        choices=["prices", "findings", "loop", "audit"],
        help="which part; all when not given",
    )
    parser.add_argument("--seeds", metavar="1-200", help="only these of the fixed seeds")
    parser.add_argument("--rung", nargs="+", help="only these rungs")
    parser.add_argument("--people", nargs="+", type=int, help="only these sizes")
    parser.add_argument("--runs", default="proof-runs", help="folder of finished seeds")
    parser.add_argument("--out", default="docs/proof.md", help="the report")
    return parser


def _seeds(asked: str | None, every: range) -> range:
    """Return those of the fixed seeds that are asked for, counted from the first of them."""
    if asked is None:
        return every
    first, _, last = asked.partition("-")
    return every[int(first) - 1 : int(last or first)]


def _say(line: str) -> str:
    sys.stderr.write(line + "\n")
    return line


if __name__ == "__main__":
    sys.exit(main())
