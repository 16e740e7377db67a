"""The page of the predicate language says what is: its examples are run, and it has every function and code."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.journeys.build import snapshot, us

from pathworth.base.errors import PathworthError
from pathworth.base.predicate import character_of
from pathworth.base.predicate.calls import FUNCTIONS
from pathworth.base.segments import Segment, SegmentRevision
from pathworth.journeys import Step, entity_mask, event_mask, whole

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "predicates.md").read_text()
BLOCKS = re.findall(r"^```(\w+(?: \w+)?)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
STEPS = (
    Step("Buys", "event = 'purchase'"),
    Step("Big basket", "event = 'cart' and size >= 2"),
)
REGULARS = SegmentRevision(1, "did('Buys', at_least=2)", "ann", 0, (("Buys", STEPS[0].rule),))


def examples(kind):
    for name, block in BLOCKS:
        for line in block.splitlines() if name == kind else ():
            text, wanted = re.fullmatch(r"(.*\S)\s* --(.*)", line).groups()
            yield text, wanted.split()


def world():
    (block,) = (block for name, block in BLOCKS if name == "csv")
    rows = list(csv.DictReader(io.StringIO(block)))

    def column(name, read):
        return [read(row[name]) if row[name] else None for row in rows]

    columns = {
        "n": column("n", str),
        "plan": column("plan", str),
        "size": column("size", float),
        "member": column("member", lambda text: text == "true"),
        "value": column("value", float),
    }
    made = snapshot(
        ((row["person"], row["event"], us(row["time"])) for row in rows), columns=columns
    )
    return replace(made, segments=(Segment("regulars", (REGULARS,)),))


WORLD = world()
SHARD = WORLD.shards[0]


def people(who):
    held = entity_mask(WORLD, SHARD, who=who, steps=STEPS)
    return sorted(SHARD.id_of(e) for e in np.flatnonzero(held))


def events(where):
    held = event_mask(whole(WORLD, SHARD), where, steps=STEPS).view(bool)
    numbers = WORLD.columns["n"].values
    return sorted((numbers[code - 1] for code in SHARD.columns["n"][held]), key=int)


@pytest.mark.parametrize(("text", "wanted"), [*examples("who")])
def test_people_of_an_example(text, wanted):
    assert people(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), [*examples("where")])
def test_events_of_an_example(text, wanted):
    assert events(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), [*examples("pattern")])
def test_people_of_a_pattern(text, wanted):
    assert people(f"matches('{text}')") == wanted


REFUSED = [
    (ask, *one)
    for kind, ask in (("refused who", people), ("refused where", events))
    for one in examples(kind)
]


@pytest.mark.parametrize(("ask", "text", "wanted"), REFUSED)
def test_a_refusal_of_an_example(ask, text, wanted):
    code, character = wanted
    with pytest.raises(PathworthError) as caught:
        ask(text)
    assert caught.value.code == code
    assert character_of(caught.value) == int(character) - 1
    assert caught.value.hint


def test_every_kind_of_block_has_examples():
    assert {name for name, _ in BLOCKS} == {
        *("csv", "ebnf", "who", "where", "pattern", "refused who", "refused where")
    }
    assert min(len([*examples(kind)]) for kind in ("who", "where", "pattern")) > 9
    assert len(REFUSED) > 25


def test_every_function_and_every_code_of_the_language_is_on_the_page():
    for name in FUNCTIONS:
        assert f'"{name}"' in PAGE
        assert re.search(rf"^```\w+\n(?:[^`]*\n)?[^`\n]*\b{name}\(", PAGE, re.MULTILINE)
    places = [
        *(ROOT / "src/pathworth/base/predicate").glob("*.py"),
        *(ROOT / "src/pathworth/journeys/predicates").glob("*.py"),
        ROOT / "src/pathworth/journeys/rules.py",
        ROOT / "src/pathworth/run/persons/segments.py",
    ]
    said = "\n".join(file.read_text() for file in places)
    raised = set(re.findall(r'\(\n\s+"([A-Z_]+)",\n', said))
    raised |= set(re.findall(r'code(?:: str)? ?= ?"([A-Z_]+)"', said))
    raised |= set(re.findall(r'(?:Refused|BadInput|WrongUsage)\(\s*"([A-Z_]+)"', said))
    raised |= {f"UNKNOWN_{what.upper()}" for what in re.findall(r'unknown\("(\w+)"', said)}
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE))
    assert raised <= table, "write these on docs/predicates.md"
    assert {wanted[0] for _, _, wanted in REFUSED} <= table
