"""Files that several machines find: a folder that all mount; object storage is tested with the cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathworth.base.errors import BadInput
from pathworth.store import Shared, find
from pathworth.store.shared.places import fetch


def test_a_file_is_put_once_found_and_removed(tmp_path: Path) -> None:
    shared, file = Shared(str(tmp_path / "all")), tmp_path / "file"
    file.write_bytes(b"something")
    found = shared.put(file, "a/b.1")
    place = find(found)
    assert place == tmp_path / "all" / "a" / "b.1"
    assert place.read_bytes() == b"something"
    before = place.stat().st_ino
    assert shared.put(file, "a/b.1") == found
    assert place.stat().st_ino == before
    # One that was cut short is put again.
    place.write_bytes(b"some")
    shared.put(file, "a/b.1")
    assert find(found).read_bytes() == b"something"
    fetch(found, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"something"
    assert [one.name for one in place.parent.iterdir()] == ["b.1"]
    shared.remove("a")
    shared.remove("a")
    assert not place.exists()


def test_a_path_is_found_as_it_is() -> None:
    assert find("/some/where") == Path("/some/where")


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(BadInput, match="BAD_SHARED") as caught:
        Shared("nowhere://somebody:something@bucket/shop").put(file, "file")
    assert "nowhere://bucket/shop" in str(caught.value)
    assert "something" not in str(caught.value)
