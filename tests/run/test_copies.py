"""Copies for the machines of a cluster go with the cluster, with its address, and with the files that they are of."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pathworth import collect, run
from pathworth.base.errors import BadInput, StoreTrouble
from pathworth.cli.app import app as command
from pathworth.run.serving import registered as serving
from pathworth.run.serving.registered import registered
from pathworth.store import Copies
from pathworth.store.commits import Places
from pathworth.store.shared import places
from pathworth.store.tail.compact import compacting


@pytest.fixture
def shop(tmp_path: Path) -> run.Workspace:
    made = run.init(tmp_path / "shop")
    take_in(made, "one")
    run.set_cluster(made, master="local[2]", shared=str(tmp_path / "all"))
    return made


def take_in(made: run.Workspace, source: str) -> None:
    file = made.store.path.with_name(f"{source}.csv")
    rows = [f"p{k % 5},click,2026-01-0{1 + k % 9},{source}" for k in range(40)]
    file.write_text("\n".join(["person,event,time,plan", *rows]))
    mapping = collect.FileMapping(entity="person", event="event", time="time", source=source)
    collect.import_files(made.store, [file], mapping=mapping)


def away(*_: object) -> None:
    raise OSError("no network")


def copied(shop: run.Workspace) -> Copies:
    copies = shop.store.copies()
    assert copies is not None
    for file in shop.store.path.glob("snapshots/*/*"):
        copies.put(file)
    assert copies.shared.names()
    return copies


def test_another_address_or_no_cluster_leaves_nothing_at_the_one_before(
    shop: run.Workspace, tmp_path: Path
) -> None:
    before = copied(shop)
    run.set_cluster(shop, shared=str(tmp_path / "other"))
    assert before.shared.names() == {}
    now = copied(shop)
    run.set_cluster(shop, from_events=10)
    assert now.shared.names()
    told = CliRunner().invoke(command, ["cluster", "forget", "-w", str(shop.store.path)])
    assert (told.exit_code, told.stdout) == (0, "No cluster is used any more.\n")
    assert now.shared.names() == {}
    assert shop.store.copies() is None


def test_copies_that_cannot_be_removed_are_told(
    shop: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = copied(shop)
    monkeypatch.setattr(places, "_files", away)
    with pytest.raises(StoreTrouble, match="COPIES_REMAIN") as caught:
        run.forget_cluster(shop)
    assert copies.place in str(caught.value)
    assert shop.store.clusters.read() is None


def test_every_hour_copies_go_whose_files_were_gone_an_hour_before(shop: run.Workspace) -> None:
    job = next(one for one in registered() if one.name == "copies")
    copies, asked = copied(shop), []
    good = len(copies.good())
    take_in(shop, "two")
    assert shop.store.compact("build")
    copied(shop)
    for _ in range(2):
        asked.append(job.work(shop, None))  # type: ignore[arg-type]
        # A question that began before finds its files still.
    assert asked[0].startswith("0 removed")
    assert asked[1].startswith(f"{good} removed")
    before = copies.good()
    take_in(shop, "three")
    assert shop.store.compact("build")
    copied(shop)
    assert job.work(shop, None).startswith("0 removed")  # type: ignore[arg-type]
    assert before <= {*copies.shared.names()}
    assert job.work(shop, None).startswith(f"{len(before)} removed")  # type: ignore[arg-type]


def test_what_is_too_old_is_in_no_copy_after_the_batch(shop: run.Workspace) -> None:
    copies = copied(shop)
    before = copies.good()
    run.keep(shop, "events", duration="8d")
    run.keep_files(shop)
    assert before
    assert not before & {*copies.shared.names()}


def test_files_leave_for_an_address_alone(shop: run.Workspace, tmp_path: Path) -> None:
    run.forget_cluster(shop)
    with pytest.raises(BadInput, match="KEEP_WITHOUT_SHARED"):
        run.set_cluster(shop, master="local[2]", keep_gib=1.0)
    assert shop.store.clusters.read() is None

    def said(*words: str) -> tuple[int, str]:
        told = CliRunner().invoke(command, ["cluster", *words, "-w", str(shop.store.path)])
        return told.exit_code, told.stdout

    where = ("--shared", str(tmp_path / "all"))
    code, words = said("set", "local[2]", *where, "--keep", "0.5")
    assert code == 0
    assert "0.5 GiB of the lake's files" in words
    assert run.cluster_of(shop).keep_gib == 0.5
    assert said("set", "--wait", "7")[0] == 0
    assert run.cluster_of(shop).keep_gib == 0.5
    assert "all of the lake" in said("set", "--keep", "all")[1]
    assert run.cluster_of(shop).keep_gib is None
    for wrong in ("much", "-1", "nan"):
        assert said("set", "--keep", wrong)[0] == 1


def test_a_server_publishes_what_is_new_and_comes_by_every_hour_where_files_may_leave(
    shop: run.Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(serving, "monotonic", lambda: now[0])
    job = next(one for one in registered() if one.name == "publish")
    assert job.ready is not None
    assert job.ready(shop)
    assert "1 files sent" in job.work(shop, None)  # type: ignore[arg-type]
    take_in(shop, "two")
    assert not job.ready(shop)
    now[0] += 61
    assert job.ready(shop)
    job.work(shop, None)  # type: ignore[arg-type]
    now[0] += 7_200
    assert not job.ready(shop)
    run.set_cluster(shop, keep_gib=1.0)
    assert job.ready(shop)
    job.work(shop, None)  # type: ignore[arg-type]
    now[0] += 61
    assert not job.ready(shop)
    run.set_cluster(shop, shared=str(tmp_path / "other"))
    assert job.ready(shop)
    monkeypatch.setattr(places, "_files", away)
    with pytest.raises(StoreTrouble, match="SHARED_UNREACHABLE"):
        job.work(shop, None)  # type: ignore[arg-type]
    assert not job.ready(shop)
    now[0] += 61
    assert job.ready(shop)
    shop.store.clusters.forget()
    assert not job.ready(shop)


def test_what_an_import_is_just_writing_is_published_after_it(shop: run.Workspace) -> None:
    job = next(one for one in registered() if one.name == "publish")
    with shop.store.writing.alone():
        assert job.work(shop, None).startswith("An import is being written")  # type: ignore[arg-type]
    assert "1 files sent" in job.work(shop, None)  # type: ignore[arg-type]


def test_nobody_leaves_an_address_where_shards_are_just_being_built(
    shop: run.Workspace, tmp_path: Path
) -> None:
    before = copied(shop)
    names = {*before.shared.names()}
    with compacting(Places(shop.store.path)):
        for leave in (run.forget_cluster, lambda made: run.set_cluster(made, shared=str(tmp_path))):
            with pytest.raises(StoreTrouble, match="WORKSPACE_BUSY"):
                leave(shop)
    assert run.cluster_of(shop).shared == str(tmp_path / "all")
    assert {*before.shared.names()} == names


def test_without_a_shared_address_there_are_no_copies(shop: run.Workspace) -> None:
    run.forget_cluster(shop)
    run.set_cluster(shop, master="local[2]")
    assert shop.store.copies() is None
    job = next(one for one in registered() if one.name == "copies")
    assert job.ready is not None
    assert not job.ready(shop)
