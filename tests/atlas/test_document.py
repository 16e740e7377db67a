"""Map documents as text: what is written reads back, and what cannot be read says where."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings, strategies as st

from pathworth.atlas import (
    Contract,
    MapDocument,
    MapStep,
    Sign,
    dump_map,
    export_map,
    load_map,
    map_schema,
)
from pathworth.base.errors import BadInput, WrongUsage

STEPS = (
    MapStep(
        "look",
        "Look around",
        "event = 'look'",
        "First",
        entry=True,
        signs=(Sign("Sees prices", "event = 'click' and text = 'See prices'"),),
    ),
    MapStep("ask", "Ask the boss", None, "First", owner="Eva", expires="2026-11-30"),
    MapStep("buy", "Buy", "event in ('pay', 'it''s done')", "Then", leaving=True, tau="14d"),
)
FULL = MapDocument(
    name="Journey of no: 1 # yes",
    steps=STEPS,
    stages=("First", "Then"),
    persona="role",
    session_gap="1h",
    contract=Contract("buy", "event = 'pay'", plan="plan", months="months", horizon_months=36),
    structural=(("ledger", "no"),),
    calendar=(("quarter end", "2025-12-20", "2026-01-09"),),
    noise=("ping", "on"),
)


def test_a_full_document_reads_back_from_yaml_and_json():
    assert load_map(dump_map(FULL)) == FULL
    assert load_map(export_map(FULL, "json")) == FULL
    assert json.loads(export_map(FULL, "json"))["format"] == "pathworth.map/1"


def test_what_is_not_said_is_not_written_and_the_order_is_for_reading():
    text = dump_map(MapDocument("small", (MapStep("a", "A", "event = 'a'"),)))
    assert text.splitlines() == [
        "format: pathworth.map/1",
        "name: small",
        "steps:",
        "  - id: a",
        "    name: A",
        "    rule: event = 'a'",
    ]
    keys = [line.split(":")[0] for line in dump_map(FULL).splitlines() if line[0] not in " -"]
    assert keys[:7] == ["format", "name", "stages", "persona", "session_gap", "contract", "steps"]
    assert "rule: null" in dump_map(FULL)  # an assumption says that it has no rule


words = st.text(min_size=1, max_size=30).filter(lambda one: one.isprintable())
ids = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
optional = st.none() | words
days = st.dates().map(lambda day: day.isoformat())
steps = st.builds(
    MapStep,
    id=ids,
    name=words,
    rule=optional,
    stage=optional,
    entry=st.booleans(),
    leaving=st.booleans(),
    owner=optional,
    link=optional,
    expires=st.none() | days,
    tau=st.sampled_from([None, "30m", "2w"]),
    signs=st.lists(st.builds(Sign, name=words, rule=words), max_size=2).map(tuple),
)
contracts = st.builds(
    Contract,
    step=words,
    payments=words,
    plan=optional,
    since=optional,
    months=optional,
    horizon_months=st.integers(1, 120),
    discount_a_year=st.floats(0, 1),
)
documents = st.builds(
    MapDocument,
    name=words,
    steps=st.lists(steps, max_size=3).map(tuple),
    stages=st.lists(words, max_size=3).map(tuple),
    persona=optional,
    session_gap=st.sampled_from(["30m", "1h"]),
    contract=st.none() | contracts,
    structural=st.lists(st.tuples(words, words), max_size=2).map(tuple),
    calendar=st.lists(st.tuples(words, days, days), max_size=2).map(tuple),
    noise=st.lists(words, max_size=3).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(documents)
def test_any_document_reads_back(document):
    assert load_map(dump_map(document)) == document
    assert load_map(export_map(document, "json")) == document


@pytest.mark.parametrize(
    ("kind", "place"),
    [(MapDocument, ""), (MapStep, "step"), (Contract, "contract")],
)
def test_dataclasses_and_schema_say_the_same(kind, place):
    schema = map_schema()
    part = schema["$defs"][place] if place else schema
    named = {field.name: field for field in fields(kind)}
    assert set(part["properties"]) - {"format"} == set(named)
    required = {name for name, field in named.items() if field.default is MISSING}
    assert set(part["required"]) == required
    assert part["additionalProperties"] is False
    for name, field in named.items():
        if field.default is not MISSING:
            said = part["properties"][name]["default"]
            assert (tuple(said) if isinstance(said, list) else said) == field.default, name
        assert part["properties"][name].get("description"), name


def test_the_schema_is_itself_a_schema():
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(map_schema())


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("a: [", "BAD_YAML", "line 1"),
        ("name: a\nsteps: []\nname: b", "BAD_YAML", "line 3, column 1: 'name' is given twice"),
        ("name: &a x\nstages: [*a]\nsteps: []", "BAD_YAML", "no aliases"),
        ("name: !!python/object:os.system x\nsteps: []", "BAD_YAML", "line 1"),
        ("", "BAD_MAP", "the document"),
        ("- a", "BAD_MAP", "the document"),
        ("name: a", "BAD_MAP", "'steps' is a required property"),
        ("name: 3\nsteps: []", "BAD_MAP", "At name"),
        ("name: a\nsteps: []\nowner: b", "BAD_MAP", "'owner' was unexpected"),
        ("name: a\nsteps: [{id: B, name: b, rule: null}]", "BAD_MAP", "steps.0.id"),
        ("name: a\nsteps: [{id: b, name: b}]", "BAD_MAP", "'rule' is a required property"),
        ("name: a\nsteps: [{id: b, name: b, rule: x, entry: yes}]", "BAD_MAP", "entry"),
        ("name: a\nsteps: []\nsession_gap: 30", "BAD_MAP", "session_gap"),
        ("format: pathworth.map/2\nname: a\nsteps: []", "BAD_MAP", "format"),
        ("[" * 20_000, "BAD_YAML", "deep"),
        ("x" * 1_000_001, "MAP_TOO_LONG", "1000001"),
    ],
)
def test_a_text_that_is_no_map_says_where_and_why(text, code, words):
    with pytest.raises(BadInput) as error:
        load_map(text)
    assert error.value.code == code
    assert words in error.value.message
    assert error.value.hint


def test_words_that_yaml_likes_to_turn_into_something_else_stay_words():
    text = (
        "name: no\nsteps: []\nnoise: [on, yes, Off]\n"
        "calendar: [{name: 'y', from: 2025-12-20, to: 2026-01-09}]"
    )
    document = load_map(text)
    assert document.name == "no"
    assert document.noise == ("on", "yes", "Off")
    assert document.calendar == (("y", "2025-12-20", "2026-01-09"),)


def test_an_unknown_format_is_refused():
    with pytest.raises(WrongUsage) as error:
        export_map(FULL, "pdf")
    assert error.value.code == "UNKNOWN_FORMAT"
    assert "svg" in error.value.hint


MOVES = {
    ("look", "look"): 40,
    ("look", "buy"): 120,
    ("buy", "look"): 15,
    ("look", "gone"): 9,
    ("look", "ask"): 3,
}


def test_the_drawing_shows_every_step_loop_and_return_and_is_always_the_same():
    text = export_map(FULL, "svg", moves=MOVES)
    assert text == export_map(FULL, "svg", moves=dict(reversed(MOVES.items())))
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    boxes = root.findall(f".//{space}rect")
    assert len(boxes) == 3
    assert [box.get("class") for box in boxes] == [None, "assumed", None]
    arrows = root.findall(f"{space}path")
    assert len(arrows) == 3  # neither the small one nor the one to a step that is not on the map
    assert sum(one.get("class") == "back" for one in arrows) == 2
    shown = {one.text for one in root.iter(f"{space}text")}
    assert {"FIRST", "THEN", "Look around", "40", "120", "15"} <= shown


def test_a_drawing_holds_its_boxes_and_escapes_its_words():
    odd = MapDocument('a <b> & "c"', (MapStep("x", "<script>", "event = '<'"),))
    root = ElementTree.fromstring(export_map(odd, "svg"))
    _, _, wide, high = map(float, root.get("viewBox").split())
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(box.get("x")) + float(box.get("width")) <= wide
        assert float(box.get("y")) + float(box.get("height")) <= high
