"""The child of ``bench.big_import``: imports files under a limit of memory, and tells every stage on its output."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from pathworth.collect import FileMapping, Progress, import_files
from pathworth.store import Workspace

MAPPING = FileMapping(
    entity="user_id", event="event", time="timestamp", value="amount", currency="EUR"
)


def main(workspace: Path, files: list[Path], memory_mib: int) -> int:
    """Import files into a workspace; what the process may hold of its own is limited before."""
    limit = memory_mib << 20
    # Memory of its own, threads' stacks and heaps included; files that are mapped to be read do not count.
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    begun = time.perf_counter()

    def tell(progress: Progress) -> None:
        share = progress.done / max(progress.total, 1)
        say(stage=progress.stage, share=share, seconds=time.perf_counter() - begun)

    answer = import_files(
        Workspace.open(workspace),
        files,
        mapping=MAPPING,
        progress=tell,
        notice=lambda words: say(notice=words),
    )
    say(
        accepted=answer.accepted,
        duplicates=answer.duplicates,
        rejected=answer.rejected,
        events=answer.events,
        entities=answer.entities,
        seconds=time.perf_counter() - begun,
    )
    return 0


def say(**told: object) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [Path(path) for path in sys.argv[3:]], int(sys.argv[2])))
