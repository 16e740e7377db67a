"""Import a made-up world in bounded memory: ``python -m bench.big_import FOLDER --events 1000000``.

The world is written as Parquet, a block at a time, and is there for the next run. A child imports it whose own
memory is limited by the operating system; it may be killed on the way, and is then started again. Printed are the
seconds of each stage, the most memory that was resident at a time, and the bytes on disk for each event. Making the
files is no part of the seconds. All files are one import, since every import builds all shards anew; its first step
hashes them all, so all are there at its beginning, and with ``--give-back`` each goes once it is read.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.event_files import write
from pathworth.store import Workspace

MIB = 1 << 20
NEEDED, NEEDED_GIVEN_BACK = 105, 80
"""Bytes of disk for each event, files included, that are there while an import is under way, and where the files' disk
is given back once they are read.
"""
PARTS = ("lake", "fingerprints", "snapshots")


@dataclass
class Seen:
    """What was seen of the children: seconds by stage, and the most that was held at a time."""

    stages: dict[str, float] = field(default_factory=dict)
    resident: int = 0
    own: int = 0
    disk: int = 0
    with_files: int = 0
    kills: int = 0
    last: dict[str, object] = field(default_factory=dict)


def main() -> int:
    """Make the world where it is missing, import it, and print what that took; 1 when not every event came in."""
    asked = arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    workspace = asked.folder / "workspace"
    shutil.rmtree(workspace, ignore_errors=True)
    # Files that were made before take no more room.
    free = shutil.disk_usage(asked.folder).free + taken(asked.folder / "files")
    each = NEEDED_GIVEN_BACK if asked.give_back else NEEDED
    if free < each * asked.events:
        need = f"{each * asked.events / 1e9:,.1f} GB"
        print(
            f"{asked.events:,} events need {need}; {free / 1e9:,.1f} GB are free", file=sys.stderr
        )
        return 1
    files = made(asked.folder / "files", asked.events, files=asked.files, seed=asked.seed)
    Workspace.create(workspace)
    seen, begun = Seen(), time.perf_counter()
    moments = [(words.rpartition(":")[0], float(words.rpartition(":")[2])) for words in asked.kill]
    command = [sys.executable, "-m", "bench.bounded_import", str(workspace), str(asked.memory)]
    read = Read(files if asked.give_back else [])
    for moment in [*moments, None]:
        run([*command, *map(str, files)], workspace, seen, moment=moment, read=read)
    report(seen, time.perf_counter() - begun, workspace, files=files)
    right = seen.last.get("events") == asked.events
    if not asked.keep:
        shutil.rmtree(workspace)
    return 0 if right else 1


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.big_import", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the files and the workspace lie")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--files", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", type=int, default=4096, help="MiB that the import may hold")
    parser.add_argument(
        "--kill",
        action="append",
        default=[],
        metavar="STAGE:SHARE",
        help="kill the import there, and start it again: reading:0.5, 'writing events:0.3'",
    )
    parser.add_argument(
        "--give-back",
        action="store_true",
        help="free the disk of each file once it is read, as if files lay elsewhere; they are made anew the next time",
    )
    parser.add_argument("--keep", action="store_true", help="leave the workspace there")
    asked = parser.parse_args()
    if asked.give_back and asked.kill:
        parser.error("an import that is killed reads its files again")
    return asked


def made(folder: Path, events: int, *, files: int, seed: int) -> list[Path]:
    """Return the files of the world; what was made before is taken as it is."""
    said = folder / f"{events}-{files}-{seed}.json"
    if not said.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        begun = time.perf_counter()
        paths = [str(path) for path in write(folder, events=events, files=files, seed=seed)]
        print(f"made in {time.perf_counter() - begun:,.0f} s", flush=True)
        said.write_text(json.dumps(paths))
    return [Path(path) for path in json.loads(said.read_text())]


class Read:
    """Files whose disk is given back once they are read; their sizes stay, which tell how far reading is."""

    def __init__(self, files: list[Path]) -> None:
        self._sizes = [(path, path.stat().st_size) for path in files]
        self._total = sum(size for _, size in self._sizes)
        self._end = 0

    def until(self, share: float) -> None:
        """Give back the files that end before a share of all bytes."""
        while self._sizes and self._end + self._sizes[0][1] < share * self._total - 1:
            self._give_back()

    def all(self) -> None:
        """Give back what is left."""
        while self._sizes:
            self._give_back()

    def _give_back(self) -> None:
        path, size = self._sizes.pop(0)
        self._end += size
        for said in path.parent.glob("*.json"):
            said.unlink()
        # At no moment has the file another size, and whoever still has it open reads what was there.
        aside = path.with_name(path.name + ".aside")
        aside.touch()
        os.truncate(aside, size)
        aside.replace(path)


def run(
    command: list[str],
    workspace: Path,
    seen: Seen,
    *,
    moment: tuple[str, float] | None,
    read: Read,
) -> None:
    """Run a child to its end, or to the moment at which it is killed."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    ended = threading.Event()
    watching = threading.Thread(target=watch, args=(child.pid, workspace, seen, ended))
    watching.start()
    stage, since = "beginning", 0.0
    assert child.stdout is not None
    for line in child.stdout:
        told = json.loads(line)
        if "notice" in told:
            print(told["notice"], flush=True)
            continue
        now = told.get("stage", stage)
        seen.stages[stage] = seen.stages.get(stage, 0.0) + told["seconds"] - since
        stage, since, seen.last = now, told["seconds"], told
        if stage == "reading":
            read.until(told["share"])
        elif stage != "beginning":
            read.all()
        if moment is not None and now == moment[0] and told["share"] >= moment[1]:
            child.kill()
            break
    child.stdout.close()
    ended.set()
    watching.join()
    _, status, used = os.wait4(child.pid, 0)
    seen.resident = max(seen.resident, used.ru_maxrss * 1024)
    child.returncode = os.waitstatus_to_exitcode(status)
    if moment is None and child.returncode:
        sys.exit(f"the import ended with {child.returncode}")
    seen.kills += moment is not None


def watch(number: int, workspace: Path, seen: Seen, ended: threading.Event) -> None:
    """Look every half second at the memory that a process has of its own, and at the disk that is taken."""
    while not ended.wait(0.5):
        try:
            lines = Path(f"/proc/{number}/status").read_text().splitlines()
        except OSError:
            return
        own = [int(line.split()[1]) for line in lines if line.startswith("RssAnon")]
        seen.own = max([seen.own, *(1024 * kib for kib in own)])
        held = taken(workspace)
        seen.disk = max(seen.disk, held)
        seen.with_files = max(seen.with_files, held + taken(workspace.parent / "files"))


def taken(folder: Path) -> int:
    """Return the bytes of disk below a folder, each file once whatever its names, and without its holes."""
    found: dict[int, int] = {}
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                status = os.stat(os.path.join(root, name))
            except FileNotFoundError:
                continue
            found[status.st_ino] = 512 * status.st_blocks
    return sum(found.values())


def report(seen: Seen, seconds: float, workspace: Path, *, files: list[Path]) -> None:
    """Print what an import took."""
    told, events = seen.last, max(int(str(seen.last.get("events", 0))), 1)
    size = sum(path.stat().st_size for path in files)
    print(f"{told}")
    for stage, took in seen.stages.items():
        print(f"{stage:24s} {took:10.1f} s")
    print(f"{'in all':24s} {seconds:10.1f} s  {events / seconds:,.0f} events/s, {seen.kills} kills")
    print(f"resident at most {seen.resident / MIB:,.0f} MiB, {seen.own / MIB:,.0f} MiB its own")
    parts = {name: taken(workspace / name) for name in PARTS}
    words = ", ".join(f"{name} {held / events:.1f}" for name, held in parts.items())
    print(
        f"bytes an event: files {size / events:.1f}, {words}; "
        f"while importing at most {seen.disk / events:.1f} beside the files, "
        f"{seen.with_files / events:.1f} with them"
    )


if __name__ == "__main__":
    sys.exit(main())
