"""Whatever is said of ids and taken back, every way to build journeys gives those of the links that stand."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.naive.identity import persons
from tests.store.crash_moments import Killed, end_at
from tests.store.handing_in import read
from tests.store.made import Row, drawn, journeys, put

from pathworth.base.errors import StoreTrouble
from pathworth.store import (
    LINKS,
    HandedIn,
    Inbox,
    Links,
    ReadEvents,
    SaidLink,
    Snapshot,
    Workspace,
    accept as accept_module,
)

RULE = "sent together"


def read_links(batches: Sequence[HandedIn], names: Mapping[str, str]) -> ReadEvents:
    """As ``handing_in.read``; a line ``link a b 0.9`` says that two ids are one."""
    said, plain = [], []
    for number, one in enumerate(batches):
        lines = one.body.decode().splitlines()
        for words in (line.split() for line in lines if line.startswith("link ")):
            row = dict(zip(("one", "other", "sure"), words[1:], strict=True))
            known = {"batch": number, "at_us": 7, "rule": RULE, "source": "app"}
            said.append({**row, **known, "sure": float(row["sure"])})
        kept = [line for line in lines if not line.startswith("link ")]
        plain.append(HandedIn("\n".join(kept).encode(), key=one.key))
    found = read(plain, names)
    links = pa.Table.from_pylist(said, schema=LINKS)
    return ReadEvents(found.events, found.batch, found.hashed, found.rejects, names, links)


def joined(raw: dict[str, list[tuple]], owner: Mapping[str, str]) -> dict[str, list[tuple]]:
    """The journeys of raw ids put together by their persons: events by time and number, the last of each trait."""
    found: dict[str, list[tuple]] = {}
    for id_, rows in raw.items():
        found.setdefault(owner.get(id_, id_), []).extend(rows[:-1])
    traits = list(next(iter(raw.values()))[-1]) if raw else []
    for rows in found.values():
        rows.sort(key=lambda row: (row[0], row[1]))
        last = dict.fromkeys(traits)
        for row in rows:
            last.update({n: row[3][n] for n in traits if row[3][n] is not None})
        rows.append(last)
    return found


class Twins:
    """A workspace, and one beside it that has the same events and no links."""

    def __init__(self, folder: Path) -> None:
        self.real, self.plain = (Workspace.create(folder / name) for name in ("real", "plain"))
        self.both = (self.real, self.plain)
        self.said: dict[tuple[str, str], float] = {}
        self.apart: set[frozenset[str]] = set()
        self.ids, self.imports = 0, []

    def put(self, rows: list[Row]) -> None:
        self.imports.append([put(one, rows).import_id for one in self.both])

    def undo(self, number: int) -> None:
        for one, id_ in zip(self.both, self.imports.pop(number), strict=True):
            one.undo(id_)

    def arrive(
        self, events: list[tuple[str, str, int]], links: list[tuple[str, str, float]]
    ) -> None:
        lines = [f"{who} {name} {at} m{self.ids + k}" for k, (who, name, at) in enumerate(events)]
        self.ids += len(lines)
        for one in self.both:
            told = [f"link {a} {b} {sure}" for a, b, sure in links] if one is self.real else []
            Inbox(one).append(HandedIn("\n".join([*lines, *told]).encode()))
            Inbox(one).number(read_links)
        for a, b, sure in links:
            if frozenset((a, b)) not in self.apart:
                self.said[a, b] = sure

    def say(self, a: str, b: str) -> None:
        Links(self.real).join(a, b, author="ann")
        self.said[a, b] = max(self.said.get((a, b), 0), 1.0)

    def part(self, a: str, b: str) -> None:
        if Links(self.real).part(a, b, author="ann"):
            self.apart.add(frozenset((a, b)))
        self.said.pop((a, b), None)
        self.said.pop((b, a), None)

    def reopen(self) -> None:
        self.real, self.plain = (Workspace.open(one.path) for one in self.both)
        self.both = (self.real, self.plain)

    def check(self) -> Snapshot:
        found, raw = (one.whole_snapshot(at_once=True) for one in self.both)
        owner, _ = persons([(a, b, sure) for (a, b), sure in self.said.items()])
        wanted = joined(journeys(raw), owner)
        assert journeys(found) == wanted
        assert (found.entities, found.events, found.seq) == (len(wanted), raw.events, raw.seq)
        assert (found.first_us, found.last_us) == (raw.first_us, raw.last_us)
        for id_, person in owner.items():
            assert found.person_of(id_) == person
            assert id_ in found.ids_of(person)
        return found


def one_step(twins: Twins, rng: np.random.Generator, step: int) -> None:
    """Do one thing of those that can happen to a workspace."""
    pick = lambda: f"é-{rng.integers(0, 12)}"  # noqa: E731
    kind = rng.choice(["put", "arrive", "arrive", "arrive", "say", "part", "part"])
    if kind == "put":
        twins.put(drawn(int(rng.integers(5, 40)), step + 1000, entities=12))
    elif kind == "say":
        a, b = pick(), pick()
        if a != b and not {(a, b), (b, a)} & twins.said.keys():
            twins.say(a, b)
    elif kind == "part" and twins.said:
        twins.part(*list(twins.said)[rng.integers(0, len(twins.said))][:: rng.choice([1, -1])])
    else:
        events = [(pick(), f"e{rng.integers(3)}", int(rng.integers(0, 60))) for _ in range(6)]
        pairs = {(pick(), pick()): float(rng.choice([1.0, 0.5])) for _ in range(rng.integers(0, 3))}
        links = [(a, b, s) for (a, b), s in pairs.items() if a != b and (b, a) not in pairs]
        links = [one for one in links if (one[0], one[1]) not in twins.said]
        twins.arrive(events, [one for one in links if (one[1], one[0]) not in twins.said])
    after = rng.choice(["", "", "", "drain", "merge", "build", "reopen", "undo", "undo"])
    if after == "drain":
        for held in twins.both:
            held.drain()
    elif after in ("merge", "build"):
        for held in twins.both:
            held.compact(str(after))  # type: ignore[arg-type]
    elif after == "reopen":
        twins.reopen()
    elif after == "undo" and len(twins.imports) > 1:
        twins.undo(int(rng.integers(0, len(twins.imports))))


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(k, marks=pytest.mark.soak) for k in range(3, 12))]
)
def test_random_events_links_imports_undos_and_compactions_give_the_journeys_of_the_links_that_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("pathworth.store.shards.build.SHARD_EVENTS", 30 if seed % 2 else 10_000)
    if seed % 3 == 0:
        monkeypatch.setattr(accept_module, "ZONED_FROM", 20)
    rng, twins = np.random.default_rng(seed), Twins(tmp_path)
    for step in range(18):
        one_step(twins, rng, step + 100 * seed)
        twins.check()
    twins.reopen()
    twins.check()
    for pair in list(twins.said):
        twins.part(*pair)
    twins.check()
    assert journeys(twins.real.snapshot()) == journeys(twins.plain.snapshot())


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    workspace = Workspace.create(tmp_path / "shop")
    put(workspace, drawn(60, 1, entities=6))
    return workspace


def said(a: str, b: str, sure: float = 1.0, rule: str = RULE) -> SaidLink:
    return SaidLink(a, b, 5, rule, sure, "app", batch=3)


def test_saying_the_same_again_changes_nothing_and_a_newer_word_takes_the_place_of_an_older_one(
    shop: Workspace,
) -> None:
    links = Links(shop)
    assert links.say([said("é-1", "é-2"), said("é-1", "é-2"), said("", "é-2"), said("é", "é")]) == 1
    name = shop.snapshot().id
    assert links.say([said("é-1", "é-2")]) == 0
    assert shop.whole_snapshot(at_once=True).id == name
    assert links.say([said("é-1", "é-2", 0.6)]) == 1
    assert shop.whole_snapshot(at_once=True).ids_of("é-2") == ("é-2",)
    old, new = links.among(["é-2"])
    assert (old.sure, old.taken_by, old.possible) == (1.0, None, False)
    assert old.taken_us is not None
    assert (new.sure, new.taken_us, new.possible, new.batch, new.known_seq) == (
        0.6,
        None,
        True,
        3,
        60,
    )
    count = links.count()
    assert (count.standing, count.possible, count.taken) == (1, 1, 1)


def test_what_a_person_took_apart_only_a_person_joins_again(shop: Workspace) -> None:
    links = Links(shop)
    links.say([said("é-1", "é-2")])
    assert links.part("é-2", "é-1", author="ann") == 1
    assert links.part("é-2", "é-1", author="ann") == 0
    assert links.say([said("é-1", "é-2"), said("é-2", "é-1", rule="alias")]) == 0
    assert shop.whole_snapshot(at_once=True).person_of("é-2") == "é-2"
    assert links.join("é-1", "é-2", author="bob") == 1
    assert shop.whole_snapshot(at_once=True).person_of("é-2") == "é-1"
    assert links.say([said("é-1", "é-2")]) == 1
    assert [(one.rule, one.author, one.taken_by) for one in links.newest(9)] == [
        (RULE, None, None),
        ("by hand", "bob", None),
        (RULE, None, "ann"),
    ]


def test_shared_ids_and_crowds_are_listed_and_join_nobody(shop: Workspace) -> None:
    links = Links(shop)
    links.say([said("kiosk", f"é-{k}") for k in range(6)])
    links.say([said("null", "é-1"), said("c0", "null")])
    links.say([said(f"c{k}", f"c{k + 1}") for k in range(600)])
    assert [(one.id, one.why, one.ids) for one in links.suspects()] == [
        ("c0", "crowd", 601),
        ("kiosk", "shared", 6),
        ("null", "nobody", 2),
    ]
    assert len(journeys(shop.whole_snapshot(at_once=True))) == 6


def test_the_links_of_a_batch_and_its_numbers_come_together_or_not_at_all(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(shop)
    inbox.append(HandedIn("é-1 click 9000000\nlink é-1 é-2 1".encode()))
    steps = [f"numbering.{name}" for name in ("_tell", "say_links")]
    for moment, after in itertools.product(steps, (False, True)):
        with monkeypatch.context() as patch:
            end_at(patch, moment, after=after)
            with pytest.raises(Killed):
                inbox.number(read_links)
        held = Workspace.open(shop.path).whole_snapshot()
        assert (held.seq, held.person_of("é-2")) == (60, "é-2")
    inbox.number(read_links)
    held = Workspace.open(shop.path).whole_snapshot()
    assert (held.seq, held.person_of("é-2"), held.id) == (61, "é-1", f"{held.home}.1")


def test_two_processes_agree_on_the_name_and_the_journeys_of_every_state(shop: Workspace) -> None:
    other, links = Workspace.open(shop.path), Links(shop)
    for k in range(4):
        links.join(f"é-{k}", f"é-{k + 1}", author="ann")
        if k % 2:
            links.part(f"é-{k - 1}", f"é-{k}", author="ann")
        mine, theirs = (one.whole_snapshot(at_once=True) for one in (shop, other))
        assert (mine.id, mine.seq) == (theirs.id, theirs.seq)
        assert journeys(mine) == journeys(theirs)
        again = Workspace.open(shop.path).whole_snapshot()
        assert (again.id, journeys(again)) == (mine.id, journeys(mine))


def test_a_snapshot_that_was_handed_out_stays_as_it_is_when_ids_are_joined(shop: Workspace) -> None:
    before = shop.snapshot()
    held = journeys(before)
    Links(shop).join("é-1", "é-2", author="ann")
    after = shop.whole_snapshot(at_once=True)
    assert journeys(before) == held
    assert len(journeys(after)) == len(held) - 1
    assert before.id != after.id


def test_a_journey_of_which_an_event_is_not_found_stays_whole_until_it_is(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = Links(shop)
    links.join("é-1", "é-2", author="ann")
    joined_ = shop.whole_snapshot(at_once=True)
    links.part("é-1", "é-2", author="ann")
    with monkeypatch.context() as patch:
        patch.setattr("pathworth.store.tail.live.raw_ids", lambda *_args, **_named: None)
        still = shop.whole_snapshot(at_once=True)
        assert (still.id, journeys(still)) == (joined_.id, journeys(joined_))
    assert shop.whole_snapshot(at_once=True).person_of("é-2") == "é-2"


@pytest.mark.parametrize("moment", ["compact.swap", "compact.move_in", "compact.write_whole"])
@pytest.mark.parametrize("after", [False, True])
def test_a_compaction_with_links_that_is_killed_leaves_the_same_journeys(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, moment: str, *, after: bool
) -> None:
    Links(shop).join("é-1", "é-2", author="ann")
    held = shop.whole_snapshot(at_once=True)
    with monkeypatch.context() as patch:
        end_at(patch, moment, after=after)
        with pytest.raises(Killed):
            shop.compact()
    again = Workspace.open(shop.path)
    assert journeys(again.whole_snapshot()) == journeys(held)
    again.compact()
    assert journeys(again.whole_snapshot()) == journeys(held)


def test_a_column_that_is_made_when_it_is_asked_for_lies_with_the_persons(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pathworth.store.shards.build.SHARD_EVENTS", 10)
    rows = [{"entity": f"p{k}", "name": "n", "time_us": k, "long": f"text {k}"} for k in range(40)]
    monkeypatch.setattr("pathworth.store.shards.columns.PROMOTED", 0)
    Links(shop).say([said(f"p{k}", f"p{k + 1}") for k in range(0, 40, 2)])
    put(shop, rows)
    found = shop.whole_snapshot(at_once=True)
    assert found.person_of("p1") == "p0"
    long = {
        shard.id_of(e): [
            found.columns["long"].values[int(code) - 1]
            for code in shard.columns["long"][shard.offset[e] : shard.offset[e + 1]]
        ]
        for shard in found.shards
        for e in range(shard.entities)
        if shard.id_of(e).startswith("p")
    }
    assert long == {f"p{k}": [f"text {k}", f"text {k + 1}"] for k in range(0, 40, 2)}


@pytest.mark.parametrize(
    "moment", ["imports.commit", "commits.write_whole", "commits.show", "commits.finish"]
)
def test_an_import_that_is_killed_keeps_the_links_and_is_wholly_there_or_not(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    Links(shop).join("é-1", "é-2", author="ann")
    for after in (False, True):
        before = shop.whole_snapshot(at_once=True).events
        rows = drawn(30, 9 + after, entities=6)
        with monkeypatch.context() as patch:
            end_at(patch, moment, after=after)
            with pytest.raises(Killed):
                put(shop, rows)
        shop = Workspace.open(shop.path)
        held = shop.whole_snapshot()
        assert held.events in {before, before + 30}
        assert held.ids_of("é-2") == ("é-1", "é-2")
        assert "é-2" not in journeys(held)
        put(shop, rows)
        assert shop.whole_snapshot().events == before + 30
        assert "é-2" not in journeys(shop.whole_snapshot())


def test_a_snapshot_whose_persons_are_lost_is_damaged_and_not_another_answer(
    shop: Workspace,
) -> None:
    Links(shop).join("é-1", "é-2", author="ann")
    shop.compact()
    (file,) = shop.path.glob("snapshots/*/persons.arrow")
    file.unlink()
    with pytest.raises(StoreTrouble) as caught:
        Workspace.open(shop.path).snapshot()
    assert caught.value.code == "SNAPSHOT_DAMAGED"
