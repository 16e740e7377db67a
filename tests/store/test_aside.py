"""Rows that are set aside come back as they were, whole or zone by zone, and so do the verdicts on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pathworth.store import group_of, hash64
from pathworth.store.aside import blocks
from pathworth.store.aside.blocks import (
    PLACE,
    TOGETHER,
    block_files,
    give_back,
    joined,
    read_block,
    write_block,
)
from pathworth.store.aside.verdicts import DUPLICATE, NEW, SHADOWED, Verdicts
from pathworth.store.lake import ZoneFile


def rows(count: int, seed: int) -> pa.Table:
    """Rows with coded, plain, typed and empty columns."""
    rng = np.random.Generator(np.random.Philox(seed))
    words = pa.array([f"w{seed}-{k}" for k in range(9)])
    return pa.table(
        {
            "entity": pa.array([f"p{k}" for k in rng.integers(0, 50, count)]),
            "name": pa.DictionaryArray.from_arrays(pa.array(rng.integers(0, 9, count)), words),
            "value": pa.array(rng.integers(0, 99, count), mask=rng.random(count) < 0.3),
            "cost": pa.nulls(count, pa.int64()),
        }
    )


@pytest.mark.parametrize("spread_from", [1, 10_000])
def test_a_block_is_read_whole_in_its_order_or_zone_by_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spread_from: int
) -> None:
    monkeypatch.setattr(blocks, "SPREAD_FROM", spread_from)
    table = rows(700, 1).combine_chunks()
    path = tmp_path / "a.arrow"
    write_block(path, table)
    whole = read_block(path)
    assert whole[PLACE].to_pylist() == list(range(700))
    assert "cost" not in whole.column_names
    for name in ("entity", "name", "value"):
        assert whole[name].to_pylist() == table[name].to_pylist()
    zone = group_of(hash64(table["entity"].combine_chunks()))
    for number in range(64):
        part = read_block(path, number)
        place = np.flatnonzero(zone == number)
        assert part[PLACE].to_pylist() == place.tolist()
        assert part["name"].to_pylist() == table["name"].take(pa.array(place)).to_pylist()


def test_zones_that_are_done_with_give_their_disk_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "SPREAD_FROM", 1)
    path = tmp_path / "a.arrow"
    write_block(path, rows(700, 1).combine_chunks())
    last = [read_block(path, zone) for zone in range(TOGETHER, 64)]
    whole = sum(file.stat().st_size for file in block_files(path))
    give_back(path, before=TOGETHER - 1)
    assert sum(file.stat().st_size for file in block_files(path)) == whole
    give_back(path, before=TOGETHER)
    assert sum(file.stat().st_size for file in block_files(path)) < 0.8 * whole
    assert [read_block(path, zone) for zone in range(TOGETHER, 64)] == last
    give_back(path, before=64)
    assert not [*tmp_path.iterdir()]


def test_tables_are_joined_whatever_their_columns_are_like() -> None:
    coded, other = rows(20, 1), rows(30, 2)
    plain = other.set_column(1, "name", other["name"].cast(pa.string())).append_column(
        "note", pa.array(["n"] * 30)
    )
    for parts in (
        [coded, other],
        [coded, plain],
        [plain, coded],
        [coded.drop_columns("name"), other],
    ):
        whole = joined(parts)
        for name in ("entity", "name", "value", "cost", "note"):
            wanted = [
                value
                for part in parts
                for value in (
                    part[name].to_pylist() if name in part.column_names else [None] * len(part)
                )
            ]
            held = whole[name].to_pylist() if name in whole.column_names else [None] * len(whole)
            assert held == wanted
    assert pa.types.is_dictionary(joined([coded, other])["name"].type)
    many = [rows(200, seed) for seed in range(40)]
    assert joined(many)["name"].to_pylist() == [n for t in many for n in t["name"].to_pylist()]


def test_verdicts_are_kept_in_files_and_counted(tmp_path: Path) -> None:
    rng = np.random.Generator(np.random.Philox(3))
    found = rng.choice([NEW, NEW, DUPLICATE, SHADOWED], 500).astype(np.uint8)
    ordinal = np.where(rng.random(500) < 0.1, 3, 0).astype(np.int32)
    verdicts = Verdicts(tmp_path, 500)
    assert verdicts.ordinal_of(np.arange(5)) is None
    for part in np.array_split(rng.permutation(500), 7):
        verdicts.note(part, verdict=found[part], ordinal=ordinal[part], of=len(part))
    assert (verdicts.of(100, 50) == found[100:150]).all()
    assert (verdicts.ordinal_of(np.arange(500)) == ordinal).all()
    assert (verdicts.accepted, verdicts.shadowed) == (
        (found == NEW).sum(),
        (found == SHADOWED).sum(),
    )
    kept = np.cumsum([0, *(found != DUPLICATE)])
    assert verdicts.kept_before([0, 20, 480, 500]).tolist() == kept[[0, 20, 480, 500]].tolist()
    assert {path.name for path in tmp_path.iterdir()} == {"verdicts", "ordinals"}


def test_a_file_of_the_lake_holds_codes_and_texts_alike(tmp_path: Path) -> None:
    file = ZoneFile(
        tmp_path, "zone=07/import.parquet", import_id=3, columns={"plan": "p_plan"}, group=10
    )
    times = pa.array(range(12), pa.timestamp("us", "UTC"))
    whole = []
    for plan in (["a", "b"] * 6, ["x"] * 12, [f"u{k}" for k in range(12)]):
        for column in (pa.array(plan), pa.array(plan).dictionary_encode()):
            known = {"seq": pa.array(range(12)), "entity": column, "name": column, "time": times}
            content = pa.array(np.arange(12))
            file.add(pa.table({**known, "content": content, "plan": column}))
            whole += plan
    made = file.close()
    assert made is not None
    assert made.rows == 72
    held = pa.parquet.read_table(tmp_path / made.path)
    assert held["p_plan"].to_pylist() == held["entity"].to_pylist() == whole
    assert held["p_plan"].type == pa.string()
    assert held["import_id"].unique().to_pylist() == [3]
    assert held["time"].type == times.type
    empty = ZoneFile(tmp_path, "zone=08/import.parquet", import_id=3, columns={})
    assert empty.close() is None
