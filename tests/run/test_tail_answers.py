"""Every answer over arrived events has the bytes that it has after a rebuild of everything."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.measure.test_same_bytes import CUT, QUESTIONS

from pathworth import atlas, collect, measure, run, store, value
from pathworth.base.json import to_json, to_text
from pathworth.journeys import LocalEngine, engine, timeline

pytestmark = pytest.mark.slow

DAY_US = 86_400_000_000
BEGIN_US = 1_700_000_000_000_000
NEW = "p new"
SELECTIONS = [
    {},
    {"where": "size <> 2", "who": "plan = 'pro'", "period": CUT},
    {"where": "in_segment('busy') or matches('e1 ->> e0')", "who": "in_segment('back')"},
]
ROOMS = {
    "trends": lambda j, e: measure.trends(j, steps=["e0"], by="plan", engine=e),
    "trend of money": lambda j, e: measure.trends(j, number="value", period="month", engine=e),
    "lifecycle": lambda j, e: measure.lifecycle(j, engine=e),
    "stickiness": lambda j, e: measure.stickiness(j, period="week", by="plan", engine=e),
    "cut": lambda j, e: measure.cut(j, engine=e),
    "paths": lambda j, e: measure.paths(j, anchor="e0", engine=e),
    "variants": lambda j, e: measure.variants(j, engine=e),
    "rework": lambda j, e: measure.rework(j, engine=e),
    "matches": lambda j, e: measure.matches(j, "e0 -> [^e3]* -> e1", by="plan", engine=e),
    "cohorts": lambda j, e: measure.cohorts(
        j, behaviour="did('e1', within='30d') or in_segment('busy')", engine=e
    ),
    "separates": lambda j, e: measure.separates(j, goal="e4", engine=e),
    "separates of two": lambda j, e: measure.separates_diff(
        (replace(j, who="plan = 'pro'"), replace(j, who="in_segment('back')")), engine=e
    ),
}
SEGMENTS = {
    "busy": "did('e2', at_least=2) and plan is not null",
    "back": "did('e1', within='60d') or matches('e0 -> [^e3]* -> end')",
}


def event(rng: random.Random, k: int, *, people: int, names: int, plans: list[str]) -> dict:
    minute = rng.randrange(90 * 24 * 60)
    found = {
        "event": f"e{rng.randrange(names)}",
        "person": f"p{rng.randrange(people)}",
        "time": (BEGIN_US + minute * 60_000_000) // 1000,
        "id": f"m{k}",
        "value": rng.choice([None, None, 5, 20]),
    }
    if rng.random() < 0.7:
        found["plan"] = rng.choice(plans)
    if rng.random() < 0.5:
        found["account_id"] = f"a{int(str(found['person'])[1:]) % 9}"
    if rng.random() < 0.9:
        found["size"] = rng.randrange(5)
    return found


def old_events(seed: int) -> list[dict]:
    rng = random.Random(seed)
    plans = ["pro", "free", "team"]
    return [event(rng, k, people=150, names=5, plans=plans) for k in range(1_400)]


def batches(seed: int, old: list[dict]) -> Iterator[list[dict]]:
    """Late events, new people, names, values and properties, visits that go on, and what came before."""
    rng = random.Random(seed + 1)
    plans = ["pro", "free", "team", "vip", "trial"]
    last = max(one["time"] for one in old)
    sent: list[dict] = []
    for k in range(420):
        one = event(rng, 10_000 + k, people=190, names=7, plans=plans)
        kind = rng.randrange(6)
        if kind == 0:
            before = rng.choice(old)
            one |= {"person": before["person"], "time": before["time"] + rng.randrange(3_600_000)}
        elif kind == 1:
            one["time"] = last + rng.randrange(20 * 24 * 3_600_000)
        elif kind == 2:
            one["time"] = rng.choice(old)["time"]
        elif kind == 3 and sent:
            one = rng.choice(sent)
        elif kind == 4:
            one = rng.choice(old)
        if k in {50, 300, 301}:
            one = {**one, "person": NEW, "id": f"new {k}"}
        if rng.random() < 0.3:
            one = {**one, "campaign": rng.choice(["spring", "fall"])}
        sent.append(one)
        if rng.random() < 0.06 or k == 419:
            yield sent
            sent = []


def begun(folder: Path, seed: int) -> run.Workspace:
    workspace = run.init(folder, timezone="Europe/Amsterdam")
    file = folder.with_suffix(".jsonl")
    file.write_text("\n".join(json.dumps(one) for one in old_events(seed)))
    mapping = collect.FileMapping(
        entity="person", event="event", time="time", time_format="ms", value="value", id="id"
    )
    collect.import_files(workspace.store, [file], mapping=mapping)
    return workspace


def send(workspace: run.Workspace, events: list[dict], source: str) -> None:
    run.arrive(workspace, json.dumps({"source": source, "events": events}).encode())


def text(answer: object) -> str:
    """An answer as its bytes, without the state that it names."""
    said = json.loads(to_text(to_json(answer)))
    return json.dumps(_without(said), sort_keys=False)


def _without(said: object) -> object:
    if isinstance(said, dict):
        return {name: _without(one) for name, one in said.items() if name != "as_of"}
    return [_without(one) for one in said] if isinstance(said, list) else said


def answers(workspace: run.Workspace) -> Iterator[tuple[str, str]]:
    """Every answer of the faces: maps and prices, lists, timelines, columns and sources."""
    chosen = workspace.journeys()
    document = atlas.discover(chosen, engine=workspace.engine, name="fresh").document
    yield "discover", atlas.dump_map(document)
    price = run.price(workspace)
    yield "price", text(price)
    yield "picture", text(run.picture(workspace))
    for step in price.steps[:4]:
        yield f"people of {step.id}", text(run.people(workspace, value.Behind(step.id), limit=99))
    for arrow in price.arrows[:4]:
        behind = value.Behind(arrow.from_, arrow.to)
        yield f"people of {arrow.from_} {arrow.to}", text(run.people(workspace, behind, limit=30))
    for order in ("last", "first", "events", "money"):
        yield order, text(run.listed(workspace, run.Selection(), order=order, after=7, limit=50))
    for kind, one in (("person", "p3"), ("person", "p77"), ("person", NEW), ("account", "a4")):
        subject = run.Subject(kind, one)
        yield f"head of {one}", text(run.head(workspace, subject))
        yield f"moments of {one}", text(run.moments(workspace, subject, asked=run.MomentsAsked()))
    yield "timeline", text(timeline(chosen.snapshot, NEW))
    yield "search", text(run.search(workspace, "p1", limit=30))
    yield "search of values", text(run.search(workspace, "r"))
    for one in workspace.segments.list():
        yield f"segment {one.name}", text(workspace.segments.show(one.name))
    yield "segments", text(workspace.segments.list())
    yield "columns", text(run.columns(workspace))
    yield "choices", text(run.choices(workspace))
    yield "sources", text(run.sources(workspace))
    seen = run.overview(workspace)
    yield "overview", text(replace(seen, name="", counted=None, behind_seconds=None))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "shards"), [(1, 1), (2, 4), pytest.param(3, 4, marks=pytest.mark.soak)]
)
def test_every_answer_has_the_bytes_of_a_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, shards: int
) -> None:
    monkeypatch.setattr(engine, "SMALL", 1)
    monkeypatch.setattr("pathworth.store.shards.build.SHARD_EVENTS", 2_000 // shards)
    monkeypatch.setattr("pathworth.store.tail.tail.SCRATCH_EVENTS", 900 if seed == 2 else 10**9)
    workspace = begun(tmp_path / "tailed", seed)
    workspace.map()
    for name, who in SEGMENTS.items():
        workspace.segments.save(name, who)
    if seed != 2:
        run.exclude(workspace.store, "staff", who="plan = 'team'", author="ann")
        run.exclude(workspace.store, "idle", who="not in_segment('back') and not did('e4')")
        run.exclude(workspace.store, "robots", ids=[f"p{k}" for k in range(0, 190, 11)])
    seen = 0
    for k, events in enumerate(batches(seed, old_events(seed))):
        send(workspace, events, "files" if seed == 1 else f"app {k % 2}")
        seen += len(workspace.store.snapshot().shards) > shards
        if k == 4:
            store.Inbox(workspace.store).drain()
    assert seen > 5
    rebuilt = copied(workspace, tmp_path / "rebuilt", "build", shards=shards)
    merged = copied(workspace, tmp_path / "merged", "merge", shards=shards)
    # Whoever begins now takes the first events from the lake and the others from the database.
    fresh = run.open_workspace(workspace.store.path)
    asked = (workspace, fresh, merged, rebuilt)
    assert len({one.store.snapshot().seq for one in asked}) == 1
    assert workspace.store.snapshot().replaced is not None
    for selection in SELECTIONS:
        for name, ask in (QUESTIONS | ROOMS).items():
            found = {
                text(ask(replace(one.journeys(), **selection), LocalEngine(threads)))
                for one, threads in zip((*asked, workspace), (1, 8, 8, 8, 8), strict=True)
            }
            assert len(found) == 1, name
    wanted = list(answers(rebuilt))
    for one in (workspace, fresh, merged):
        for found, (name, said) in zip(answers(one), wanted, strict=True):
            assert found == (name, said)


def copied(workspace: run.Workspace, folder: Path, how: str, *, shards: int) -> run.Workspace:
    """The same workspace with its shards written anew."""
    shutil.copytree(workspace.store.path, folder)
    made = run.open_workspace(folder)
    assert made.store.compact(how)
    snapshot = made.store.snapshot()
    assert snapshot.replaced is None
    assert len(snapshot.shards) == shards
    return made
