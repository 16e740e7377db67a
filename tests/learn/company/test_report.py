"""The report puts what was planted beside what was found."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pathworth.learn.company import compare, history, load_company, renamed, write
from pathworth.value import PropertyValue


def row(name: str, value: str, money: float) -> SimpleNamespace:
    return SimpleNamespace(group=PropertyValue(name, value), per_month=money)


def harmless(
    reason: str, *, event: str | None = None, group: PropertyValue | None = None
) -> SimpleNamespace:
    return SimpleNamespace(event=event, group=group, reason=reason)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("planted")
    write(history(load_company(), people=400, seed=1), place)
    return place


def test_what_was_found_stands_beside_its_truth_with_its_rank(folder: Path) -> None:
    price = SimpleNamespace(
        do_next=(row("country", "NL", 9.0), row("ledger", "datev", 7.0)),
        cannot_fix=(row("ledger", "netsuite", 5.0),),
        ignore=(
            harmless("come_back", event="Pricing Viewed"),
            harmless("come_back", event="Tour Skipped"),
        ),
    )
    found = {one.id: one for one in compare(price, folder)}
    assert (found["F2"].found, found["F2"].rank) == (7.0, 2)
    assert found["F2"].truth == pytest.approx(21_600 * 272 / 13_600, rel=0.1)
    assert (found["F4"].found, found["F4"].rank) == (None, None)
    assert found["F4"].truth > 0
    assert (found["M1"].found, found["M1"].rank) == (5.0, 1)
    assert (found["N2"].truth, found["N2"].found, found["N2"].rank) == (0.0, 0.0, 1)
    assert found["N1"].rank is None, "the tour stands there for the wrong reason"
    assert [one.id for one in compare(price, folder)][:3] == ["F1", "F2", "F3"]


def test_a_renamed_world_is_compared_in_its_own_words(tmp_path: Path) -> None:
    world = renamed(history(load_company(), people=400, seed=1), 9)
    write(world, tmp_path)
    words = world.words
    price = SimpleNamespace(
        do_next=(row(words["ledger"], words["datev"], 7.0),), cannot_fix=(), ignore=()
    )
    found = {one.id: one for one in compare(price, tmp_path)}
    assert found["F2"].rank == 1
    assert found["M1"].rank is None
