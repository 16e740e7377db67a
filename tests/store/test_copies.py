"""No copy for the machines of a cluster outlives the file that it is of: also of an erased person there is none."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from tests.store.erased_world import WHO, WORDS, build
from tests.store.made import drawn, put

from pathworth.base.errors import StoreTrouble
from pathworth.store import (
    CACHE_VARIABLE,
    Cluster,
    Copies,
    Erasures,
    Shared,
    Workspace,
    find,
)
from pathworth.store.commits import Places
from pathworth.store.shared import places
from pathworth.store.tail.compact import compacting


def copied(shop: Workspace, copies: Copies) -> dict[str, str]:
    """Put what a question and a build put there; where each is found, by its place in the workspace."""
    files = [*shop.path.glob("lake/zone=*/*"), *shop.path.glob("snapshots/*/*")]
    return {one.relative_to(shop.path).as_posix(): copies.put(one) for one in files}


def clustered(shop: Workspace, address: Path) -> Copies:
    shop.clusters.save(Cluster("local[2]", shared=str(address)))
    found = shop.copies()
    assert found is not None
    return found


def holding(folder: Path) -> list[str]:
    words = [word.encode() for word in WORDS]
    files = (one for one in folder.rglob("*") if one.is_file())
    return [one.name for one in files if any(word in one.read_bytes() for word in words)]


def test_no_copy_holds_somebody_who_was_erased_and_the_certificate_says_so(tmp_path: Path) -> None:
    shop, address = build(tmp_path / "shop", person=True), tmp_path / "all"
    copies = clustered(shop, address)
    before = copied(shop, copies)
    # What a build that was killed left there.
    copies.shared.put(next(shop.path.glob("snapshots/*/*.shard")), f"{copies.building()}/0.shard")
    assert holding(address)
    Erasures(shop).ask(WHO, because="by mail", by="ann")
    assert Erasures(shop).run().people == 1
    assert holding(address) == []
    left = {*copies.shared.names()}
    assert left == copies.good()
    # A file of the lake has its own name there; of the others it says when they were written.
    stayed = [one for one in before if one in left or any(n.startswith(f"{one}.") for n in left)]
    assert stayed == [one for one in before if (shop.path / one).exists()]
    (erased,) = Erasures(shop).all()
    (place,) = (one for one in erased.places if "cluster" in one.place)
    assert (place.what, place.rows) == ("deleted", len(before) - len(stayed) + 1)
    assert any("cluster" in one.place for one in erased.remains)


def test_an_erasure_waits_until_copies_can_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = build(tmp_path / "shop", person=True)
    copied(shop, clustered(shop, tmp_path / "all"))
    Erasures(shop).ask(WHO, because="by mail", by="ann")

    def away(*_: object) -> None:
        raise OSError("no network")

    with monkeypatch.context() as broken:
        broken.setattr(places, "_files", away)
        with pytest.raises(StoreTrouble, match="SHARED_UNREACHABLE"):
            Erasures(shop).run()
    assert Erasures(shop).all()[0].state == "rewritten"
    assert Erasures(shop).run().people == 1
    assert Erasures(shop).all()[0].state == "done"
    assert holding(tmp_path / "all") == []


def test_what_is_good_spared_or_on_its_way_stays(tmp_path: Path) -> None:
    shop = Workspace.create(tmp_path / "shop")
    put(shop, drawn(50, 1))
    copies = clustered(shop, tmp_path / "all")
    first = copied(shop, copies)
    good = copies.good()
    put(shop, drawn(50, 2))
    assert shop.compact("build")
    copied(shop, copies)
    now = copies.good()
    assert good - now
    building = f"{copies.building()}/0.shard"
    copies.shared.put(next(shop.path.glob("snapshots/*/*.shard")), building)
    part = find(next(iter(first.values()))).with_name("half.part")
    part.touch()
    old = part.with_name("old.part")
    old.touch()
    os.utime(old, (time.time() - 100_000, time.time() - 100_000))
    with compacting(Places(shop.path)):
        assert copies.sweep(spare=good) == 1
        assert copies.sweep() == len(good - now)
        assert {*copies.shared.names()} - now == {building, "lake/zone=new/half.part"}
    # What nobody builds any more was left by one that was killed.
    assert copies.sweep() == 1
    assert copies.sweep(everything=True) == 1
    assert {*copies.shared.names()} == now


def test_a_workspace_has_a_folder_of_its_own_there_and_one_that_was_copied_another(
    tmp_path: Path,
) -> None:
    shop = Workspace.create(tmp_path / "shop")
    mine = clustered(shop, tmp_path / "all")
    assert Workspace.open(shop.path).copies() == mine
    other = Workspace.open(shutil.copytree(shop.path, tmp_path / "other")).copies()
    assert other is not None
    assert other.shared != mine.shared
    assert shop.copies() == mine


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("s3://bucket/shop?region=a", "s3://bucket/shop/x?region=a"),
        ("s3://bucket?region=a", "s3://bucket/x?region=a"),
        ("gs://me@bucket/shop/", "gs://me@bucket/shop/x"),
        ("/mnt/all", "/mnt/all/x"),
    ],
)
def test_a_folder_of_an_address(address: str, found: str) -> None:
    assert Shared(address).within("x") == Shared(found)


def test_a_machine_lets_go_of_what_is_gone_when_it_fetches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    # A folder stands for object storage: what is there is fetched.
    monkeypatch.setattr(places.fs, "LocalFileSystem", type("Other", (), {}))
    monkeypatch.setattr(
        places,
        "_opened",
        lambda address: (places.fs.SubTreeFileSystem("/", _local()), address.lstrip("/")),
    )
    monkeypatch.setattr(places, "_looked", {})
    folder = tmp_path / "all"
    for name in ("a.1", "b.1", "c.1"):
        (folder / "z").mkdir(parents=True, exist_ok=True)
        (folder / "z" / name).write_bytes(name.encode())
    kept = [find(f"shared:z/{name}@{folder}") for name in ("a.1", "b.1")]
    assert [one.read_bytes() for one in kept] == [b"a.1", b"b.1"]
    (folder / "z" / "a.1").unlink()
    assert kept[0].exists()
    monkeypatch.setattr(places, "_looked", {})
    assert find(f"shared:z/c.1@{folder}").read_bytes() == b"c.1"
    assert [one.exists() for one in kept] == [False, True]


def _local(kind: type = places.fs.LocalFileSystem) -> object:
    return kind()
