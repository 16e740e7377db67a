"""Proposed maps of published files, of which nobody knows the true steps but everybody sees wrong ones."""

from __future__ import annotations

import pytest
from tests.atlas.made import read_csv

from pathworth.atlas import check_map, discover
from pathworth.journeys import Journeys


def steps_of(found):
    steps = {}
    for one in found.events:
        steps.setdefault(one.step, set()).add(one.event)
    return {frozenset(events) for step, events in steps.items() if step is not None}


@pytest.fixture(scope="module")
def shop(shared):
    file = shared / "data" / "rete_ecom" / "events.csv"
    texts = ("platform", "acquisition_channel", "user_cohort", "user_lifecycle")
    return read_csv(file, entity="user_id", name="event", time="timestamp", texts=texts)


def test_a_shop_keeps_cart_shipping_payment_and_purchase_apart(shop):
    found = discover(Journeys(shop))
    steps = steps_of(found)
    assert {"add_to_cart", "cart", "checkout_bug"} in steps
    assert {frozenset({"shipping_details"}), frozenset({"payment_details"})} <= steps
    assert frozenset({"purchase"}) in steps
    assert [one.event for one in found.noise] == ["error_page"]
    assert 8 <= len(found.document.steps) <= 12
    assert check_map(found.document, shop) == []
    names = [step.name for step in found.document.steps]
    order = ["Product view", "Add to cart", "Shipping details", "Payment details", "Purchase"]
    assert sorted(order, key=names.index) == order
    assert all(
        step.rule is not None and "platform" not in step.rule for step in found.document.steps
    )


def test_a_process_keeps_its_six_tasks_and_its_two_side_ways(shared):
    file = shared / "data" / "pm4py_running_receipt" / "receipt.csv"
    log = read_csv(
        file,
        entity="case:concept:name",
        name="concept:name",
        time="time:timestamp",
        texts=("case:channel", "org:group"),
    )
    found = discover(Journeys(log))
    steps = steps_of(found)
    assert any(len({e[:3] for e in step} & {"T11", "T12", "T14", "T15"}) == 4 for step in steps)
    assert any(len({e[:3] for e in step} & {"T16", "T17", "T19", "T20"}) == 4 for step in steps)
    assert found.document.steps[0].rule == "event = 'Confirmation of receipt'"
    assert found.document.steps[0].entry
    assert all(one.people < 10 for one in found.noise)


def test_a_file_of_orders_is_one_step_with_a_loop(shared):
    file = shared / "data" / "cdnow" / "orders_master.csv"
    orders = read_csv(file, entity="customer_id", name="order", time="date")
    found = discover(Journeys(orders))
    assert [step.rule for step in found.document.steps] == ["event = 'order'"]
    assert any("loop" in note for note in found.notes)
