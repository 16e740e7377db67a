"""Questions of a declared entity count what a loop over its events counts, and nobody who is left out."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from pathworth import collect, measure, run
from pathworth.base.errors import NotSupported, WrongUsage
from pathworth.base.json import to_json, to_text
from pathworth.journeys import LocalEngine, engine
from pathworth.run.serving.registered import Renewing
from pathworth.store.shards import build as build_module

Event = tuple[str, str, int, str | None]
BEGIN_S = 1_704_067_200  # a Monday
DAY_S = 86_400


def world(seed: int, events: int = 1_500) -> list[Event]:
    """People who come, name an account now and then, and move on to another one."""
    rng = random.Random(seed)
    found = []
    for _ in range(events):
        person = rng.randrange(120)
        account = f"a{(person + rng.choice([0, 0, 0, 1])) % 25}" if rng.random() < 0.3 else None
        # Seconds are few, so that events of one person share some.
        found.append((f"p{person}", f"e{rng.randrange(4)}", rng.randrange(40 * 24) * 3600, account))
    return found


def made(folder: Path, events: Sequence[Event]) -> run.Workspace:
    workspace = run.init(folder)
    lines = [
        f"{who},{what},{datetime.fromtimestamp(BEGIN_S + when, UTC).isoformat()},{account or ''}"
        for who, what, when, account in events
    ]
    file = folder.with_suffix(".csv")
    file.write_text("\n".join(["who,what,when,account_id", *lines]))
    mapping = collect.FileMapping(entity="who", event="what", time="when")
    collect.import_files(workspace.store, [file], mapping=mapping)
    return workspace


def of_accounts(
    events: Sequence[Event], *, without: Sequence[str] = ()
) -> dict[str, list[tuple[int, str]]]:
    """The journey of each account, found person by person in a loop."""
    rows = defaultdict(list)
    for person in sorted({who for who, *_ in events} - set(without)):
        own = [(when, k) for k, (who, _, when, _) in enumerate(events) if who == person]
        now = None
        for when, k in sorted(own):
            now = events[k][3] or now
            if now is not None:
                rows[now].append((when, k))
    return {one: [(when, events[k][1]) for when, k in sorted(held)] for one, held in rows.items()}


@pytest.mark.parametrize("seed", range(3))
def test_transitions_funnel_and_retention_of_accounts_equal_a_loop(
    tmp_path: Path, seed: int
) -> None:
    events = world(seed)
    workspace = made(tmp_path / "shop", events)
    workspace.entities.add("account", by="account_id")
    check_against_a_loop(workspace, of_accounts(events))


def check_against_a_loop(
    workspace: run.Workspace, accounts: dict[str, list[tuple[int, str]]]
) -> None:
    chosen = workspace.journeys(of="account")
    moves, seconds = Counter(), Counter()
    for held in accounts.values():
        for (then, one), (now, other) in pairwise(held):
            moves[one, other] += 1
            seconds[one, other] += now - then
    asked = measure.transitions(chosen)
    assert asked.entities == len(accounts)
    assert asked.events == sum(map(len, accounts.values()))
    assert {(e.from_, e.to): e.count for e in asked.edges} == moves
    for one in asked.edges:
        assert one.mean_seconds == pytest.approx(
            seconds[one.from_, one.to] / moves[one.from_, one.to]
        )
    funnel = measure.funnel(chosen, ["e0", "e1"], within="2d")
    assert [step.entities for step in funnel.steps] == [
        sum(any(name == "e0" for _, name in held) for held in accounts.values()),
        sum(reaches(held) for held in accounts.values()),
    ]
    cohorts = measure.retention(chosen, start="event = 'e2'", return_="event = 'e3'", period="week")
    wanted = defaultdict(set)
    came = defaultdict(set)
    for who, held in accounts.items():
        starts = [when for when, name in held if name == "e2"]
        if starts:
            week = min(starts) // (7 * DAY_S)
            wanted[week].add(who)
            for when, name in held:
                if name == "e3" and when // (7 * DAY_S) > week:
                    came[week, when // (7 * DAY_S) - week].add(who)
    assert [cohort.size for cohort in cohorts.cohorts] == [len(wanted[w]) for w in sorted(wanted)]
    for week, cohort in zip(sorted(wanted), cohorts.cohorts, strict=True):
        for k, count in enumerate(cohort.retained[1:], 1):
            assert count is None or count == len(came[week, k])


def reaches(held: list[tuple[int, str]]) -> bool:
    return any(
        name == "e0" and other == "e1" and now - then <= 2 * DAY_S
        for k, (then, name) in enumerate(held)
        for now, other in held[k + 1 :]
    )


QUESTIONS = (
    lambda j, e: measure.transitions(j, entities=True, engine=e),
    lambda j, e: measure.funnel(j, ["e0", "e1", "e2"], within="3d", engine=e),
    lambda j, e: measure.retention(j, engine=e),
    lambda j, e: measure.lifecycle(j, engine=e),
    lambda j, e: measure.trends(j, steps=["e0"], engine=e),
    lambda j, e: measure.stickiness(j, engine=e),
    lambda j, e: measure.paths(j, anchor="e0", engine=e),
    lambda j, e: measure.variants(j, engine=e),
    lambda j, e: measure.rework(j, engine=e),
    lambda j, e: measure.matches(j, "e0 -> [^e3]* -> e1", engine=e),
    lambda j, e: measure.cohorts(j, behaviour="did('e1', within='30d')", engine=e),
    lambda j, e: measure.separates(j, goal="e3", engine=e),
    lambda j, e: measure.sessions(j, gap="1d", engine=e),
)


@pytest.mark.filterwarnings("ignore:overflow encountered in exp")
def test_every_question_of_accounts_gives_the_same_bytes_for_any_shards_and_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "SMALL", 0)
    events, said = world(7, 800), set()
    for shard_events in (4_000_000, 200):
        monkeypatch.setattr(build_module, "SHARD_EVENTS", shard_events)
        workspace = made(tmp_path / f"shop-{shard_events}", events)
        workspace.entities.add("account", by="account_id")
        shards = len(workspace.store.entities.snapshot("account").shards)
        assert shards == (1 if shard_events > 1_000 else 4)
        for threads in (1, 2, 8):
            chosen = workspace.journeys(of="account", holding=None)
            answers = [to_json(ask(chosen, LocalEngine(threads))) for ask in QUESTIONS]
            for one in answers:
                one.pop("as_of")
            said.add(to_text(answers))
    assert len(said) == 1


@pytest.mark.parametrize("seed", range(2))
def test_nobody_who_is_left_out_counts_in_an_account(tmp_path: Path, seed: int) -> None:
    events = world(seed)
    workspace = made(tmp_path / "shop", events)
    workspace.entities.add("account", by="account_id")
    before = to_json(measure.transitions(workspace.journeys(of="account")))
    staff = [f"p{k}" for k in range(0, 120, 5)]
    run.exclude(workspace.store, "staff", ids=staff)
    with pytest.raises(NotSupported, match=r"left out.*account --by account_id") as caught:
        workspace.journeys(of="account")
    assert caught.value.code == "ENTITY_STALE"
    (row,) = workspace.entities.list()
    assert row.stale is not None
    assert workspace.entities.renew() == ("account",)
    check_against_a_loop(workspace, of_accounts(events, without=staff))
    (row,) = workspace.entities.list()
    assert row.left_out == sum(who in staff for who, *_ in events)
    assert measure.transitions(workspace.journeys(of="account")).excluded["staff"] == len(
        {who for who, *_ in events if who in staff}
    )
    run.switch_exclusion(workspace.store, "staff", active=False)
    with pytest.raises(NotSupported, match="ENTITY_STALE"):
        workspace.journeys(of="account")
    workspace.entities.renew()
    assert to_json(measure.transitions(workspace.journeys(of="account"))) == before


def test_a_rule_by_trait_leaves_out_whom_it_speaks_of_at_the_end_of_the_sets_data(
    tmp_path: Path,
) -> None:
    events = [("p", "e0", 0, "A"), ("q", "e1", 10, "A"), ("q", "e2", 20, "B"), ("r", "e1", 30, "A")]
    workspace = made(tmp_path / "shop", events)
    run.exclude(workspace.store, "of b", who="account_id = 'B'")
    workspace.entities.add("account", by="account_id")
    found = measure.transitions(workspace.journeys(of="account"))
    assert (found.entities, found.events) == (1, 2)
    assert found.excluded == {"of b": 1}


def test_the_people_behind_a_number_are_accounts(tmp_path: Path) -> None:
    workspace = made(tmp_path / "shop", world(1))
    workspace.entities.add("account", by="account_id")
    (ask,) = (one for one in measure.ASKS if one.word == "funnel")
    asked = run.question(workspace, ask, values={"steps": ["e0", "e1"], "within": "2d"})
    selection = run.Selection(of="account")
    answer = run.answer_of(workspace, asked, selection=selection)
    page = run.people_of_cell(workspace, asked, cell="reached 2", selection=selection)
    assert page.count == answer.steps[1].entities
    assert all(one.id.startswith("a") for one in page.people)
    assert page.as_of == answer.as_of


def test_filters_and_units_inside_accounts_work(tmp_path: Path) -> None:
    events = world(2)
    workspace = made(tmp_path / "shop", events)
    workspace.entities.add("account", by="account_id")
    some = measure.transitions(workspace.journeys(of="account", who="person = 'a3'"))
    held = of_accounts(events)["a3"]
    assert (some.entities, some.events) == (1, len(held))
    twice = measure.transitions(workspace.journeys(of="account", who="did('e0', at_least=2)"))
    assert twice.entities == sum(
        sum(name == "e0" for _, name in one) >= 2 for one in of_accounts(events).values()
    )
    kept = measure.transitions(workspace.journeys(of="account", where="event <> 'e3'"))
    assert kept.events == sum(
        name != "e3" for one in of_accounts(events).values() for _, name in one
    )
    by_person = measure.funnel(workspace.journeys(of="account", holding="account_id"), ["e0", "e1"])
    assert by_person.steps[0].entities > 0


def test_what_is_not_declared_says_what_it_costs_and_how_it_is_built(tmp_path: Path) -> None:
    events = [("p", "e0", 0, None), ("p", "e1", 10, "A"), ("q", "e1", 20, None)]
    workspace = made(tmp_path / "shop", events)
    with pytest.raises(NotSupported) as caught:
        workspace.journeys(of="account")
    assert caught.value.code == "ENTITY_NOT_BUILT"
    assert caught.value.hint.endswith("pathworth entity add account --by account_id")
    assert "1 of them with 1 events" in caught.value.message
    assert "2 events belong to none" in caught.value.message
    with pytest.raises(NotSupported, match="entity add account_id --by account_id"):
        workspace.journeys(of="account_id")
    workspace.entities.add("account", by="account_id")
    with pytest.raises(WrongUsage, match=r"Did you mean account\?") as unknown:
        workspace.journeys(of="acount")
    assert unknown.value.code == "UNKNOWN_UNIT"
    with pytest.raises(WrongUsage, match=r"Did you mean session\?"):
        workspace.journeys(of="sessions")


def test_the_job_builds_what_is_behind_once_and_leaves_alone_what_cannot_be_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = made(tmp_path / "shop", world(1))
    workspace.entities.add("account", by="account_id")
    job = Renewing()
    assert not job.ready(workspace)
    run.exclude(workspace.store, "staff", ids=["p1"])
    assert job.ready(workspace)
    with monkeypatch.context() as patch:
        patch.setenv("PATHWORTH_COLUMN_MIB", "0")
        assert job.work(workspace) == "Nothing could be built anew."
    assert not job.ready(workspace)
    run.exclude(workspace.store, "staff", ids=["p1", "p2"])
    assert job.ready(workspace)
    assert job.work(workspace) == "Built anew: account."
    assert not job.ready(workspace)


def test_the_list_says_what_each_is_built_of(tmp_path: Path) -> None:
    events = [("p", "e0", 0, None), ("p", "e1", 10, "A"), ("q", "e1", 20, None)]
    workspace = made(tmp_path / "shop", events)
    added = workspace.entities.add("account", by="account_id", author="ann")
    assert workspace.entities.list() == (added,)
    said = json.loads(to_text(to_json(added)))
    wanted = {"name": "account", "by": "account_id", "author": "ann", "entities": 1, "events": 1}
    wanted |= {"without": 2, "people_without": 1, "left_out": 0, "behind": 0, "stale": None}
    assert {key: said[key] for key in wanted} == wanted
    assert workspace.entities.remove("account") == ()
