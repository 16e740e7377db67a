"""The first map is discovered once, and never comes on top of what a person saved meanwhile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathworth import atlas, run
from pathworth.run.intake.arrivals import arrive


def test_a_map_saved_while_the_first_one_is_discovered_stays_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = run.init(tmp_path / "shop")
    events = [
        {"event": name, "person": f"p{k}", "time": f"2026-03-0{day}T10:00:00Z", "id": f"{k} {day}"}
        for k in range(20)
        for day, name in enumerate(("look", "choose", "pay"), 1)
    ]
    arrive(opened, json.dumps({"source": "app", "events": events}))
    discover, own = atlas.discover, atlas.MapDocument("journey", ())

    def slow(*given: object, **asked: object) -> object:
        found = discover(*given, **asked)  # type: ignore[arg-type]
        opened.store.save_map("journey", atlas.dump_map(own), author="ann")
        return found

    monkeypatch.setattr(atlas, "discover", slow)
    document, revision = opened.map()
    assert (document.steps, revision) == ((), 1)
    assert [one.author for one in opened.store.maps()] == ["ann"]
