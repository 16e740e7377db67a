"""A person who is erased is in no answer at once, and in no file after the batch."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.store.crash_moments import Killed, end_at
from tests.store.erased_world import COOKIE, MAIL, WHO, build, found_in, lines, rows_of_person, told
from tests.store.handing_in import read
from tests.store.made import drawn, put

from pathworth.base.errors import Refused, UnknownName, WrongUsage
from pathworth.store import (
    Consent,
    Consents,
    Erasures,
    HandedIn,
    Inbox,
    Ledger,
    Links,
    PersonStates,
    Segments,
    Workspace,
    check_database,
    check_store,
)
from pathworth.store.erasing.rows import ErasedConsentRow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built") / "shop", person=True).path


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Workspace:
    return Workspace.open(shutil.copytree(built, tmp_path / "shop"))


@pytest.fixture(scope="module")
def never(tmp_path_factory: pytest.TempPathFactory) -> tuple:
    return told(build(tmp_path_factory.mktemp("never") / "shop", person=False))


def test_every_answer_is_at_once_and_after_the_batch_what_it_would_be_without_the_person(
    shop: Workspace, never: tuple
) -> None:
    before = shop.whole_snapshot(at_once=True)
    assert before.person_of(WHO) == before.person_of(COOKIE) == COOKIE
    assert list(found_in(shop.path))
    asked = Erasures(shop).ask(COOKIE, because="by mail", by="ann")
    assert (asked.reference, asked.ids, asked.state) == ("E-1", 2, "masked")
    assert told(shop) == never
    assert shop.snapshot().id != before.id
    assert told(Workspace.open(shop.path)) == never
    held = Segments(shop).get("vip").newest.who
    assert WHO not in held
    assert Consents(shop).of(WHO) == ()
    assert Ledger(shop).rows() == ()
    assert PersonStates(shop).of(WHO) is None
    assert [one for one in Links(shop).newest(9) if WHO in (one.one, one.other)] == []
    assert Links(shop).count().standing == 1
    assert Inbox(shop).waiting([WHO]) == ()
    assert not [one for one in Inbox(shop).quarantined() if WHO in one.raw]
    done = Erasures(shop).run(by="ann")
    assert (done.people, done.events, done.references) == (1, 7, ("E-1",))
    assert told(shop) == never
    assert list(found_in(shop.path)) == []
    assert all(one.state == "ok" for one in (*check_store(shop.path), check_database(shop.path)))
    assert not Erasures(shop).waits()
    assert Erasures(shop).run().people == 0


def test_the_certificate_says_where_and_when_and_leads_back_to_nobody(shop: Workspace) -> None:
    Erasures(shop).ask(WHO, because="asked by letter", by="ann")
    Erasures(shop).run()
    held = Erasures(shop).get("E-1")
    assert held.state == "done"
    assert held.done_at is not None
    assert held.searched is not None
    assert held.searched.hits == ()
    assert held.searched.files > 5
    assert held.searched.tables > 20
    places = {one.place: one.rows for one in held.places}
    assert places["answers, lists, search and timelines"] == 7
    assert places["files of the lake"] >= 3
    assert places["rows that other imports hold"] == 2
    assert places["rows that imports refused"] == 1
    for name in ("consents", "ledger of messages and decisions", "saved segments", "database"):
        assert places[name] == 1
    assert [one.place for one in held.remains] == ["fingerprints"]
    assert not any(word in repr(held) for word in (WHO, COOKIE, MAIL))
    assert Erasures(shop).of(COOKIE) == held
    assert Erasures(shop).of("somebody") is None


def test_nothing_that_is_said_of_the_person_later_comes_in(shop: Workspace, never: tuple) -> None:
    Erasures(shop).ask(WHO, because="by mail", by="ann")
    again = put(shop, [*drawn(60, 1), *rows_of_person(0), *rows_of_person(7)])
    assert (again.accepted, again.rejected, again.duplicates) == (0, 4, 60)
    refused = shop.rejects(again.import_id).to_pylist()
    assert {(one["code"], one["raw"]) for one in refused} == {("ERASED_PERSON", "")}
    Erasures(shop).run()
    assert put(shop, rows_of_person(9)).accepted == 0
    for k in (0, 9):
        Inbox(shop).append(HandedIn(lines(person=True, k=k)))
    assert Inbox(shop).number(read) == 4
    Inbox(shop).drain()
    assert Links(shop).join("other-cookie", WHO, author="ann") == 0
    Consents(shop).add([Consent(WHO, "email", "news", given=False, at_us=9, proof=MAIL)])
    with shop.database.session() as session:
        proofs = session.query(ErasedConsentRow).all()
        assert [(one.given, one.at_us) for one in proofs] == [(True, 2), (False, 9)]
    assert WHO not in told(shop)[0]
    assert told(shop)[1] == never[1] + 4
    assert not [line for line in found_in(shop.path) if "workspace.db" not in line]


def test_an_undo_after_an_erasure_brings_nobody_back(shop: Workspace) -> None:
    Erasures(shop).ask(WHO, because="by mail", by="ann")
    Erasures(shop).run()
    undone = shop.undo(1)
    assert undone.restored == 20
    held = told(shop)[0]
    assert WHO not in held
    assert COOKIE not in held
    again = put(shop, [*drawn(60, 1), *rows_of_person(0)])
    assert again.accepted == 40
    assert WHO not in told(shop)[0]
    assert list(found_in(shop.path)) == []


MOMENTS = [
    "commits.sync_tree",
    "Lake.replace",
    "commits.show",
    "erasing.note_erasure",
    "Lake.delete",
    "erasing.clear_former",
    "erasing.clear",
    "Aside.all",
    "Sweep.all",
    "batch.delete_taken",
    "Database.shred",
    "batch._end",
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_batch_that_is_killed_at_any_step_goes_on_to_a_whole_erasure(
    shop: Workspace, never: tuple, moment: str
) -> None:
    Erasures(shop).ask(WHO, because="by mail", by="ann")
    with pytest.MonkeyPatch.context() as patch:
        end_at(patch, moment, after=MOMENTS.index(moment) % 2 == 0)
        with pytest.raises(Killed):
            Erasures(shop).run()
    again = Workspace.open(shop.path)
    assert told(again) == never
    Erasures(again).run()
    assert Erasures(again).get("E-1").state == "done"
    assert told(again) == never
    assert list(found_in(again.path)) == []
    assert all(one.state == "ok" for one in check_store(again.path))


def test_an_erasure_needs_a_reason_and_somebody_who_is_known_and_was_not_erased(
    shop: Workspace,
) -> None:
    kept = Erasures(shop)
    with pytest.raises(WrongUsage, match="REASON_MISSING"):
        kept.ask(WHO, because=" ", by="ann")
    with pytest.raises(UnknownName, match="UNKNOWN_PERSON"):
        kept.ask("nobody-at-all", because="by mail", by="ann")
    kept.ask(WHO, because="by mail", by="ann")
    with pytest.raises(Refused, match="ALREADY_ERASED"):
        kept.ask(COOKIE, because="by mail", by="ann")
    with pytest.raises(UnknownName, match="UNKNOWN_ERASURE"):
        kept.get("E-9")


def test_the_last_person_can_be_erased_and_numbers_are_never_given_again(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "shop")
    put(made, rows_of_person(0))
    Links(made).join(COOKIE, WHO, author="ann")
    Erasures(made).ask(WHO, because="by mail", by="ann")
    assert Erasures(made).run().events == 2
    assert made.snapshot().events == 0
    assert list(found_in(made.path)) == []
    new = put(made, drawn(10, 3))
    assert (new.import_id, new.accepted) == (3, 10)
    assert made.snapshot().events == 10


def test_what_somebody_else_says_of_the_person_is_told_and_not_hidden(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "shop")
    friend = {"entity": "p1", "name": "invited", "time_us": 1, "friend": MAIL}
    put(made, [*rows_of_person(0), friend])
    Erasures(made).ask(WHO, because="by mail", by="ann")
    Erasures(made).run()
    searched = Erasures(made).get("E-1").searched
    assert searched is not None
    assert any(hit.place.startswith("lake/") for hit in searched.hits)
    assert any(one.place.startswith("lake/") for one in Erasures(made).get("E-1").remains)
