"""Imports of known exports, killed for good, go on where they stood inside documents and archives."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.collect.importers.test_product_analytics import amplitude, archive
from tests.collect.importers.test_stripe import FEB, MAR, page, subscription
from tests.collect.test_cut_imports import NOTE, Importer, importer
from tests.store.held import told

from pathworth.store import Workspace

pytestmark = pytest.mark.slow

__all__ = ["importer"]
STEPS = [(*NOTE, 1), (*NOTE, 1), (*NOTE, 1), ("pathworth.store.imports", "judge", 0)]


def cut_and_whole(importer: Importer, folder: Path, *, files: list[Path]) -> list[str]:
    """Import files once in one go and once with kills between, and return what was said of going on."""
    clean, shop = folder / "clean", folder / "shop"
    for one in (clean, shop):
        Workspace.create(one)
    whole = importer.bring_in(clean, files)
    assert (whole["ended"], "notice" in whole) == (0, False)
    said = []
    for step in STEPS:
        found = importer.bring_in(shop, files, step)
        assert found["ended"] == -signal.SIGKILL, step
        said += [found["notice"]] if "notice" in found else []
    last = importer.bring_in(shop, files)
    assert (last["ended"], last["accepted"], last["rejected"]) == (
        0,
        whole["accepted"],
        whole["rejected"],
    )
    assert told(Workspace.open(shop)) == told(Workspace.open(clean))
    return [*said, last["notice"]]


def test_documents_go_on_behind_the_record_that_was_set_aside(
    tmp_path: Path, importer: Importer
) -> None:
    def row(number: int) -> dict[str, Any]:
        more: dict[str, Any] = (
            {"trial_start": FEB} if number % 3 else {"ended_at": MAR, "status": "canceled"}
        )
        return subscription(
            f"sub_{number}", customer=f"cus_{number % 40}" if number % 50 else None, **more
        )

    files = [tmp_path / "first.json", tmp_path / "second.jsonl"]
    files[0].write_text(json.dumps(page(*map(row, range(200))), indent=1))
    files[1].write_text("".join(f"{json.dumps(row(k))}\n" for k in range(150, 300)))
    said = cut_and_whole(importer, tmp_path, files=files)
    assert len(said) >= 3
    assert all("going on from row" in words for words in said)
    assert "second.jsonl" in said[-1]


def test_archives_go_on_inside_the_file_that_was_being_read(
    tmp_path: Path, importer: Importer
) -> None:
    def hour(number: int) -> list[dict[str, Any]]:
        times = {k: "soon" if k == 7 else "2024-03-01 12:00:00" for k in range(120)}
        return [
            amplitude(0, uuid=f"{number}-{k}", user_id=f"u{k % 30}", event_time=time)
            for k, time in times.items()
        ]

    path = tmp_path / "export.zip"
    path.write_bytes(archive({f"99/99_2024-03-01_{k}#0.json.gz": hour(k) for k in range(3)}))
    said = cut_and_whole(importer, tmp_path, files=[path])
    assert len(said) >= 3
    assert all("of export.zip" in words for words in said)
