"""The published files import end to end, with the counts that their READMEs and other tools give."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathworth.base.errors import BadInput
from pathworth.collect import FileMapping, import_files, require_sure, sniff
from pathworth.store import Workspace

SURE: dict[str, FileMapping] = {
    "rees46_sample/events.csv": FileMapping(entity="user_id", event="event_type", time="event_time"),
    "pm4py_running_receipt/receipt.csv": FileMapping(
        entity="case:concept:name", event="concept:name", time="time:timestamp"
    ),
    "pm4py_running_receipt/running_example.csv": FileMapping(
        entity="case:concept:name", event="concept:name", time="time:timestamp", cost="Costs"
    ),
    "completejourney/transactions_sample.parquet": FileMapping(
        entity="household_id", event="=order", time="transaction_timestamp", value="sales_value"
    ),
    "cdnow/orders_master.csv": FileMapping(
        entity="customer_id", event="=order", time="date", value="dollars"
    ),
    "rete_ecom/events.csv": FileMapping(entity="user_id", event="event", time="timestamp"),
}  # fmt: skip
COUNTS = {
    "rees46_sample/events.csv": (1_000, 330, 3, "2019-10-01T00:00:00Z", "2019-10-01T00:17:26Z"),
    "pm4py_running_receipt/receipt.csv": (
        8_577, 1_434, 27, "2010-10-02T07:20:39.266000Z", "2012-01-23T14:42:54.644000Z"),
    "pm4py_running_receipt/running_example.csv": (
        42, 6, 8, "2010-12-30T10:02:00Z", "2011-01-24T13:56:00Z"),
    "completejourney/transactions_sample.parquet": (
        75_000, 2_377, 1, "2017-01-01T11:30:27Z", "2018-01-01T02:47:38Z"),
    "cdnow/orders_master.csv": (69_659, 23_570, 1, "1996-12-31T23:00:00Z", "1998-06-29T22:00:00Z"),
    "rete_ecom/events.csv": (31_106, 600, 19, "2024-01-04T10:45:38Z", "2024-06-29T20:02:40Z"),
}  # fmt: skip


def data(shared: Path, name: str) -> Path:
    return shared / "data" / name


@pytest.mark.parametrize("name", SURE)
def test_the_mapping_of_a_published_file_is_guessed_and_sure(shared: Path, name: str) -> None:
    guess = sniff([data(shared, name)])
    require_sure(guess)
    found = guess.files[0].mapping
    roles = ("entity", "event", "time", "value", "cost", "id", "currency")
    assert {r: getattr(found, r) for r in roles} == {r: getattr(SURE[name], r) for r in roles}
    assert found.time_format == "iso"
    assert all(role.because for role in guess.files[0].roles)


@pytest.mark.parametrize("name", COUNTS)
def test_a_published_file_gives_the_counts_of_its_readme_and_a_replay_gives_duplicates(
    shared: Path, workspace: Workspace, name: str
) -> None:
    rows, entities, names, first, last = COUNTS[name]
    answer = import_files(workspace, [data(shared, name)])
    assert answer.counts() == {
        "import": 1, "accepted": rows, "rejected": 0, "duplicates": 0, "entities": entities,
        "events": rows, "from": first, "to": last,
    }  # fmt: skip
    assert len(workspace.snapshot().names) == names
    again = import_files(workspace, [data(shared, name)])
    assert (again.accepted, again.duplicates, again.events) == (0, rows, rows)


@pytest.mark.parametrize(
    ("name", "rows", "entities"),
    [("oulad/submissions.parquet", 173_912, 23_369), ("oulad/vle_clicks_sample.csv", 13_905, 364)],
)
def test_days_since_an_unnamed_day_wait_for_that_day(
    shared: Path, workspace: Workspace, name: str, rows: int, entities: int
) -> None:
    path = data(shared, name)
    with pytest.raises(BadInput) as caught:
        import_files(workspace, [path])
    assert caught.value.code == "MAPPING_UNSURE"
    assert caught.value.hint.startswith(f"pathworth import {path} --entity id_student --event =")
    assert "--time-format days:" in caught.value.hint
    answer = import_files(workspace, [path], mapping=FileMapping(time_format="days:2013-10-01"))
    assert (answer.accepted, answer.entities) == (rows, entities)
    assert "No column says what happened" in answer.notes[0]


def test_a_price_on_every_row_is_no_money_and_that_is_said(shared: Path) -> None:
    guess = sniff([data(shared, "rees46_sample/events.csv")])
    assert any("price" in note and "--value price" in note for note in guess.files[0].notes)


def test_money_is_imported_to_the_cent(shared: Path, workspace: Workspace) -> None:
    import_files(workspace, [data(shared, "cdnow/orders_master.csv")])
    cents = sum(int(shard.columns["value"].sum()) for shard in workspace.snapshot().shards)
    lines = data(shared, "cdnow/orders_master.csv").read_text().splitlines()[1:]
    assert cents == sum(round(float(line.split(",")[3]) * 100) for line in lines) * 10_000


@pytest.mark.parametrize(
    "name",
    ["bupar_patients/events.csv", "ravenstack_saas/subscriptions.csv", "telco_churn/customers.csv"],
)
def test_a_file_in_doubt_is_never_imported_by_a_guess(
    shared: Path, workspace: Workspace, name: str
) -> None:
    with pytest.raises(BadInput) as caught:
        import_files(workspace, [data(shared, name)])
    assert caught.value.code == "MAPPING_UNSURE"
    assert caught.value.hint.startswith("pathworth import ")
    assert workspace.imports() == ()
