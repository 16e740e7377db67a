"""Imports of real files, killed for good at every kind of step, go on where they stood."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest
from tests.forked import Forks, forks
from tests.store.held import told

from pathworth.store import Workspace

ROWS, BAD = 400, 4
NOTE = ("pathworth.store.aside.logbook", "Logbook.note")
STEPS = [
    (*NOTE, 0),
    (*NOTE, 2),
    (*NOTE, 2),
    (*NOTE, 2),
    ("pathworth.store.payload", "write_block", 3),
    ("pathworth.store.imports", "judge", 0),
    (*NOTE, 0),
    ("pathworth.store.imports", "shadow", 0),
    ("pathworth.store.accept", "ZoneFile.close", 5),
    (*NOTE, 20),
    ("pathworth.store.lake.table", "link_in", 3),
    ("pathworth.store.imports", "stage_snapshot", 0),
    ("pathworth.store.shards.build", "ShardWriter", 0),
    ("pathworth.store.commits", "write_whole", 0),
    ("pathworth.store.commits", "finish", 0),
]


class Importer:
    """Imports files in children of their own."""

    def __init__(self, program: Forks) -> None:
        self.program = program

    def bring_in(self, folder: Path, files: list[Path], step: tuple = ()) -> dict:
        """Import files up to a step, and return all that was told, with how the child ended."""
        said, ended = self.program.run(folder, list(map(str, files)), step)
        found: dict = {"ended": ended}
        for line in said:
            found |= json.loads(line)
        return found


@pytest.fixture(scope="module")
def importer() -> Iterator[Importer]:
    with forks("tests.collect.cut_imports") as program:
        yield Importer(program)


def rows(seed: int) -> pa.Table:
    """Rows of sixty entities, some of them twice, a few without a time."""
    rng = np.random.Generator(np.random.Philox(seed))
    time = [f"2024-03-{1 + k // 20:02d} 10:{k % 20:02d}:00" for k in range(ROWS)]
    table = pa.table(
        {
            "user_id": [f"é-{k}" for k in rng.integers(0, 60, ROWS)],
            "event": [f"event {k}" for k in rng.integers(0, 5, ROWS)],
            "timestamp": [None if k % (ROWS // BAD) == 7 else time[k] for k in range(ROWS)],
            "plan": [f"plan {seed} {k}" for k in rng.integers(0, 9, ROWS)],
        }
    )
    twice = [k if k % 10 else max(k - 110, 1) for k in range(ROWS)]
    return table.take(pa.array(twice))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    before, first, second = (folder / n for n in ("before.csv", "a.parquet", "b.csv"))
    pcsv.write_csv(rows(1).slice(0, 150), before)
    pq.write_table(rows(1), first, row_group_size=50)
    pcsv.write_csv(rows(2), second)
    return [before, first, second]


def test_an_import_killed_again_and_again_goes_on_where_it_stood_and_ends_as_if_never_cut(
    tmp_path: Path, files: list[Path], importer: Importer
) -> None:
    clean, shop = tmp_path / "clean", tmp_path / "shop"
    for folder in (clean, shop):
        Workspace.create(folder)
        assert importer.bring_in(folder, files[:1])["ended"] == 0
    whole = importer.bring_in(clean, files[1:])
    assert whole["ended"] == 0
    assert whole["rejected"] > 0
    assert "notice" not in whole
    at: list[tuple[str, int]] = []
    for step in STEPS:
        found = importer.bring_in(shop, files[1:], step)
        assert found["ended"] == -signal.SIGKILL, step
        if "notice" in found:
            row, name = re.findall(r"from row (\d+) of (\S+)\.$", found["notice"])[0]
            at.append((name, int(row)))
    # Nothing but the first two starts began at the beginning, and each went on behind the one before.
    assert len(at) == len(STEPS) - 2
    assert at == sorted(at)
    assert len(set(at)) >= 4
    assert at[-1] == ("b.csv", ROWS + 1)
    opened = Workspace.open(shop)
    assert told(opened) == told(Workspace.open(clean))
    assert not (shop / "staging").exists()
    assert not (shop / "unfinished").exists()


def test_files_that_came_in_after_a_kill_change_nothing_when_they_are_brought_again(
    tmp_path: Path, files: list[Path], importer: Importer
) -> None:
    shop = tmp_path / "shop"
    Workspace.create(shop)
    assert importer.bring_in(shop, files[1:], (*NOTE, 3))["ended"] == -signal.SIGKILL
    assert importer.bring_in(shop, files[1:])["accepted"] > 0
    before = told(Workspace.open(shop))
    # The same rows in other bytes are read again, and are all there.
    copies = [tmp_path / "again.parquet", tmp_path / "again.csv"]
    pq.write_table(pq.read_table(files[1]), copies[0], row_group_size=70)
    copies[1].write_bytes(files[2].read_bytes() + b"\n")
    for paths in (files[1:], copies):
        found = importer.bring_in(shop, paths)
        assert found["accepted"] == 0
        assert found["duplicates"] + found["rejected"] > 0
    rows, shown, zones, _ = told(Workspace.open(shop))
    assert (rows, zones) == (before[0], before[2])
    for name in before[1]:
        assert shown[name] == before[1][name]
