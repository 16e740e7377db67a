"""What is sent knows people by their devices, has strangers among it, and never tells what only the truth knows."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pathworth import run
from pathworth.collect import files_of, import_files, load_mapping
from pathworth.learn.company import (
    World,
    compare_people,
    excluded,
    history,
    load_company,
    write,
)
from pathworth.store import Links, Workspace

COMPANY = load_company()
NOISE = COMPANY.noise
PEOPLE = 3_000
DAY = 10


@pytest.fixture(scope="module")
def world() -> World:
    return history(COMPANY, people=PEOPLE, seed=4)


@pytest.fixture(scope="module")
def folder(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("company")
    write(world, place)
    return place


@pytest.fixture(scope="module")
def lines(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, tuple[str | None, str]]:
    table = pq.read_table(folder / "truth" / "ids.parquet").to_pylist()
    return {row["id"]: (row["person"], row["kind"]) for row in table}


@pytest.fixture(scope="module")
def workspace(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace.create(tmp_path_factory.mktemp("work") / "w", timezone=COMPANY.zone)
    for name in ("others.yaml", "mapping.yaml"):
        mapping = load_mapping(folder / name)
        answer = import_files(made, files_of(mapping, folder), mapping=mapping)
        assert answer.rejected == 0
    return made


def near(found: int, of: int, share: float) -> bool:
    """Whether a count is within three standard errors of its share."""
    return abs(found / of - share) < 3 * (share * (1 - share) / of) ** 0.5


def test_devices_are_as_many_as_planted(lines: list[dict], truth: dict) -> None:
    days, devices = defaultdict(set), defaultdict(set)
    for line in lines:
        person, kind = truth[line["anonymousId"]]
        if kind == "device":
            days[person].add(line["timestamp"][:DAY])
            devices[person].add(line["anonymousId"])
    # Whoever comes on so many days is seen on every device: 0.925^40 of the third ones are missed.
    often = [person for person, seen in days.items() if len(seen) >= 40]
    assert len(often) > 150
    counts = Counter(len(devices[person]) for person in often)
    never = NOISE.never_identified
    assert near(
        counts[2] + counts[3], len(often), (NOISE.two_devices + NOISE.three_devices) * (1 - never)
    )
    assert set(counts) == {1, 2, 3}


def test_nobody_is_known_before_the_sign_up_and_the_sign_up_tells_both_ids(
    lines: list[dict], world: World
) -> None:
    entrants = set(world.ids[world.persons.part < 2].astype(str).tolist())
    first: dict[str, dict] = {}
    for line in lines:
        if line.get("userId") in entrants:
            first.setdefault(line["userId"], line)
    assert len(first) > 500
    late = [line for line in first.values() if line["event"] not in NOISE.signs]
    # Only what arrives late, or was on a clock that is wrong, can come before it.
    assert len(late) < 0.03 * len(first)
    assert all("anonymousId" in line for line in lines)


def test_a_message_says_the_same_whenever_it_is_sent(lines: list[dict]) -> None:
    seen: dict[str, dict] = {}
    assert all(seen.setdefault(line["messageId"], line) == line for line in lines)
    again = len(lines) - len(seen)
    assert near(again, len(seen), NOISE.duplicate_share)


def test_clocks_are_wrong_on_few_devices_and_by_more_than_an_hour(world: World) -> None:
    from pathworth.learn.company.sent.sending import sent_of

    devices = sent_of(world).devices
    assert devices is not None
    wrong = devices.skew_ms != 0
    assert near(len(np.unique(devices.device[wrong])), len(devices.ids), NOISE.skew_share)
    assert np.abs(devices.skew_ms[wrong]).min() >= 3_600_000
    assert world.from_us <= (world.events.time_us + devices.skew_ms * 1000).min()


def test_kiosks_are_shared_by_four_to_nine_people_of_one_account(
    lines: list[dict], truth: dict, world: World
) -> None:
    owner = dict(zip(world.ids.astype(str).tolist(), world.persons.account.tolist(), strict=True))
    people = defaultdict(set)
    for line in lines:
        if truth[line["anonymousId"]][1] == "kiosk":
            people[line["anonymousId"]].add(line["userId"])
    assert len(people) == round(NOISE.kiosks * len(world.ids) / COMPANY.size.people) > 1
    assert all(4 <= len(some) <= 9 for some in people.values())
    assert all(len({owner[one] for one in some}) == 1 for some in people.values())


def test_bots_are_their_share_of_what_is_anonymous_and_read_pages_at_a_steady_pace(
    lines: list[dict], truth: dict
) -> None:
    anonymous = [line for line in lines if "userId" not in line]
    bots = [line for line in anonymous if truth[line["anonymousId"]][1] == "bot"]
    assert len(bots) == pytest.approx(COMPANY.bots.share * len(anonymous), rel=0.02)
    assert {line["event"] for line in bots} == {"Page Viewed"}
    assert all("bot" in line["context"]["userAgent"] for line in bots)
    one = [line["timestamp"] for line in bots if line["anonymousId"] == bots[0]["anonymousId"]]
    assert len(set(np.diff(np.array([text[:-1] for text in one], "datetime64[ms]")))) == 1


def test_the_companys_own_people_and_tests_are_on_a_list(
    lines: list[dict], folder: Path, world: World
) -> None:
    found = excluded(folder)
    assert {kind: len(ids) for kind, ids in found.items()} == {
        one.kind: round(one.count * len(world.ids) / COMPANY.size.people)
        for one in COMPANY.stranger
    }
    seen = {line.get("userId") for line in lines}
    assert all(id_ in seen for ids in found.values() for id_ in ids)
    assert "@lanternbook.example" in (folder / "employees.csv").read_text()
    assert not {id_ for ids in found.values() for id_ in ids} & set(world.ids.astype(str).tolist())


def test_people_are_found_again_and_no_kiosk_merges_two(
    workspace: Workspace, folder: Path, truth: dict
) -> None:
    snapshot = workspace.whole_snapshot(at_once=True)
    found = compare_people(snapshot.persons_by, folder)
    assert (found.precision, found.merged) == (1.0, 0)
    assert found.kiosks == found.kiosks_apart > 1
    # What is missed was never told: other devices of those who did not sign up, or never logged in there.
    assert 0.85 < found.recall < 1.0
    missed = (found.missed_nowhere, found.missed_kiosk, found.missed_otherwise)
    assert sum(missed) == found.pairs - found.both
    assert found.missed_nowhere > 0
    assert found.missed_otherwise == 0
    assert found.found > found.people
    shared = {one.id for one in Links(workspace).suspects() if one.why == "shared"}
    assert shared == {id_ for id_, (_, kind) in truth.items() if kind == "kiosk"}


def test_the_truth_says_of_each_device_where_its_owner_logs_in(
    folder: Path, lines: list[dict], truth: dict
) -> None:
    logins = {
        row["id"]: row["login"]
        for row in pq.read_table(folder / "truth" / "ids.parquet").to_pylist()
        if row["kind"] == "device"
    }
    said, at_kiosk = defaultdict(set), set()
    for line in lines:
        if "userId" in line:
            said[line["anonymousId"]].add(line["userId"])
            if truth[line["anonymousId"]][1] == "kiosk":
                at_kiosk.add(line["userId"])
    for device, login in logins.items():
        assert (login == "here") == (device in said), device
        if login == "at a kiosk":
            assert truth[device][0] in at_kiosk
    assert Counter(logins.values())["nowhere"] > 20


def test_missed_pairs_are_told_apart_by_where_their_owner_logs_in(tmp_path: Path) -> None:
    rows = [
        ("p", "p", "person", None),
        ("a", "p", "device", "here"),
        ("b", "p", "device", "nowhere"),
        ("c", "p", "device", "at a kiosk"),
    ]
    ids, persons, kinds, logins = (list(column) for column in zip(*rows, strict=True))
    table = {"id": ids, "person": persons, "kind": kinds, "login": logins}
    (tmp_path / "truth").mkdir()
    pq.write_table(pa.table(table), tmp_path / "truth" / "ids.parquet")
    found = compare_people(lambda ids: {one: one for one in ids}, tmp_path)
    missed = (found.missed_nowhere, found.missed_kiosk, found.missed_otherwise)
    assert (found.pairs, missed) == (6, (3, 2, 1))


def test_persons_put_together_wrongly_are_told(folder: Path) -> None:
    everybody = compare_people(lambda ids: dict.fromkeys(ids, "one"), folder)
    assert (everybody.recall, everybody.found, everybody.merged) == (1.0, 1, 1)
    assert everybody.precision < 0.01
    assert everybody.kiosks_apart == 0
    nobody = compare_people(lambda ids: {one: one for one in ids}, folder)
    assert (nobody.precision, nobody.recall, nobody.found_pairs) == (1.0, 0.0, 0)


def test_one_person_is_met_in_every_tool_on_one_timeline(
    workspace: Workspace, folder: Path, lines: list[dict]
) -> None:
    def column(name: str, key: str) -> set[str]:
        with (folder / name).open(encoding="utf-8") as file:
            return {row[key] for row in csv.DictReader(file)}

    mails = column("crm_deals.csv", "Associated Contact") & column("tickets.csv", "Requester email")
    invoices = (folder / "invoices.jsonl").read_text().splitlines()
    mails &= {json.loads(line)["customer_email"] for line in invoices}
    mails &= column("emails.csv", "Email")
    with (folder / "crm_contacts.csv").open(encoding="utf-8") as file:
        id_of = {row["Email"]: row["User ID"] for row in csv.DictReader(file)}
    known = {
        line["userId"] for line in lines if line.get("userId") and line["event"] == "Signed Up"
    }
    mail = min(one for one in mails if id_of[one] in known)
    opened = run.open_workspace(workspace.path)
    asked = run.MomentsAsked(kinds=("event",), limit=1_000)
    told = run.moments(opened, run.Subject("person", id_of[mail]), asked=asked)
    seen = {one.name for one in told.moments}
    assert {
        "Signed Up",
        "Subscription Started",
        "Contact created",
        "Deal created",
        "Ticket opened",
    } <= seen
    assert {"Email sent", "Invoice paid"} <= seen
    same = run.moments(opened, run.Subject("person", mail), asked=asked)
    assert {one.key for one in same.moments} == {one.key for one in told.moments}


def test_what_other_tools_say_moves_no_money(workspace: Workspace, world: World) -> None:
    snapshot = workspace.whole_snapshot(at_once=True)
    money = sum(int(shard.columns["value"].sum()) for shard in snapshot.shards)
    _, first = np.unique(world.events.message, return_index=True)
    assert money == world.events.value_micro[first].sum()
    assert "Invoice paid" in snapshot.names
