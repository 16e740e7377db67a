"""Definitions of segments are kept one after the other, and snapshots carry what stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathworth.base.errors import UnknownName
from pathworth.base.segments import Segment, SegmentRevision
from pathworth.store import Segments, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "shop")


def said(who: str, at_us: int, author: str = "ann") -> SegmentRevision:
    return SegmentRevision(1, who, author, at_us, (("Buys", "event = 'order'"),), "shop")


def test_revisions_are_numbered_and_never_of_one_moment(workspace: Workspace) -> None:
    kept = Segments(workspace)
    kept.save("ours", said("a = 1", 100))
    kept.save("ours", said("a = 2", 100, "bob"))
    found = kept.save("ours", said("a = 3", 50))
    assert [(one.revision, one.saved_us, one.author) for one in found.revisions] == [
        (1, 100, "ann"),
        (2, 101, "bob"),
        (3, 102, "ann"),
    ]
    assert kept.get("ours") == found
    assert found.newest.steps == (("Buys", "event = 'order'"),)


def test_the_newest_text_again_gives_no_new_revision(workspace: Workspace) -> None:
    kept = Segments(workspace)
    first = kept.save("ours", said("a = 1", 100))
    assert kept.save("ours", said("a = 1", 900, "bob")) == first


def test_a_deleted_segment_keeps_its_revisions_for_who_saves_it_again(workspace: Workspace) -> None:
    kept = Segments(workspace)
    kept.save("ours", said("a = 1", 100))
    kept.delete("ours", author="bob", at_us=200)
    assert kept.all() == ()
    with pytest.raises(UnknownName):
        kept.get("ours")
    found = kept.save("ours", said("a = 1", 300))
    assert [one.revision for one in found.revisions] == [1, 2]
    assert kept.all() == (found,)


def test_a_revision_counts_from_when_it_was_saved_and_the_first_since_ever() -> None:
    revisions = tuple(SegmentRevision(k + 1, "a", "", 100 * (k + 1)) for k in range(3))
    segment = Segment("ours", revisions)
    counts = {at: segment.at(at).revision for at in (-5, 100, 200, 201, 300, 301, 2**61)}
    assert counts == {-5: 1, 100: 1, 200: 1, 201: 2, 300: 2, 301: 3, 2**61: 3}


def test_snapshots_carry_the_segments_and_stay_the_same_while_they_do(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pathworth.store.records.database._SURE_NS", 0)
    assert workspace.snapshot().segments == ()
    found = Segments(workspace).save("ours", said("a = 1", 100))
    assert workspace.snapshot().segments == (found,)
    other = Workspace.open(workspace.path)
    assert other.snapshot().segments == (found,)
    Segments(other).delete("ours", author="", at_us=200)
    assert workspace.snapshot().segments == ()
