"""Files are known by what they hold; a person may name a format, refuse it, or save it in a mapping."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from deltalake import DeltaTable
from hypothesis import given, settings, strategies as st
from tests.collect.importers.conftest import Tried

from pathworth.base.errors import PathworthError
from pathworth.collect import (
    FileMapping,
    formats,
    import_files,
    load_mapping,
    require_sure,
    save_mapping,
    sniff,
)
from pathworth.collect.importers import catalogue, rows_of
from pathworth.collect.importers.contracts import Format
from pathworth.collect.importers.files import documents
from pathworth.collect.times import parse_format

SUBSCRIPTION = {
    "id": "sub_1", "object": "subscription", "customer": "cus_1", "status": "active", "created": 1704067200,
    "items": {"data": []},
}  # fmt: skip


def codes(path: Path, **said: str) -> str:
    with pytest.raises(PathworthError) as caught:
        require_sure(sniff([path], FileMapping(**said)))
    assert caught.value.hint
    return caught.value.code


@pytest.mark.parametrize("name", formats())
def test_every_format_says_what_it_reads(name: str) -> None:
    form = formats()[name]
    assert form.name == name
    assert form.title
    assert form.signs
    assert all(len(sign.has) >= 2 or sign.members or sign.values for sign in form.signs)
    if form.time_format is not None:
        parse_format(form.time_format)
    if form.sees is not None:
        assert 0 <= form.sees.least < form.sees.most <= 1
        assert form.sees.because.endswith(".")


def test_a_plain_file_is_no_format(tried: Tried) -> None:
    path = tried.write("a.csv", "user_id,event,timestamp\nu1,view,2024-01-01\n")
    assert tried.format(path) is None


def test_what_a_person_says_of_columns_comes_before_a_format(tried: Tried) -> None:
    path = tried.lines("subs.jsonl", [SUBSCRIPTION])
    assert tried.format(path) == "stripe-subscriptions"
    assert (
        tried.format(path, format="plain", entity="customer", event="=x", time="created") == "plain"
    )
    assert tried.format(path, entity="customer", event="=x", time="created") is None
    assert tried.format(path, entity="id") == "stripe-subscriptions"
    assert codes(path, format="stripe-subscriptions", event="status") == "FORMAT_SAYS"
    assert codes(path, entity="custmer") == "MISSING_COLUMN"
    assert codes(path, value="amount") == "MISSING_COLUMN"
    assert codes(path, timezone="Mars") == "UNKNOWN_TIMEZONE"
    assert codes(path, format="stripe-invoices") == "NOT_THIS_FORMAT"
    assert codes(path, format="surveymonkey") == "NOT_THIS_FORMAT"
    assert codes(path, format="stripe-subscription") == "UNKNOWN_FORMAT"


def test_another_entity_and_source_are_taken(tried: Tried) -> None:
    path = tried.lines("subs.jsonl", [SUBSCRIPTION])
    tried.take(path, entity="id", source="billing")
    assert tried.told() == [("sub_1", "Subscription started", "2024-01-01 00:00:00")]
    lake = DeltaTable(tried.workspace.path / "lake").to_pyarrow_table()
    assert lake["source"].to_pylist() == ["billing"]


def test_a_saved_mapping_reads_the_same(tried: Tried) -> None:
    path = tried.lines("subs.jsonl", [SUBSCRIPTION])
    guess = sniff([path])
    save_mapping(guess.mapping(), tried.folder / "mapping.yaml")
    again = sniff([path], load_mapping(tried.folder / "mapping.yaml"))
    assert again.mapping() == guess.mapping()
    assert guess.mapping().files[0] == FileMapping(
        file="subs.jsonl", source="stripe", format="stripe-subscriptions"
    )


def test_two_formats_that_fit_alike_wait_for_a_person(
    tried: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = (
        "{title: %s, source: s, kinds: [csv], signs: [{has: [who, when]}], entity: who, "
        "events: [{name: x, time: when}]}"
    )
    two = {name: catalogue.read_format(one % name, name=name) for name in ("first", "second")}
    for module in ("catalogue", "recognising"):
        monkeypatch.setattr(f"pathworth.collect.importers.{module}.formats", lambda: two)
    path = tried.write("a.csv", "who,when\nu1,2024-01-01\n")
    with pytest.raises(PathworthError) as caught:
        require_sure(sniff([path]))
    assert caught.value.code == "MAPPING_UNSURE"
    assert "--format first" in caught.value.hint
    assert "second" in caught.value.message


def test_days_and_months_in_doubt_wait_for_a_person_in_a_format_too(tried: Tried) -> None:
    head = "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,Rate us"
    path = tried.write(
        "s.csv", f"{head}\n,,,,,,Response\n1,2,01/02/2024 10:00,01/02/2024 10:01,,a@b.example,5\n"
    )
    assert codes(path) == "MAPPING_UNSURE"
    tried.take(path, time_format="%d/%m/%Y %H:%M")
    assert tried.told() == [("a@b.example", "Survey answered", "2024-02-01 10:01:00")]


def test_a_row_that_tells_nothing_is_refused_and_not_lost(tried: Tried) -> None:
    invoice = {
        "id": "in_1",
        "object": "invoice",
        "customer": "c",
        "status": "open",
        "amount_paid": 0,
    }
    rows = [
        {**invoice, "status_transitions": {"paid_at": 1704067200}},
        {**invoice, "id": "in_2", "status_transitions": {"paid_at": None}},
    ]
    answer = tried.take(tried.lines("invoices.jsonl", rows))
    assert tried.refused(answer.import_) == [(2, "NO_EVENT")]


def test_a_format_of_ones_own_is_a_file(tried: Tried) -> None:
    own = tried.write(
        "till.yaml",
        """
        title: Our till
        source: till
        kinds: [csv]
        signs: [{has: [card, bought, given back]}]
        entity: card
        id: [card, bought]
        events:
          - {name: Bought, time: bought, value: sum, currency: EUR}
          - {name: Gave back, time: given back, when: {given back: []}, value: -sum, currency: EUR}
        """,
    )
    path = tried.write(
        "till.csv", "card,bought,given back,sum\n7,2024-01-01,2024-01-03,5\n8,2024-01-01,,2\n"
    )
    tried.take(path, format=str(own))
    assert [(e["entity"], e["name"], e["value"]) for e in tried.events()] == [
        ("7", "Bought", 5.0), ("7", "Gave back", -5.0), ("8", "Bought", 2.0),
    ]  # fmt: skip
    wrong = tried.write("wrong.yaml", "title: x\nkinds: [doc]\n")
    assert codes(path, format=str(wrong)) == "BAD_FORMAT"
    assert codes(path, format=str(tried.folder / "none.yaml")) == "NO_FILE"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=6),
    st.dictionaries(st.text(), JSON, max_size=3),
    st.integers(1, 40),
    st.sampled_from([None, 1]),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_records_are_found_wherever_a_document_is_cut(
    rows: list[dict], around: dict, size: int, indent: int | None, plain: bool
) -> None:
    page = {**{k: v for k, v in around.items() if k != "rows"}, "rows": rows, "end": True}
    text = json.dumps(page, indent=indent, ensure_ascii=plain)
    pieces = [text[k : k + size] for k in range(0, len(text), size)]
    for most in (0, len(text)):
        found = documents.records(documents.Pieces(iter(pieces)), ["rows"], most=most)
        assert [json.loads(record.text) for record in found] == rows


@pytest.mark.parametrize("piece", [7, 64, 1 << 20])
@pytest.mark.parametrize("shape", ["array", "page", "pretty", "pages", "lines", "gzip"])
def test_documents_of_every_shape_give_their_records(
    tried: Tried, monkeypatch: pytest.MonkeyPatch, piece: int, shape: str
) -> None:
    monkeypatch.setattr(documents, "PIECE", piece)
    monkeypatch.setattr(documents, "BATCH", 300)
    records = [{**SUBSCRIPTION, "id": f"sub_{k}", "note": 'a "b" [c] {d}, \\'} for k in range(9)]
    page = {"object": "list", "count": 12, "data": records, "has_more": False}
    text = {
        "array": json.dumps(records),
        "page": json.dumps(page),
        "pretty": json.dumps(page, indent=2),
        "pages": json.dumps({**page, "data": records[:4]}) + "\n" + json.dumps({"data": records[4:]}) + "\n",
        "lines": "\n".join(map(json.dumps, records)),
        "gzip": json.dumps(page),
    }[shape]  # fmt: skip
    path = tried.write("subs.json", gzip.compress(text.encode()) if shape == "gzip" else text)
    file = sniff([path], FileMapping(format="stripe-subscriptions")).files[0]
    batches = list(rows_of(path, file.shape, mapping=file.mapping))
    found = [id_ for batch in batches for id_ in batch.columns["subscription"].to_pylist()]
    assert found == [f"sub_{k}" for k in range(9)]
    for k, batch in enumerate(batches):
        rest = list(rows_of(path, file.shape, mapping=file.mapping, after=batch.place))
        assert [one.row.tolist() for one in rest] == [one.row.tolist() for one in batches[k + 1 :]]


def test_a_document_that_breaks_off_changes_nothing(tried: Tried) -> None:
    text = json.dumps({"object": "list", "data": [SUBSCRIPTION] * 40})
    path = tried.write("subs.json", text[: len(text) // 2])
    with pytest.raises(PathworthError) as caught:
        import_files(tried.workspace, [path])
    assert caught.value.code == "BROKEN_JSON"
    assert tried.workspace.imports() == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.json", b"[" * 100_000),
        ("deep.jsonl", b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"),
        ("empty.zip", b"PK\x05\x06" + bytes(18)),
        ("torn.zip", b"PK\x03\x04" + bytes(40)),
        ("torn.sqlite", b"SQLite format 3\0" + bytes(200)),
        ("torn.xes", b"<log><trace>"),
        ("nul.csv", b"a,b\n1,\0\n"),
    ],
)
def test_what_can_be_no_export_is_refused_in_words(tried: Tried, name: str, content: bytes) -> None:
    with pytest.raises(PathworthError) as caught:
        import_files(tried.workspace, [tried.write(name, content)])
    assert caught.value.hint
    assert tried.workspace.imports() == ()


def test_a_cell_of_any_length_is_read(tried: Tried) -> None:
    text = f'user_id,event,timestamp,note\nu1,view,2024-01-01,"{"x" * 300_000}"\nu2,view,2024-01-02,y\n'
    assert tried.take(tried.write("long.csv", text)).accepted == 2


def test_a_format_that_says_what_none_says_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="colour"):
        catalogue.read_format(
            "{title: x, source: s, kinds: [csv], signs: [], entity: a, events: [], colour: 1}",
            name="x",
        )


def test_what_formats_tell_a_person_is_plain_data() -> None:
    told = formats()["ga4-bigquery"].told()
    assert isinstance(formats()["ga4-bigquery"], Format)
    assert told["sees"] == {
        "least": 0.6,
        "most": 0.95,
        "because": "browsers that block the tag and people who refuse consent send nothing.",
    }
