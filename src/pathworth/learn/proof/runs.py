"""Runs seeds in a pool, writes one line per finished seed, and goes on from there after a kill."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from pathlib import Path

from pathworth.learn.proof.coverage import Row

PACKAGE = Path(__file__).parents[2]
GRADED = ("base", "kernels", "store", "journeys", "value/chain", "learn/company")
SECONDS_BETWEEN_LINES = 5.0


def fingerprint(folders: tuple[str, ...] = GRADED) -> str:
    """Return a digest of every source that a graded number passes through: other code, other lines."""
    digest = hashlib.sha256()
    for folder in folders:
        for source in sorted((PACKAGE / folder).rglob("*")):
            if (
                source.suffix in {".py", ".toml", ".yaml"}
                and "proof" not in source.relative_to(PACKAGE).parts
            ):
                digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Runs:
    """The finished seeds of one case, kept as lines of JSON.

    Parameters
    ----------
    folder
        Holds a file per case.
    key
        Name of the case.
    code
        Digest of the code; lines of other code are kept and not read.
    """

    folder: Path
    key: str
    code: str

    @property
    def path(self) -> Path:
        """Return the file of the case."""
        return self.folder / f"{self.key}.jsonl"

    def finished(self) -> dict[int, Row]:
        """Return the row of every seed that this code has finished; a line cut by a kill is passed over."""
        found: dict[int, Row] = {}
        for line in self._lines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue
            if row.get("code") == self.code:
                found[int(row["seed"])] = {k: (v[0], v[1], v[2]) for k, v in row["row"].items()}
        return found

    def _lines(self) -> Iterator[str]:
        if self.path.exists():
            yield from self.path.read_text().splitlines()

    def run(
        self,
        grade: Callable[[int], Row],
        *,
        seeds: range,
        pool: Executor,
        told: Callable[[str], object],
    ) -> None:
        """Grade every seed that is not finished yet.

        Parameters
        ----------
        grade
            Grades one seed.
        seeds
            All seeds of the case.
        pool
            Where seeds are graded.
        told
            Called with a line about what is done and the time left.
        """
        finished = self.finished()
        open_ = [seed for seed in seeds if seed not in finished]
        if not open_:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        begun = last = time.monotonic()
        cut = self.path.exists() and not self.path.read_bytes().endswith(b"\n")
        with self.path.open("a") as file:
            file.write("\n" if cut else "")
            futures = {pool.submit(grade, seed): seed for seed in open_}
            for done, future in enumerate(as_completed(futures), start=1):
                self._write(file.write, seed=futures[future], future=future)
                file.flush()
                now = time.monotonic()
                if now - last > SECONDS_BETWEEN_LINES or done == len(open_):
                    left = (now - begun) / done * (len(open_) - done)
                    told(f"{self.key}: {done} of {len(open_)} seeds, {left / 60:.1f} minutes left")
                    last = now

    def _write(
        self,
        write: Callable[[str], object],
        *,
        seed: int,
        future: Future[Row],
    ) -> None:
        row = {"seed": seed, "code": self.code, "row": dict(future.result())}
        write(json.dumps(row) + "\n")
