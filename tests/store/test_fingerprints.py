"""What is found of the rows of an import does not depend on how many of them are sorted at a time."""

from __future__ import annotations

import numpy as np
import pytest

from pathworth.store import fingerprints
from pathworth.store.aside.verdicts import Verdicts
from pathworth.store.fingerprints import PARTITIONS, Question, Run, RunWriter, judge
from pathworth.store.shards.spool import Spool

FILES = np.array([300, 500, 200])


def words(rng, size):
    """Return ids of which some are the same, and all of a few partitions, so that ranges of them fill."""
    few = rng.integers(0, 2**64, size * 2 // 3, dtype=np.uint64) & ~np.uint64(0b111100 << 58)
    return few[rng.integers(0, len(few), size)]


def judged(folder, *, hashed):
    """Judge a thousand rows, half of whose ids an earlier run holds or not, and return all that was found."""
    rng = np.random.default_rng(3)
    high = words(rng, 1_000)
    low = high * np.uint64(3)
    content = rng.integers(0, 2, 1_000, dtype=np.uint64) * np.uint64(not hashed)
    with RunWriter(folder / "earlier") as writer:
        for part in range(PARTITIONS):
            mine = np.flatnonzero(high[:150] >> np.uint64(58) == part)
            writer.add((high[mine], low[mine], content[mine]))
        writer.sync()
    spool = Spool(folder / "spool", PARTITIONS)
    columns = {"row": np.arange(1_000), "high": high, "low": low}
    if not hashed:
        columns["content"] = content
    spool.spread(high >> np.uint64(58), columns)
    earlier = Run(folder / "earlier")
    verdicts = Verdicts.fresh(folder / "verdicts", 1_000)
    with RunWriter(folder / "new") as writer:
        question = Question(spool, FILES, hashed, [earlier], [earlier])
        judge(question, verdicts, writer=writer, progress=lambda _: None)
    run = Run(folder / "new").whole()
    assert (run[0][1:] >= run[0][:-1]).all()
    ordinal = verdicts.ordinal_of(np.arange(1_000))
    return (
        verdicts.of(0, 1_000).tolist(),
        None if ordinal is None else ordinal.tolist(),
        (verdicts.accepted, verdicts.shadowed, verdicts.conflicting),
        sorted(zip(*(one.tolist() for one in run), strict=True)),
    )


@pytest.mark.parametrize("hashed", [True, False])
def test_ranges_of_ids_are_judged_as_all_at_a_time(tmp_path, monkeypatch, hashed):
    for name in ("whole", "ranges"):
        (tmp_path / name).mkdir()
    whole = judged(tmp_path / "whole", hashed=hashed)
    monkeypatch.setattr(fingerprints, "_FEW", 16)
    assert judged(tmp_path / "ranges", hashed=hashed) == whole
    assert 0 < sum(whole[0]) < 1_000
    assert (whole[1] is not None) == hashed
