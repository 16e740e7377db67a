"""How far discovered steps agree with the true steps of the demo company, on seeds of it, and of its renamed twin."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace

import numpy as np
import pytest
from tests.atlas.made import commonest, placed

from pathworth.atlas import discover
from pathworth.atlas.likeness import adjusted_rand
from pathworth.base.declarations import Declarations
from pathworth.journeys import Journeys
from pathworth.learn.company import as_snapshot, history, load_company, true_map

SEEDS = [range(1, 5), pytest.param(range(1, 11), marks=pytest.mark.soak)]
PEOPLE = 3_000
HEADER = "seed  steps  discovered  renamed  12 commonest events"
STARTS = "Subscription Started"


def renamed(snapshot):
    """The same snapshot with every event, property and value called by its hash."""

    def word(text):
        return hashlib.sha256(text.encode()).hexdigest()[:10]

    def column(name, info):
        return name if info.kind == "money" else word(name)

    infos = {
        column(name, info): replace(info, values=tuple(map(word, info.values)))
        for name, info in snapshot.columns.items()
    }
    names = {name: column(name, info) for name, info in snapshot.columns.items()}
    shards = tuple(
        replace(
            shard,
            columns={names[name]: shard.columns[name] for name in names},
            traits={names[name]: shard.traits[name] for name in snapshot.traits},
        )
        for shard in snapshot.shards
    )
    return replace(
        snapshot, names=tuple(map(word, snapshot.names)), columns=infos, traits=infos, shards=shards
    ), word


def agreement(truth, found):
    """Adjusted Rand of the events that a true step holds; what was left out is one group of its own."""
    known = truth >= 0
    return adjusted_rand(truth[known], found[known], weight=np.ones(int(known.sum())))


@pytest.fixture(scope="module", params=SEEDS, ids=len)
def table(request):
    company = load_company()
    truth = true_map(company, "R3")
    rows = []
    for seed in request.param:
        snapshot = as_snapshot(history(company, people=PEOPLE, seed=seed, rung="R3"))
        other, word = renamed(snapshot)
        said = Declarations(persona=truth.persona, contract_starts=f"event = '{STARTS}'")
        twin = Declarations(
            persona=word(truth.persona), contract_starts=f"event = '{word(STARTS)}'"
        )
        ours = discover(Journeys(snapshot), declarations=said)
        theirs = discover(Journeys(other), declarations=twin)
        true = placed(snapshot, truth)
        rows.append(
            (
                seed,
                len(ours.document.steps),
                agreement(true, placed(snapshot, ours.document) + 1),
                agreement(true, placed(other, theirs.document) + 1),
                agreement(true, commonest(snapshot)),
            )
        )
    return rows


@pytest.mark.slow
def test_events_agree_with_the_true_steps_on_every_seed(table, capsys):
    lines = ["", "adjusted Rand of events against the true steps that have telemetry", HEADER]
    lines += [
        f"{seed:4}  {steps:5}  {ours:10.3f}  {theirs:7.3f}  {common:19.3f}"
        for seed, steps, ours, theirs, common in table
    ]
    with capsys.disabled():
        sys.stdout.write("\n".join([*lines, ""]))
    for _, steps, ours, theirs, common in table:
        assert steps <= 12
        assert ours >= 0.8
        assert theirs == pytest.approx(ours, abs=1e-12)
        assert common < ours
