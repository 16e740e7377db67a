"""A folder holds what anybody could have received, and the truth apart from it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from pathworth.atlas import load_map
from pathworth.learn.company import (
    World,
    changed,
    declarations_of,
    findings_of,
    history,
    load_company,
    map_of,
    renamed,
    switched_off,
    true_map,
    write,
)

COMPANY = load_company()


@pytest.fixture(scope="module")
def world() -> World:
    # Strangers are no part of the world: test_sent.py looks at them.
    return history(changed(COMPANY, "noise.strangers", value=False), people=1_500, seed=5)


@pytest.fixture(scope="module")
def folder(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("company")
    write(world, place)
    return place


def rows(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def test_every_line_is_a_call_as_segment_sends_it(world: World, folder: Path) -> None:
    lines = rows(folder)
    assert len(lines) == len(world.events.time_us)
    keys = ["type", "event", "userId", "anonymousId", "messageId", "timestamp", "properties"]
    known = [line for line in lines if "userId" in line]
    assert all(list(line) == keys for line in known)
    unknown = [line for line in lines if "userId" not in line]
    assert all(list(line) == [*keys[:2], *keys[3:]] for line in unknown)
    assert len(lines) > len(known) > len(lines) / 2
    assert {line["type"] for line in lines if line["event"] == "Page Viewed"} == {"page"}
    assert {line["type"] for line in lines if line["event"] != "Page Viewed"} == {"track"}
    assert all(line["timestamp"].endswith("Z") and len(line["timestamp"]) == 24 for line in lines)


def test_the_lines_carry_the_money_of_the_world(world: World, folder: Path) -> None:
    amounts = [line["properties"].get("amount", 0) for line in rows(folder)]
    costs = [line["properties"].get("variable_cost", 0) for line in rows(folder)]
    assert (
        np.round(np.array(amounts) * 1e6).astype(int).tolist() == world.events.value_micro.tolist()
    )
    assert np.round(np.array(costs) * 1e6).astype(int).tolist() == world.events.cost_micro.tolist()


def test_a_message_that_is_sent_again_is_the_same_line(folder: Path) -> None:
    seen: dict[str, dict] = {}
    again = 0
    for line in rows(folder):
        again += line["messageId"] in seen
        assert seen.setdefault(line["messageId"], line) == line
    assert again > 0


def test_the_truth_lies_apart_and_reads_back(world: World, folder: Path) -> None:
    truth = folder / "truth"
    assert tomllib.loads((truth / "company.toml").read_text()) == world.company.raw
    assert load_map((truth / "map.yaml").read_text()) == true_map(COMPANY)
    planted = {row["id"]: row for row in yaml.safe_load((truth / "planted.yaml").read_text())}
    assert planted["F2"]["value"] == "datev"
    assert planted["F2"]["per_month"] > planted["F4"]["per_month"] > 0
    persons = pq.read_table(truth / "persons.parquet")
    assert len(persons) == len(world.ids)
    assert set(persons["persona"].to_pylist()) == {*COMPANY.personas, None}


def test_the_mapping_says_what_the_columns_mean(folder: Path) -> None:
    mapping = yaml.safe_load((folder / "mapping.yaml").read_text())
    assert mapping["files"][0]["value"] == "properties.amount"
    assert mapping["declare"]["persona"] == "job_title"
    assert ["quarter end December 2025", "2025-12-20", "2026-01-09"] in mapping["declare"][
        "calendar"
    ]
    assert "truth" not in (folder / "mapping.yaml").read_text()


def test_a_renamed_world_is_the_same_world_in_other_words(world: World, tmp_path: Path) -> None:
    other = renamed(world, 3)
    assert other.events.time_us.tobytes() == world.events.time_us.tobytes()
    assert other.events.value_micro.tobytes() == world.events.value_micro.tobytes()
    assert len(set(other.words.values())) == len(other.words)
    write(other, tmp_path)
    text = (tmp_path / "events.jsonl").read_text()
    for name in (
        *world.names,
        "lines_a_month",
        "job_title",
        "variable_cost",
        "datev",
        "Financial controller",
    ):
        assert f'"{name}"' not in text
    first, second = (json.loads(line) for line in text.splitlines()[:2])
    assert first["anonymousId"].startswith("d")
    assert first["timestamp"] <= second["timestamp"]
    assert renamed(world, 4).names != other.names


def test_a_renamed_world_comes_with_its_own_map_and_declarations(world: World) -> None:
    other = renamed(world, 3)
    word = other.words
    steps = {step.id: step.rule for step in map_of(other).steps}
    assert steps["risk"] == (
        f"event in ('{word['Security Page Viewed']}', '{word['Security Document Downloaded']}')"
    )
    assert steps["reads"].startswith(
        f"(event = '{word['Page Viewed']}' and {word['section']} = '{word['article']}')"
    )
    said = declarations_of(other)
    assert said.persona == word["job_title"]
    assert said.contract_starts == f"event = '{word['Subscription Started']}'"
    (wizard,) = (row for row in findings_of(other) if row.id == "F2")
    assert (wizard.property, wizard.value) == (word["ledger"], word["datev"])
    assert map_of(world) == true_map(COMPANY)


def test_what_is_switched_off_is_said() -> None:
    assert switched_off() == ()
    alone = changed(COMPANY, "noise.identity", value=False)
    assert [line.split(":")[0] for line in switched_off(alone)] == ["Switched off (identity)"]
