"""A file that was sent lies aside until it is imported, and leaves nothing behind when it cannot be kept."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pathworth.base.errors import BadInput, StoreTrouble, UnknownName
from pathworth.store import Upload, Uploads, Workspace


async def sent(*parts: bytes, trouble: BaseException | None = None) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    if trouble is not None:
        raise trouble


def keep(uploads: Uploads, name: str, body: AsyncIterator[bytes]) -> Upload:
    # A thread of its own: the browser tests leave a loop running in the thread that tests share.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(uploads.keep(name, body))).result()


def left(workspace: Workspace) -> list[Path]:
    return list((workspace.path / "uploads").iterdir())


def test_a_file_is_kept_under_a_harmless_name_and_dropped(tmp_path: Path) -> None:
    uploads = Uploads(Workspace.create(tmp_path / "w"))
    kept = keep(uploads, "../../etc/passwd\\a.csv", sent(b"a,b", b"\n"))
    assert (kept.name, kept.bytes) == ("a.csv", 4)
    assert uploads.path(kept.id).read_bytes() == b"a,b\n"
    assert uploads.drop(kept.id) == kept
    with pytest.raises(UnknownName, match="UNKNOWN_UPLOAD"):
        uploads.path(kept.id)
    with pytest.raises(UnknownName, match="UNKNOWN_UPLOAD"):
        uploads.path("../..")


@pytest.mark.parametrize(
    ("parts", "trouble", "code", "kind"),
    [
        ((), None, "EMPTY_FILE", BadInput),
        ((b"x",), OSError(errno.ENOSPC, "No space left on device"), "DISK_FULL", StoreTrouble),
    ],
)
def test_what_cannot_be_kept_leaves_nothing(tmp_path: Path, parts, trouble, code, kind) -> None:
    workspace = Workspace.create(tmp_path / "w")
    with pytest.raises(kind, match=code):
        keep(Uploads(workspace), "a.csv", sent(*parts, trouble=trouble))
    assert left(workspace) == []


def test_a_file_that_nobody_imported_is_gone_after_a_day(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    uploads = Uploads(workspace)
    old = keep(uploads, "old.csv", sent(b"x"))
    os.utime(uploads.path(old.id).parent, (0, 0))
    new = keep(uploads, "new.csv", sent(b"x"))
    assert [one.name for one in left(workspace)] == [new.id]
