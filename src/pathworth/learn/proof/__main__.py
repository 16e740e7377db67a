"""``python -m pathworth.learn.proof``: runs the proof, or goes on with it, and writes ``docs/proof.md``."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

# One thread of linear algebra per process: the processes are the parallelism, and sums stay the same everywhere.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from pathworth.learn.proof.coverage import graded  # noqa: E402
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
from pathworth.learn.proof.runs import Runs, fingerprint  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Run the asked part; return 1 when a stated bar does not hold."""
    asked = _parser().parse_args(arguments)
    kept, texts = True, []
    workers = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for case in _cases(asked):
            runs = Runs(Path(asked.runs), case.key, fingerprint())
            seeds = _seeds(asked.seeds, case.seeds)
            runs.run(partial(grade_prices, case), seeds=seeds, pool=pool, told=_say)
            finished = runs.finished()
            rows = graded(finished[seed] for seed in sorted(finished) if seed <= case.seeds)
            kept = kept and all(holds(case, row) is not False for row in rows)
            texts.append(section(case, rows))
            _say(texts[-1])
        for wanted in FINDINGS if asked.part in {None, "findings"} else ():
            runs = Runs(Path(asked.runs), wanted.key, fingerprint(SOURCES))
            seeds = _seeds(asked.seeds, wanted.seeds)
            runs.run(partial(grade_findings, wanted), seeds=seeds, pool=pool, told=_say)
            found = {seed: row for seed, row in runs.finished().items() if seed <= wanted.seeds}
            kept = kept and all(line.holds is not False for line in summed(wanted, found))
            texts.append(findings_section(wanted, found))
            _say(texts[-1])
        for loop in LOOPS if asked.part in {None, "loop"} else ():
            runs = Runs(Path(asked.runs), loop.key, fingerprint(LOOP_SOURCES))
            seeds = range(loop.first, loop.first + loop.seeds)
            runs.run(partial(grade_loop, loop), seeds=seeds, pool=pool, told=_say)
            lived = {seed: row for seed, row in runs.finished().items() if seed in seeds}
            kept = kept and all(line.holds is not False for line in loop_lines(loop, lived))
            texts.append(loop_section(loop, lived))
            _say(texts[-1])
    made_by = f"Commit: `{commit_of(Path.cwd())}`. Code: `{fingerprint()}`."
    write_report(Path(asked.out), texts, made_by=made_by)
    return 0 if kept else 1


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
        "--part", choices=["prices", "findings", "loop"], help="which part; all when not given"
    )
    parser.add_argument("--seeds", metavar="1-200", help="only these of the fixed seeds")
    parser.add_argument("--rung", nargs="+", help="only these rungs")
    parser.add_argument("--people", nargs="+", type=int, help="only these sizes")
    parser.add_argument("--runs", default="proof-runs", help="folder of finished seeds")
    parser.add_argument("--out", default="docs/proof.md", help="the report")
    return parser


def _seeds(asked: str | None, most: int) -> range:
    if asked is None:
        return range(1, most + 1)
    first, _, last = asked.partition("-")
    return range(int(first), min(int(last or first), most) + 1)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
