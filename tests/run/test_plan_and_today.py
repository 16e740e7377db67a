"""What is accepted keeps what was expected of it; today says in seven lines what changed and what waits."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import pytest
from tests.run.test_learn import (
    QUIET,
    started,
    workspace as shop,  # noqa: F401  # the fixture
)
from tests.value import small_world as sw

from pathworth import atlas, run, store, value
from pathworth.base.errors import Refused, UnknownName, WrongUsage
from pathworth.base.instants import to_instant_us, to_iso
from pathworth.store.records.ledger_rows import LedgerRow

NOON = to_instant_us("2026-06-15T12:00:00Z", "UTC")
DAY = 86_400_000_000


@pytest.fixture(scope="module")
def priced() -> value.Price:
    document = sw.document(None, calendar=sw.SEASONS)
    found = value.price(sw.journeys(sw.live(sw.World(), 1)), document)
    assert len(found.do_next) >= 2
    return replace(found, revision=1)


class Asked:
    """What the price says now; a test may change it."""

    def __init__(self, price: value.Price) -> None:
        self.price = price

    def __call__(self, *_: object, **__: object) -> value.Price:
        return self.price


@pytest.fixture
def asked(priced: value.Price, monkeypatch: pytest.MonkeyPatch) -> Asked:
    now = Asked(priced)
    monkeypatch.setattr("pathworth.run.plan.price", now)
    monkeypatch.setattr(importlib.import_module("pathworth.run.agenda"), "price", now)
    return now


@pytest.fixture
def planned(tmp_path: Path, priced: value.Price) -> run.Workspace:
    opened = run.init(tmp_path / "plan")
    document = sw.document(None, calendar=sw.SEASONS)
    opened.store.save_map(priced.map, atlas.dump_map(document), author="test")
    return opened


def later(price: value.Price, row: str, factor: float | None) -> value.Price:
    """The same price with other data: one row is worth another amount, or is gone."""
    rows = [
        replace(one, per_month=(to := one.per_month * factor), interval=(0.9 * to, 1.1 * to))
        if one.id == row and factor is not None
        else one
        for one in price.do_next
        if one.id != row or factor is not None
    ]  # fmt: skip
    as_of = replace(price.as_of, seq=price.as_of.seq + 1)
    return replace(price, do_next=tuple(rows), as_of=as_of)


def test_accepting_locks_what_the_row_is_worth_and_later_data_do_not_move_it(
    planned: run.Workspace, asked: Asked
) -> None:
    row = asked.price.do_next[0]
    kept = run.accept_opportunity(planned, row.id, owner="Eva", due="2026-07-01", author="ann")
    assert kept.expected.per_month == pytest.approx(row.per_month, abs=1e-5)
    assert (kept.step, kept.group, kept.state) == (row.from_, row.group, "next")
    assert kept.happened == "No new data since it was accepted."
    asked.price = later(asked.price, row.id, 0.4)
    again = run.opportunities(planned)[0]
    assert again.expected == kept.expected
    assert again.now is not None
    assert again.now.per_month == pytest.approx(0.4 * row.per_month)
    assert again.happened.startswith("Less is left than was expected: about ")
    asked.price = later(asked.price, row.id, 5.0)
    assert run.opportunities(planned)[0].happened.startswith("It has grown")
    asked.price = later(asked.price, row.id, None)
    gone = run.opportunities(planned)[0]
    assert gone.now is None
    assert "Nothing of it stands in Do next any more" in gone.happened


def test_only_a_row_that_stands_there_is_accepted_and_only_once_while_it_is_open(
    planned: run.Workspace, asked: Asked
) -> None:
    row = asked.price.do_next[0].id
    with pytest.raises(UnknownName, match="UNKNOWN_ROW"):
        run.accept_opportunity(planned, "nothing", author="ann")
    with pytest.raises(WrongUsage, match="BAD_DUE"):
        run.accept_opportunity(planned, row, due="soon", author="ann")
    first = run.accept_opportunity(planned, row, author="ann")
    with pytest.raises(Refused, match="ALREADY_ACCEPTED"):
        run.accept_opportunity(planned, row, author="bob")
    run.change_opportunity(planned, first.id, said={"state": "done"}, author="ann")
    assert run.accept_opportunity(planned, row, author="bob").id != first.id


def test_every_change_is_kept_and_what_is_the_same_is_no_change(
    planned: run.Workspace, asked: Asked
) -> None:
    number = run.accept_opportunity(planned, asked.price.do_next[0].id, author="ann").id
    run.change_opportunity(planned, number, said={"state": "now", "owner": " Eva "}, author="ann")
    run.change_opportunity(planned, number, said={"state": "now"}, author="bob")
    kept = run.change_opportunity(
        planned, number, said={"owner": "", "note": "Gone."}, author="bob"
    )
    assert [(one.by, one.field, one.before, one.after) for one in kept.history] == [
        ("ann", "state", "next", "now"),
        ("ann", "owner", None, "Eva"),
        ("bob", "owner", "Eva", None),
        ("bob", "note", None, "Gone."),
    ]
    for said, code in (
        ({"state": "never"}, "UNKNOWN_STATE"),
        ({"worth_micro": "1"}, "UNKNOWN_FIELD"),
        ({"experiment": "none"}, "UNKNOWN_EXPERIMENT"),
    ):
        with pytest.raises(UnknownName, match=code):
            run.change_opportunity(planned, number, said=said, author="ann")
    with pytest.raises(UnknownName, match="UNKNOWN_OPPORTUNITY"):
        run.change_opportunity(planned, 99, said={"state": "now"}, author="ann")


def test_an_empty_workspace_says_the_next_step(planned: run.Workspace) -> None:
    found = run.today(planned, at_us=NOON)
    assert [(line.kind, line.command) for line in found.lines] == [
        ("begin", "pathworth import FILE")
    ]


def test_nothing_new_and_nothing_waiting_is_said_in_one_sentence(
    shop: run.Workspace,  # noqa: F811
    asked: Asked,
) -> None:
    known = [row.id for row in asked.price.do_next]
    found = run.today(shop, since="2099-01-01T00:00:00Z", known=known)
    assert found.lines == ()
    assert found.quiet == "Nothing changed and nothing waits."
    assert found.rows == tuple(known)


def test_what_is_new_since_the_last_visit_is_said_and_what_was_known_is_not(
    shop: run.Workspace,  # noqa: F811
    asked: Asked,
) -> None:
    first, *rest = [row.id for row in asked.price.do_next]
    found = run.today(shop, since="2020-01-01T00:00:00Z", known=rest)
    said = {line.id: line.text for line in found.lines}
    assert set(said) == {"imports", "map-way", "do-next"}
    title = next(row.title for row in asked.price.do_next if row.id == first)
    assert title.rstrip(".") in said["do-next"]
    again = run.today(shop, since=found.now, known=found.rows)
    assert again.quiet is not None


def test_what_is_due_expired_unknown_failed_or_ready_stands_before_what_changed(
    shop: run.Workspace,  # noqa: F811
    asked: Asked,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document, _ = shop.map("way")
    steps = (replace(document.steps[0], expires="2026-06-01", owner="Eva"), *document.steps[1:])
    shop.store.save_map("way", atlas.dump_map(replace(document, steps=steps)), author="test")
    monkeypatch.setattr("pathworth.run.plan.now_us", lambda: NOON)
    row, other = (one.id for one in asked.price.do_next[:2])
    for name, due in ((row, "2026-06-14"), (other, "2026-06-20")):
        run.accept_opportunity(shop, name, map_name="way", due=due, author="ann")
    run.write_experiment(shop, QUIET, author="ann", at_us=NOON)
    run.lock_experiment(shop, QUIET.id, at_us=NOON)
    jobs = store.Jobs(shop.store)
    jobs.register("rebuild", period="nightly", next_us=None)
    epoch = jobs.take("rebuild", holder="here", now_us=NOON, until_us=NOON + DAY)
    assert epoch is not None
    with shop.store.database.session() as session:
        from pathworth.store.records.jobs import JobRow

        session.get_one(JobRow, "rebuild").error = "The disk is full."
        session.add(LedgerRow(**_unknown()))
    found = run.today(shop, since="2020-01-01T00:00:00Z", at_us=NOON)
    kinds = [line.kind for line in found.lines]
    assert kinds == sorted(kinds, key=["stop", "late", "waits", "changed"].index)
    said = " ".join(line.text for line in found.lines)
    for words in (
        "overdue by 1 day.",
        "due in 5 days.",
        "expired on 2026-06-01. It belongs to Eva.",
        "The message to p1 may have arrived",
        "Rebuild failed: The disk is full.",
        "is locked and has not begun",
    ):
        assert words in said
    assert len(found.lines) == 7
    assert found.more == 2


def _unknown() -> dict[str, object]:
    return {
        "key": "one", "program": "kit", "revision": 1, "entity": "p1", "unit": "p1", "arm": "treated",
        "trigger_seq": 1, "trigger_us": 1, "decided_us": 1, "action": "send", "reasons": "[]",
        "channel": "email", "address": "p1@example.com", "state": "unknown", "settled_us": 2, "answer": None,
        "purpose": "product", "facts": "{}", "attempts": 1, "not_before_us": 0, "left": False,
    }  # fmt: skip


def test_a_running_experiment_is_spoken_of_once_it_can_be_read(
    shop: run.Workspace,  # noqa: F811
    asked: Asked,
) -> None:
    from tests.run.test_learn import fill

    started(shop)
    assert not any(line.id == QUIET.id for line in run.today(shop).lines)
    fill(shop)
    line = next(line for line in run.today(shop).lines if line.id == QUIET.id)
    assert (line.kind, line.verb) == ("waits", "Decide")
    assert "It works." in line.text


def test_an_address_without_an_instant_is_a_first_visit(planned: run.Workspace) -> None:
    assert run.today(planned, since="yesterday").since is None
    assert run.today(planned, since=to_iso(NOON)).since == to_iso(NOON)
