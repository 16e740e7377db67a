"""A process that runs one job: it writes when it begins and ends, and takes its time in between."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

from pathworth import run


def main(folder: str, notes: str, seconds: str, lease: str) -> None:
    """Run a job that is always ready until somebody ends this process."""

    def note(word: str) -> None:
        with Path(notes).open("a") as out:
            out.write(f"{word} {time.time()}\n")

    def work(_: run.Workspace, __: run.Lease) -> str:
        note("begin")
        time.sleep(float(seconds))
        note("end")
        return "done by the other process"

    job = run.Job("count", work, ready=lambda _: True)
    workspace = run.open_workspace(folder)
    run.Runner(workspace, (job,), lease=timedelta(seconds=float(lease))).start()
    time.sleep(120)


if __name__ == "__main__":
    main(*sys.argv[1:])
