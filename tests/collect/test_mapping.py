"""A mapping file says each mistake with its remedy, and what is saved reads back the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.collect.conftest import Write

from pathworth.base.declarations import Declarations
from pathworth.base.errors import BadInput
from pathworth.collect import (
    FileMapping,
    Mapping,
    files_of,
    load_mapping,
    read_mapping,
    save_mapping,
    sniff,
)

FULL = """
files:
  - {file: events.jsonl, entity: userId, event: event, time: timestamp, time_format: auto, timezone: UTC,
     id: messageId, value: properties.amount, cost: properties.variable_cost,
     currency: properties.currency, source: web}
  - {file: "crm/*.csv", entity: contact, event: =call, time: at, time_format: "days:2013-10-01", currency: USD}
declare: {persona: job_title, contract_starts: "event = 'Start'", contract_payments: "event = 'Paid'",
  contract_plan: plan, contract_since: since, calendar: [[freeze, 2025-12-20, 2026-01-02]],
  structural: [[ledger, netsuite]]}
"""


def test_the_documented_format_is_read(write: Write) -> None:
    mapping = load_mapping(write("mapping.yaml", FULL))
    assert mapping.files[0].value == "properties.amount"
    assert mapping.files[1] == FileMapping(
        "crm/*.csv", entity="contact", event="=call", time="at", time_format="days:2013-10-01", currency="USD"
    )  # fmt: skip
    assert mapping.declare == Declarations(
        persona="job_title",
        contract_starts="event = 'Start'",
        contract_payments="event = 'Paid'",
        contract_plan="plan",
        contract_since="since",
        calendar=(("freeze", "2025-12-20", "2026-01-02"),),
        structural=(("ledger", "netsuite"),),
    )


words = st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
rows = st.builds(
    FileMapping, file=words.filter(bool), entity=words, event=words, time=words, value=words, cost=words,
    currency=words, id=words, source=words, timezone=st.sampled_from([None, "UTC", "Asia/Kolkata"]),
    time_format=st.sampled_from([None, "auto", "s", "days:2013-10-01", "%d/%m/%Y %H:%M"]),
)  # fmt: skip
pairs = st.lists(st.tuples(words.filter(bool), words.filter(bool)), max_size=2).map(tuple)
declared = st.none() | st.builds(Declarations, persona=words, contract_plan=words, structural=pairs)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.builds(Mapping, st.lists(rows, min_size=1, max_size=3).map(tuple), declared))
def test_what_is_saved_reads_back_the_same(tmp_path: Path, mapping: Mapping) -> None:
    save_mapping(mapping, tmp_path / "mapping.yaml")
    assert load_mapping(tmp_path / "mapping.yaml") == mapping


def test_a_guess_can_be_saved_and_gives_the_same_import(write: Write, tmp_path: Path) -> None:
    text = "user_id,event,at\n" + "".join(f"u{k % 5},a,0{k % 9 + 1}.05.2024\n" for k in range(60))
    path = write("a.csv", text)
    guess = sniff([path])
    save_mapping(guess.mapping(), tmp_path / "mapping.yaml")
    again = sniff([path], load_mapping(tmp_path / "mapping.yaml"))
    assert again.files[0].mapping == guess.mapping().files[0]
    assert all(role.given for role in again.files[0].roles)


@pytest.mark.parametrize(
    ("document", "code", "said"),
    [
        ({"files": [{"file": "a", "entitty": "x"}]}, "UNKNOWN_KEY", "entity"),
        ({"file": []}, "UNKNOWN_KEY", "files"),
        ({"files": [{"file": "a"}], "declare": {"person": "x"}}, "UNKNOWN_KEY", "persona"),
        ({"files": []}, "BAD_MAPPING", "files"),
        ({"files": [{"entity": "x"}]}, "BAD_MAPPING", "files"),
        ({"files": ["a.csv"]}, "BAD_MAPPING", "files"),
        ([1], "BAD_MAPPING", "files"),
        ({"files": [{"file": "a"}], "declare": {"calendar": [["x", "y"]]}}, "BAD_MAPPING", "files"),
        ({"files": [{"file": "a", "time_format": "soon"}]}, "UNKNOWN_TIME_FORMAT", "days:"),
        ({"files": [{"file": "a", "timezone": "Mars"}]}, "UNKNOWN_TIMEZONE", "IANA"),
    ],
)
def test_mistakes_are_named(document: Any, code: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_mapping(document)
    assert caught.value.code == code
    assert said in caught.value.hint


def test_files_that_cannot_be_read_are_named(write: Write, tmp_path: Path) -> None:
    for path in (tmp_path / "absent.yaml", tmp_path):
        with pytest.raises(BadInput) as caught:
            load_mapping(path)
        assert caught.value.code == "NO_FILE"
    with pytest.raises(BadInput) as caught:
        load_mapping(write("bad.yaml", "files: [}"))
    assert caught.value.code == "BAD_MAPPING"


def test_the_files_of_a_mapping_lie_beside_it(write: Write, tmp_path: Path) -> None:
    paths = [write(name, "x") for name in ("b.csv", "c-2.csv", "c-1.csv")]
    mapping = Mapping((FileMapping("c-*.csv"), FileMapping("b.csv")))
    assert files_of(mapping, tmp_path) == (paths[2], paths[1], paths[0])
    with pytest.raises(BadInput) as caught:
        files_of(Mapping((FileMapping("absent.csv"),)), tmp_path)
    assert caught.value.code == "NO_FILE"


def test_two_files_of_one_name_keep_their_own_columns(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "events.csv" for folder in ("web", "shop")]
    for path, column in zip(paths, ("user_id", "customer_id"), strict=True):
        path.parent.mkdir()
        path.write_text(
            f"{column},event,at\n" + "".join(f"u{k % 5},a,2024-05-01\n" for k in range(60))
        )
    found = sniff(paths, sniff(paths).mapping())
    assert [file.mapping.entity for file in found.files] == ["user_id", "customer_id"]
