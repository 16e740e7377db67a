"""Subscriptions, invoices and charges as the API gives them become what happened to whom, with the money."""

from __future__ import annotations

from typing import Any

from tests.collect.importers.conftest import Tried

from pathworth.collect import sniff

JAN, FEB, MAR, APR = 1704067200, 1706745600, 1709251200, 1711929600


def price(amount: int, **more: Any) -> dict[str, Any]:
    recurring = {"interval": "month", "interval_count": 1}
    return {
        "id": "price_a",
        "unit_amount": amount,
        "recurring": recurring,
        "product": "prod_a",
        **more,
    }


def subscription(id_: str, **more: Any) -> dict[str, Any]:
    item = {"id": "si_1", "price": price(1900), "quantity": 3, "current_period_end": FEB}
    return {
        "id": id_,
        "object": "subscription",
        "customer": "cus_1",
        "status": "active",
        "created": JAN,
        "start_date": JAN,
        "trial_start": None,
        "trial_end": None,
        "canceled_at": None,
        "cancel_at_period_end": False,
        "ended_at": None,
        "currency": "eur",
        "items": {"object": "list", "data": [item]},
        "cancellation_details": {"reason": None, "feedback": None, "comment": None},
        "metadata": {"seller": "ann"},
        **more,
    }


def page(*objects: dict[str, Any]) -> dict[str, Any]:
    return {"object": "list", "url": "/v1/x", "has_more": False, "data": list(objects)}


def test_a_subscription_tells_its_start_its_trial_and_its_end(tried: Tried) -> None:
    ended = subscription(
        "sub_1",
        status="canceled",
        trial_start=JAN,
        trial_end=FEB,
        canceled_at=MAR,
        ended_at=APR,
        cancellation_details={"reason": "cancellation_requested", "feedback": "too_expensive"},
    )
    trying = subscription(
        "sub_2", customer="cus_2", status="trialing", trial_start=JAN, trial_end=APR
    )
    path = tried.write("subscriptions.json", page(ended, trying))
    assert tried.format(path) == "stripe-subscriptions"
    answer = tried.take(path)
    assert (answer.accepted, answer.rejected) == (7, 0)
    assert tried.told() == [
        ("cus_1", "Subscription started", "2024-01-01 00:00:00"),
        ("cus_1", "Trial started", "2024-01-01 00:00:00"),
        ("cus_1", "Trial ended", "2024-02-01 00:00:00"),
        ("cus_1", "Cancellation asked", "2024-03-01 00:00:00"),
        ("cus_1", "Subscription ended", "2024-04-01 00:00:00"),
        ("cus_2", "Subscription started", "2024-01-01 00:00:00"),
        ("cus_2", "Trial started", "2024-01-01 00:00:00"),
    ]


def test_an_event_holds_only_what_was_known_by_then(tried: Tried) -> None:
    ended = subscription("sub_1", status="canceled", canceled_at=MAR, ended_at=MAR)
    ended["cancellation_details"] = {"reason": "payment_failed"}
    tried.take(tried.write("subscriptions.json", page(ended)))
    first, _, last = tried.events()
    assert first == {
        "entity": "cus_1",
        "name": "Subscription started",
        "time": "2024-01-01 00:00:00",
        "subscription": "sub_1",
        "plan": "price_a",
        "product": "prod_a",
        "unit_amount": "19",
        "interval": "month",
        "interval_count": "1",
        "seats": "3",
        "price_currency": "eur",
        "seller": "ann",
    }
    assert (last["status"], last["reason"]) == ("canceled", "payment_failed")


def test_subscriptions_of_both_ages_of_the_api_give_the_same_events(tried: Tried) -> None:
    new = subscription("sub_1")
    old = subscription(
        "sub_1", current_period_start=JAN, current_period_end=FEB, plan={"id": "price_a"}
    )
    old["items"]["data"][0] = {
        "plan": {"id": "price_a", "amount": 1900, "interval": "month"},
        "quantity": 3,
    }
    tried.take(tried.write("new.json", page(new)))
    before = tried.events()
    answer = tried.take(tried.write("old.json", page(old)))
    assert (answer.accepted, answer.duplicates) == (0, 1)
    assert tried.events() == before
    assert before[0]["unit_amount"] == "19"


def test_a_later_export_adds_only_what_is_new(tried: Tried) -> None:
    tried.take(tried.lines("monday.jsonl", [subscription("sub_1")]))
    later = subscription("sub_1", status="canceled", canceled_at=MAR, ended_at=MAR)
    answer = tried.take(tried.lines("tuesday.jsonl", [later]))
    assert (answer.accepted, answer.duplicates) == (2, 1)


def test_a_trial_that_was_broken_off_did_not_end_on_its_day(tried: Tried) -> None:
    gone = subscription("sub_1", status="canceled", trial_start=JAN, trial_end=MAR, ended_at=FEB)
    tried.take(tried.write("subscriptions.json", page(gone)))
    assert [name for _, name, _ in tried.told()] == [
        "Subscription started", "Trial started", "Subscription ended",
    ]  # fmt: skip


def test_invoices_bring_the_money_in_units_of_their_currency(tried: Tried) -> None:
    def invoice(id_: str, **more: Any) -> dict[str, Any]:
        transitions = {
            "finalized_at": JAN,
            "paid_at": FEB,
            "marked_uncollectible_at": None,
            "voided_at": None,
        }
        return {
            "id": id_, "object": "invoice", "customer": "cus_1", "status": "paid", "created": JAN, "currency": "eur",
            "amount_due": 1999, "amount_paid": 1999, "amount_remaining": 0, "billing_reason": "subscription_cycle",
            "status_transitions": transitions, **more,
        }  # fmt: skip

    open_ = {
        "finalized_at": JAN,
        "paid_at": None,
        "marked_uncollectible_at": APR,
        "voided_at": None,
    }
    none = dict.fromkeys(open_)
    parent = {"subscription_details": {"subscription": "sub_2"}}
    rows = [
        invoice("in_1", subscription="sub_1"),
        invoice("in_2", currency="jpy", customer={"id": "cus_2", "name": "B"}, parent=parent),
        invoice("in_3", customer="cus_3", status="uncollectible", amount_paid=0, status_transitions=open_),
        invoice("in_4", customer="cus_4", status="draft", status_transitions=none),
        invoice("in_5", customer=None),
    ]  # fmt: skip
    path = tried.write("invoices.json", page(*rows))
    assert tried.format(path) == "stripe-invoices"
    answer = tried.take(path)
    assert answer.accepted == 7
    assert tried.refused(answer.import_) == [(5, "NO_ENTITY"), (5, "NO_ENTITY")]
    paid = [e for e in tried.events() if e["name"] == "Invoice paid"]
    names = ("entity", "value", "currency", "subscription", "subscription_of")
    assert [tuple(map(e.get, names)) for e in paid] == [
        ("cus_1", 19.99, "EUR", "sub_1", None),
        ("cus_2", 1999.0, "JPY", None, "sub_2"),
    ]  # fmt: skip
    assert ("cus_3", "Invoice written off", "2024-04-01 00:00:00") in tried.told()
    assert ("cus_4", "Invoice drafted", "2024-01-01 00:00:00") in tried.told()


def test_what_a_format_says_of_money_is_confirmed_and_not_changed(tried: Tried) -> None:
    paid = {"finalized_at": JAN, "paid_at": FEB}
    invoice = {
        "id": "in_1", "object": "invoice", "customer": "cus_1", "status": "paid", "created": JAN, "currency": "eur",
        "amount_paid": 1999, "status_transitions": paid,
    }  # fmt: skip
    path = tried.lines("invoices.jsonl", [invoice])
    roles = {r.name: r.column for r in sniff([path]).files[0].roles if r.column}
    tried.take(path, **roles)
    assert [(e["name"], e.get("value")) for e in tried.events()] == [
        ("Invoice sent", None),
        ("Invoice paid", 19.99),
    ]
    assert tried.format(path, value="created") is None


def test_money_that_another_source_tells_can_be_left_out(tried: Tried) -> None:
    invoice = {
        "id": "in_1", "object": "invoice", "customer": "cus_1", "currency": "eur", "status": "paid",
        "amount_due": 1900, "amount_paid": 1900, "amount_remaining": 0, "created": JAN,
        "status_transitions": {"finalized_at": JAN, "paid_at": FEB},
    }  # fmt: skip
    tried.take(tried.lines("invoices.jsonl", [invoice]), format="stripe-invoices", value="none")
    assert [row["name"] for row in tried.events()] == ["Invoice sent", "Invoice paid"]
    assert not any({"value", "currency"} & row.keys() for row in tried.events())


def test_a_plain_file_can_leave_its_money_out_too(tried: Tried) -> None:
    path = tried.write("orders.csv", "user,event,time,amount\nu1,order,2024-01-01 09:00:00,12.5\n")
    tried.take(path, entity="user", event="event", time="time", value="none")
    (order,) = tried.events()
    assert "value" not in order
    assert order["amount"] == "12.5"


def test_charges_tell_payments_failures_and_refunds(tried: Tried) -> None:
    def charge(id_: str, **more: Any) -> dict[str, Any]:
        return {
            "id": id_, "object": "charge", "customer": "cus_1", "status": "succeeded", "created": JAN,
            "amount": 5000, "amount_captured": 5000, "amount_refunded": 0, "currency": "usd", **more,
        }  # fmt: skip

    back = [
        {"id": "re_1", "amount": 1000, "created": FEB, "status": "succeeded", "reason": "requested_by_customer"},
        {"id": "re_2", "amount": 500, "created": MAR, "status": "succeeded", "reason": None},
        {"id": "re_3", "amount": 700, "created": APR, "status": "failed"},
    ]  # fmt: skip
    rows = [
        charge("ch_1", amount_refunded=1500, refunds={"object": "list", "data": back}),
        charge("ch_2", status="failed", failure_code="card_declined", created=FEB),
        charge("ch_4", customer="cus_4", captured=False, amount_captured=0),
        charge("ch_3", customer=None, billing_details={"email": "b@example.com"}),
    ]
    answer = tried.take(tried.lines("charges.jsonl", rows))
    assert (answer.accepted, answer.rejected) == (6, 0)
    names = ("entity", "name", "value", "failure_code", "reason")
    assert [tuple(map(e.get, names)) for e in tried.events()] == [
        ("b@example.com", "Payment made", 50.0, None, None),
        ("cus_1", "Payment made", 50.0, None, None),
        ("cus_1", "Payment refunded", -10.0, None, "requested_by_customer"),
        ("cus_1", "Payment failed", None, "card_declined", None),
        ("cus_1", "Payment refunded", -5.0, None, None),
        ("cus_4", "Payment authorised", None, None, None),
    ]  # fmt: skip


def test_a_broken_object_is_refused_and_the_others_go_on(tried: Tried) -> None:
    rows = [
        subscription("sub_1"),
        subscription("sub_2", created="soon", start_date="soon"),
        '{"id": "sub_3", "object": "subscr',
        subscription("sub_4", customer="cus_4"),
    ]
    answer = tried.take(tried.lines("subscriptions.jsonl", rows))
    assert (answer.accepted, answer.rejected) == (2, 2)
    assert sorted(tried.refused(answer.import_)) == [(2, "BAD_TIME"), (3, "NOT_JSON")]
