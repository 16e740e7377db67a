"""The company lives day by day on the stream of its history, and a message changes only those whom it reaches."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from pathworth.base.errors import BadInput, UnknownName
from pathworth.learn.company import history, load_company
from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.files.jsonl import write_events
from pathworth.learn.company.live import (
    Batch,
    Live,
    Message,
    arrived,
    events_of,
    load_interventions,
)
from pathworth.learn.company.moves.journey import RISK, TRIAL

pytestmark = pytest.mark.slow

COMPANY = load_company()
PEOPLE, SEED = 3_000, 3
DAY_US = DAY_MS * 1000
MUTED = "Email Unsubscribed"


def lived(messages: dict[int, list[Message]], *, people: int = PEOPLE) -> tuple[Live, list[Batch]]:
    """Let the company live its year; messages by the day on which they were delivered."""
    live = Live(COMPANY, people=people, seed=SEED)
    batches: list[Batch] = []
    while live.now_ms < live.end_ms + 12 * DAY_MS:
        batches.append(live.next_day(messages.get(len(batches) - 1, ())))
    return live, batches


@cache
def alone() -> tuple[Live, list[Batch]]:
    return lived({})


def rows(live: Live, batches: list[Batch]) -> dict[str, list[tuple]]:
    """Everything that the company's product tells of each person, in the order of arrival."""
    found: dict[str, list[tuple]] = defaultdict(list)
    for batch in batches:
        for event in arrived(live, replace(batch, answers=()), first_seq=1):
            said = tuple(sorted(event.properties.items()))
            row = (event.message_id, event.name, event.time_us, said, event.value)
            found[event.entity].append(row)
    return found


def account(live: Live, person: str) -> str:
    owner = live.register.owner[live.register.place[person.encode()]]
    return live.register.ids[owner].decode()


def message(live: Live, person: int, kind: str, *, day: int) -> Message:
    id_ = live.register.ids[person].decode()
    return Message(id_, kind, live.begin_ms * 1000 + day * DAY_US + DAY_US // 2)


def payers(live: Live) -> list[int]:
    book = len(live.whole.crowd)
    return list(range(book, book + len(live.whole.book.key)))


def test_without_a_message_every_byte_is_that_of_the_history(tmp_path: Path) -> None:
    live, batches = alone()
    world = history(COMPANY, people=PEOPLE, seed=SEED)
    events = events_of(live, batches)
    for name in ("person", "name", "time_us", "message", "value_micro", "cost_micro"):
        told, made = getattr(events, name), getattr(world.events, name)
        assert told.dtype == made.dtype
        assert told.tobytes() == made.tobytes(), name
    assert list(events.columns) == list(world.events.columns)
    for name, column in events.columns.items():
        assert column.values == world.events.columns[name].values
        assert column.codes.tobytes() == world.events.columns[name].codes.tobytes(), name
    assert tuple(live.register.names) == world.names
    write_events(replace(world, events=events), tmp_path / "lived.jsonl")
    write_events(world, tmp_path / "history.jsonl")
    assert (tmp_path / "lived.jsonl").read_bytes() == (tmp_path / "history.jsonl").read_bytes()


def test_steps_of_any_length_tell_the_same() -> None:
    live = Live(COMPANY, people=PEOPLE, seed=SEED)
    batches = [live.until((live.begin_ms + days * DAY_MS) * 1000) for days in (3, 100, 101, 400)]
    assert rows(live, batches) == rows(*alone())
    answers = [one for batch in batches for one in batch.answers]
    assert answers == [one for batch in alone()[1] for one in batch.answers]
    assert {one.kind for one in answers} == {"own-mail"}


def test_messages_change_only_the_accounts_that_they_reach_and_nothing_before_them() -> None:
    before, _ = alone()
    tips, kit = (
        payers(before)[::3],
        sorted(set(before.whole.trail.row[before.whole.trail.step == RISK].tolist())),
    )
    days: dict[int, list[Message]] = defaultdict(list)
    for week in range(26):
        day = 95 + 7 * week
        days[day] += [message(before, one, "weekly-tips", day=day) for one in tips]
    for day in (120, 200, 280):
        days[day] += [
            message(before, one, "security-kit", day=day) for one in kit[:: 1 + day // 200]
        ]
    live, batches = lived(days)
    base, told = rows(*alone()), rows(live, batches)
    first: dict[str, int] = {}
    for day in sorted(days):
        for one in days[day]:
            first.setdefault(account(live, one.person), live.begin_ms * 1000 + (day + 1) * DAY_US)
    changed = 0
    for person in sorted(set(base) | set(told)):
        reached = first.get(account(live, person))
        mine = told.get(person, [])
        if reached is None:
            assert mine == base[person]
        else:
            kept = [row for row in mine if row[2] < reached]
            assert kept == [row for row in base.get(person, []) if row[2] < reached]
            changed += mine != base.get(person, [])
    assert changed > 20


def test_the_same_messages_give_the_same_year_and_nothing_is_told_twice() -> None:
    before, _ = alone()
    days = {
        day: [message(before, one, "weekly-tips", day=day) for one in payers(before)[:40]]
        for day in range(95, 250, 7)
    }
    one, two = (rows(*lived(days)) for _ in range(2))
    assert one == two
    for told in one.values():
        said = defaultdict(set)
        for id_, *row in told:
            said[id_].add(tuple(row))
        assert all(len(rows_) == 1 for rows_ in said.values())


def test_a_kit_wins_only_those_with_a_review_after_it() -> None:
    before, _ = alone()
    trail = before.whole.trail
    late = np.flatnonzero((trail.step == RISK) & (trail.start > 140))
    people = sorted(set(trail.row[late].tolist()))
    live, batches = lived({130: [message(before, one, "security-kit", day=130) for one in people]})
    bought = live.register.names.index("Subscription Started")

    def count(run: list[Batch]) -> int:
        return sum(int((batch.laid.name == bought).sum()) for batch in run)

    assert count(batches) > count(alone()[1])
    others = sorted(set(trail.row.tolist()) - set(trail.row[trail.step == RISK].tolist()))[:200]
    same = {130: [message(before, one, "security-kit", day=130) for one in others]}
    assert rows(*lived(same)) == rows(*alone())


def test_a_video_changes_nothing_but_what_readers_do() -> None:
    before, _ = alone()
    people = sorted(
        set(before.whole.trail.row.tolist()) - set(before.whole.contracts.payer.tolist())
    )
    live, batches = lived({150: [message(before, one, "welcome-video", day=150) for one in people]})
    assert rows(live, batches) == rows(*alone())
    assert sum(one.name == "Email Opened" for batch in batches for one in batch.answers) > 100


def test_who_opens_the_video_pays_more_often_though_it_does_nothing() -> None:
    live = Live(COMPANY, people=5_000, seed=2)
    live.until(live.begin_ms * 1000 + 92 * DAY_US)
    trial = live.whole.trail
    signed = set(
        trial.row[(trial.step == TRIAL) & (trial.start > 92) & (trial.start < 300)].tolist()
    )
    pays = set(live.whole.contracts.payer.tolist())
    batch = live.until(
        live.end_ms * 1000, [message(live, one, "welcome-video", day=91) for one in sorted(signed)]
    )
    opened = {one.person for one in batch.answers if one.name == "Email Opened"}
    openers = {live.register.place[one.encode()] for one in opened}
    shares = [len(some & pays) / len(some) for some in (openers, signed - openers)]
    assert shares[0] / shares[1] == pytest.approx(2.6, abs=0.8)


def test_fatigue_mutes_more_with_every_tip_and_who_mutes_is_left_alone() -> None:
    before, _ = alone()
    people = list(range(1_400))
    days = {
        day: [message(before, one, "weekly-tips", day=day) for one in people]
        for day in range(100, 100 + 7 * 10, 7)
    }
    live, batches = lived(days)
    answers = [one for batch in batches for one in batch.answers if one.name == MUTED]
    assert len({one.person for one in answers}) == len(answers)
    assert {live.register.place[one.person.encode()] for one in answers} <= live.contacts.muted
    mutes = [one for one in answers if one.kind == "weekly-tips"]
    start = live.begin_ms * 1000 + 100 * DAY_US
    early = sum(one.time_us < start + 14 * DAY_US for one in mutes) / len(people) / 2
    late = sum(one.time_us > start + 6 * 7 * DAY_US for one in mutes) / len(people) / 4
    assert early == pytest.approx(0.0064, abs=0.0045)
    assert late == pytest.approx(0.0110, abs=0.0045)
    place = [live.register.place[one.person.encode()] for one in mutes]
    assert len({len(live.contacts.of[one]) for one in place}) == 10


def test_who_hears_more_from_us_mutes_the_companys_own_letters_sooner() -> None:
    before, _ = alone()
    people = payers(before)
    days = {
        day: [message(before, one, "weekly-tips", day=day) for one in people]
        for day in range(100, 270, 7)
    }
    live, batches = lived(days)
    since = live.begin_ms * 1000 + 100 * DAY_US

    def own(run: list[Batch]) -> set[str]:
        every = [one for batch in run for one in batch.answers if one.kind == "own-mail"]
        ids = {live.register.ids[one].decode() for one in people}
        return {one.person for one in every if one.person in ids and one.time_us > since}

    assert len(own(batches)) > 1.5 * len(own(alone()[1]))


def test_the_shares_of_consent_are_the_stated_ones_and_some_take_it_back() -> None:
    live = Live(COMPANY, people=8_000, seed=1)
    shares = load_interventions().consent
    agreed = live.consents()
    people = len(live.register.ids)
    for purpose, share in (("product", shares.product), ("in-app", 1.0)):
        count = sum(one.purpose == purpose for one in agreed)
        assert count / people == pytest.approx(share, abs=0.02)
    country = live.countries()
    for name, share in (("DE", 0.48), ("NL", 0.61)):
        of = [k for k, one in enumerate(country) if one == name]
        ids = {live.register.ids[k].decode() for k in of}
        some = sum(one.purpose == "marketing" and one.person in ids for one in agreed)
        assert some / len(of) == pytest.approx(share, abs=0.04)
    back = sum(one.withdrawn_us is not None for one in agreed if one.purpose == "product")
    held = sum(
        (live.end_ms * 1000 - one.given_us) / (365.25 * DAY_US)
        for one in agreed
        if one.purpose == "product"
    )
    assert back / held == pytest.approx(0.03, abs=0.008)


def test_a_message_from_nowhere_or_from_the_future_is_refused() -> None:
    live = Live(COMPANY, people=400, seed=1)
    live.until((live.begin_ms + 100 * DAY_MS) * 1000)
    someone = live.register.ids[0].decode()
    now = live.now_ms * 1000
    with pytest.raises(UnknownName, match="UNKNOWN_PERSON"):
        live.next_day([Message("nobody", "welcome-video", now)])
    with pytest.raises(UnknownName, match="UNKNOWN_INTERVENTION"):
        live.next_day([Message(someone, "welcome-film", now)])
    for time_us in (now + DAY_US, now - 60 * DAY_US):
        with pytest.raises(BadInput, match="MESSAGE_TIME"):
            live.next_day([Message(someone, "welcome-video", time_us)])
