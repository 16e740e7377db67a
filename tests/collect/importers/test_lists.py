"""Lists that people keep themselves: e-mails, calls, visits, orders with their refunds."""

from __future__ import annotations

from tests.collect.importers.conftest import Tried


def test_a_row_of_an_email_tool_tells_all_that_happened(tried: Tried) -> None:
    text = (
        "Email,Campaign,Step,Sent at,Opened at,Clicked at,Clicked link,Replied at,Bounced at,Unsubscribed at\n"
        "ann@a.example,Spring,1,2024-01-01 10:00,2024-01-01 11:00,2024-01-01 11:05,"
        "https://x.example,,,2024-01-02 09:00\n"
        "bo@a.example,Spring,1,2024-01-01 10:00,,,,,2024-01-01 10:01,\n"
        "cy@a.example,Spring,1,yes,,,,,,\n"
        ",Spring,1,2024-01-01 10:00,,,,,,\n"
        "dee@a.example,Spring,2,,,,,,,\n"
    )
    path = tried.write("recipients.csv", text)
    assert tried.format(path) == "email-activity"
    answer = tried.take(path)
    assert sorted(tried.refused(answer.import_)) == [
        (3, "BAD_TIME"),
        (4, "NO_ENTITY"),
        (5, "NO_EVENT"),
    ]
    assert tried.told() == [
        ("ann@a.example", "Email sent", "2024-01-01 10:00:00"),
        ("ann@a.example", "Email opened", "2024-01-01 11:00:00"),
        ("ann@a.example", "Email clicked", "2024-01-01 11:05:00"),
        ("ann@a.example", "Email unsubscribed", "2024-01-02 09:00:00"),
        ("bo@a.example", "Email sent", "2024-01-01 10:00:00"),
        ("bo@a.example", "Email bounced", "2024-01-01 10:01:00"),
    ]
    sent, _, clicked, _ = tried.events()[:4]
    assert (sent["Campaign"], sent["Step"], clicked["Clicked link"]) == (
        "Spring",
        "1",
        "https://x.example",
    )
    assert "Clicked link" not in sent
    later = text.replace(
        "bo@a.example,Spring,1,2024-01-01 10:00,,",
        "bo@a.example,Spring,1,2024-01-01 10:00,2024-01-03 08:00,",
    )
    answer = tried.take(tried.write("later.csv", later))
    assert (answer.accepted, answer.duplicates) == (1, 6)


def test_what_recipients_of_snov_did_is_told_alike_from_its_api_and_as_csv(tried: Tried) -> None:
    text = (
        "Event time,Event type,Sender email,Email subject,Recipient email,Recipient name,Phone,Company\n"
        "2025-12-15 10:58:52,sent,me@shop.example,Plans,ann@a.example,Ann A,+32 1,A\n"
        "2025-12-15 10:58:58,open,me@shop.example,Plans,ann@a.example,Ann A,+32 1,A\n"
        "2025-12-15 11:00:00,forwarded,me@shop.example,Plans,ann@a.example,Ann A,+32 1,A\n"
        "2025-12-15 11:01:00,unsubscribe,me@shop.example,Plans,,,,\n"
    )
    path = tried.write("activity.csv", text)
    assert tried.format(path) == "snov-activity"
    answer = tried.take(path)
    assert sorted(tried.refused(answer.import_)) == [(3, "NO_EVENT"), (4, "NO_ENTITY")]
    assert tried.told() == [
        ("ann@a.example", "Email sent", "2025-12-15 10:58:52"),
        ("ann@a.example", "Email opened", "2025-12-15 10:58:58"),
    ]
    assert all("Phone" not in one and "Recipient name" not in one for one in tried.events())
    names = ("event_time", "event_type", "sender_email", "email_subject", "recipient_email")
    rows = [dict(zip(names, line.split(",")[:5], strict=True)) for line in text.splitlines()[1:3]]
    whole = {"data": rows, "pagination": {"total": 2, "offset": 0, "limit": 100}}
    again = tried.take(tried.write("activity.json", whole))
    assert (again.accepted, again.duplicates) == (0, 2)


def test_calls_are_had_or_missed_and_cost_what_they_cost(tried: Tried) -> None:
    text = (
        "Call ID,Phone number,Started at,Duration,Direction,Outcome,Agent,Cost,Currency\n"
        "k1,+32 1,2024-01-01 10:00:00,120,inbound,answered,Kim,2.50,EUR\n"
        "k2,+32 1,2024-01-01 11:00:00,0,inbound,missed,,,\n"
        "k3,+32 2,2024-01-01 12:00:00,5,inbound,answered,Kim,much,EUR\n"
    )
    path = tried.write("calls.csv", text)
    assert tried.format(path) == "calls"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "BAD_MONEY")]
    assert tried.events() == [
        {
            "entity": "+32 1",
            "name": "Call",
            "time": "2024-01-01 10:00:00",
            "cost": 2.5,
            "currency": "EUR",
            "Call ID": "k1",
            "Phone number": "+32 1",
            "Duration": "120",
            "Direction": "inbound",
            "Outcome": "answered",
            "Agent": "Kim",
        },
        {
            "entity": "+32 1",
            "name": "Call missed",
            "time": "2024-01-01 11:00:00",
            "Call ID": "k2",
            "Phone number": "+32 1",
            "Duration": "0",
            "Direction": "inbound",
            "Outcome": "missed",
        },
    ]


def test_visits_are_of_whoever_showed_a_card(tried: Tried) -> None:
    text = (
        "Member ID,Store,Visit date,Spent,Currency\n"
        "m1,Ghent,2024-01-01,12.50,EUR\n"
        "m1,Ghent,2024-01-02,,\n"
        ",Ghent,2024-01-02,3,EUR\n"
    )
    path = tried.write("visits.csv", text)
    assert tried.format(path) == "store-visits"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "NO_ENTITY")]
    assert [(e["name"], e["time"][:10], e.get("value"), e["Store"]) for e in tried.events()] == [
        ("Visit", "2024-01-01", 12.5, "Ghent"),
        ("Visit", "2024-01-02", None, "Ghent"),
    ]


def test_an_order_brings_money_and_its_refund_takes_it_back(tried: Tried) -> None:
    text = (
        "Order ID,Customer ID,Order date,Total,Currency,Shipped at,Cancelled at,Refunded at,"
        "Refund amount,Refund reason\n"
        '1001,c1,2024-01-01 10:00,"1,250.00",EUR,2024-01-02 10:00,,2024-01-09 10:00,250,broken\n'
        "1002,c2,2024-01-01 11:00,80,EUR,,2024-01-01 12:00,2024-01-01 12:00,80,\n"
        "1003,c3,2024-01-01 11:00,80,EUR,,,2024-01-05,lots,\n"
    )
    path = tried.write("orders.csv", text)
    assert tried.format(path) == "orders-refunds"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "BAD_MONEY")]
    assert [
        (e["entity"], e["name"], e.get("value"), e.get("Refund reason")) for e in tried.events()
    ] == [
        ("c1", "Order placed", 1250.0, None),
        ("c1", "Order shipped", None, None),
        ("c1", "Order refunded", -250.0, "broken"),
        ("c2", "Order placed", 80.0, None),
        ("c2", "Order cancelled", None, None),
        ("c2", "Order refunded", -80.0, None),
        ("c3", "Order placed", 80.0, None),
    ]
    assert all(e["currency"] == "EUR" for e in tried.events() if "value" in e)


def test_plain_lists_of_orders_and_contacts_stay_plain(tried: Tried) -> None:
    assert (
        tried.format(
            tried.write("o.csv", "order_id,customer_id,order_date,total\n1,c,2024-01-01,5\n")
        )
        is None
    )
    assert (
        tried.format(tried.write("c.csv", "email,sent,opened,clicked\na@b.example,yes,no,no\n"))
        is None
    )
    visits = "customer_id,visit_date,store,event\nc,2024-01-01,Ghent,tasting\n"
    assert tried.format(tried.write("v.csv", visits)) is None
