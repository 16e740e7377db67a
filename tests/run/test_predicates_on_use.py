"""A name in a predicate finds its column on first use, in functions, steps and segments too, and at every place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.act.made import DAY, HOUR, MAP, NOON, agree, program
from tests.store.made import Row, put

from pathworth import act, atlas, measure, run
from pathworth.atlas import MapStep
from pathworth.store import ArrivedEvent, Ledger, Workspace
from pathworth.store.shards import columns as columns_module
from pathworth.store.shards.on_use import ColumnMaker

PEOPLE = 60
BIG = MapStep("big", "Big basket", "event = 'Added' and size >= 3")


def rows() -> list[Row]:
    """Each looks, fills a basket of size k % 5, and one of three buys; a plan and a shelf stand on the look."""
    found: list[Row] = []
    for k in range(PEOPLE):
        said = {"plan": "pro" if k % 2 else "free", "email": f"p{k}@people.example"}
        at = {"entity": f"p{k}", "time_us": NOON - 9 * DAY + k}
        found.append({**at, "name": "Viewed", "first": "Ann", "shelf": f"s{k % 4}", **said})
        found.append({**at, "name": "Added", "time_us": NOON - 8 * DAY + k, "size": str(k % 5)})
        if k % 3 == 0:
            found.append({**at, "name": "Bought", "time_us": NOON - 7 * DAY + k})
    return found


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> run.Workspace:
    monkeypatch.setattr(columns_module, "PROMOTED", 0)
    held = Workspace.create(tmp_path / "shop")
    put(held, rows())
    document = atlas.MapDocument(MAP.name, (*MAP.steps, BIG))
    held.save_map("shop", atlas.dump_map(document), author="test")
    opened = run.open_workspace(tmp_path / "shop")
    assert list(opened.store.snapshot().columns) == ["value", "cost"]
    return opened


def built(shop: run.Workspace) -> set[str]:
    return {name for name, one in shop.store.snapshot().on_use.items() if one.built}


def people(shop: run.Workspace, **chosen: str) -> set[int]:
    found = measure.people(shop.journeys(**chosen), measure.AskSessions(), cell="entities").ids
    return {int(one.removeprefix("p")) for one in found}


EVERYBODY = range(PEOPLE)
BOUGHT_BIG = {k for k in EVERYBODY if k % 5 >= 3 and k % 3 == 0}


@pytest.mark.parametrize(
    ("who", "wanted", "made"),
    [
        ("plan = 'pro'", {k for k in EVERYBODY if k % 2}, {"plan"}),
        ("trait('plan') = 'pro'", {k for k in EVERYBODY if k % 2}, {"plan"}),
        ("did('Big basket')", {k for k in EVERYBODY if k % 5 >= 3}, {"size"}),
        ("matches('\"Big basket\" -> Bought')", BOUGHT_BIG, {"size"}),
    ],
)
def test_who_finds_columns_in_names_deeds_and_patterns(
    shop: run.Workspace, who: str, wanted: set[int], made: set[str]
) -> None:
    assert people(shop, who=who) == wanted
    assert built(shop) == made


def test_where_finds_them_and_so_does_a_segment_in_it(shop: run.Workspace) -> None:
    shop.segments.save("buyers", "matches('\"Big basket\" -> Bought') and plan = 'pro'")
    wanted = {k for k in BOUGHT_BIG if k % 2}
    assert built(shop) == {"plan", "size"}
    again = run.open_workspace(shop.store.path)
    assert people(again, who="in_segment('buyers')") == wanted
    assert people(again, where="event = 'Bought' and in_segment('buyers')") == wanted
    assert people(again, where="shelf = 's1'") == {k for k in EVERYBODY if k % 4 == 1}
    assert built(again) == {"plan", "size", "shelf"}
    counted = measure.matches(again.journeys(who="in_segment('buyers')"), "Added -> Bought")
    assert counted.found.matching == counted.found.entities == len(wanted)


def test_a_segment_leaves_people_out_everywhere_and_after_another_import(
    shop: run.Workspace,
) -> None:
    shop.segments.save("pros", "plan = 'pro'")
    (row,) = run.exclude(shop.store, "ours", who="in_segment('pros')")
    assert (row.people, row.trouble) == (PEOPLE // 2, None)
    more = [{**one, "entity": f"q{k}"} for k, one in enumerate(rows()[:2])]
    put(shop.store, more)
    again = run.open_workspace(shop.store.path)
    assert dict(again.store.snapshot().excluded) == {"ours": PEOPLE // 2}
    assert people(again, who="did('Bought')") == {k for k in EVERYBODY if not k % 6}


def test_a_program_decides_by_a_segment_of_what_only_a_file_has_told(shop: run.Workspace) -> None:
    shop.segments.save("buyers", "matches('\"Big basket\" -> Bought') and plan = 'pro'")
    shop.segments.save("shelf one", "shelf = 's1'")
    run.exclude(shop.store, "ours", who="in_segment('shelf one')")
    one = program(wait="0m", goal=None, who="in_segment('buyers') and matches('Bought ->> Added')")
    act.save_program(shop.store, one)
    agree(shop.store, *(f"p{k}" for k in EVERYBODY))
    act.start_program(shop.store, "basket", now_us=NOON)
    assert built(shop) >= {"plan", "size", "shelf", "email", "first"}
    first = shop.store.snapshot().seq + 1
    act.feed(
        shop.store,
        [ArrivedEvent(first + k, "app", f"m{k}", f"p{k}", "Added", NOON + HOUR) for k in EVERYBODY],
        now_us=NOON + HOUR,
    )
    sent = {r.entity for r in act.decide_due(shop.store, NOON + 2 * HOUR) if r.action == "send"}
    assert sent == {f"p{k}" for k in BOUGHT_BIG if k % 2 and k % 4 != 1}
    assert sent
    reasons = {row.entity: row.reasons for row in Ledger(shop.store).rows()}
    assert "excluded" in reasons["p9"]
    assert "left_audience" in reasons["p0"]


def test_checks_make_no_column_and_still_see_mistakes(
    shop: run.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a check makes no column")

    monkeypatch.setattr(ColumnMaker, "make", never)
    for keeps, text in (
        ("who", "plan = 'pro' and did('Big basket')"),
        ("where", "size >= 2 and trait('plan') is not null"),
        ("where", "matches('\"Big basket\" -> Bought')"),
    ):
        assert run.check_filter(shop, text, keeps=keeps).mistake is None, text  # type: ignore[arg-type]
    for text, code, at in (
        ("paln = 'pro'", "UNKNOWN_COLUMN", 0),
        ("size = 'x'", "TYPE_MISMATCH", 0),
    ):
        mistake = run.check_filter(shop, text, keeps="where").mistake
        assert mistake is not None
        assert (mistake.code, mistake.at) == (code, at)
    asked = program(who="plan = 'pro' and did('Big basket')", exit="shelf = 's2'", holdout=0.1)
    assert act.check(shop.store, asked) == ()
    (found,) = act.check(shop.store, program(who="paln = 'pro'", holdout=0.1))
    assert (found.code, found.hint) == ("UNKNOWN_IN_RULE", "Did you mean plan?")
