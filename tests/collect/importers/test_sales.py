"""Deals and their stages, and subscriptions from a dashboard, as rows of systems for sales."""

from __future__ import annotations

from typing import Any

from tests.collect.importers.conftest import Tried


def test_a_dashboard_row_tells_what_the_api_tells(tried: Tried) -> None:
    head = (
        "id,Customer ID,Customer Email,Plan,Quantity,Currency,Interval,Amount,Status,Cancellation Reason,"
        "Created (UTC),Start (UTC),Start Date (UTC),Trial Start (UTC),Trial End (UTC),Canceled At (UTC),Ended At (UTC),"
        "team (metadata)"
    )
    rows = (
        "sub_1,cus_1,a@b.example,pro,3,eur,month,19.00,canceled,cancellation_requested,2024-01-01 00:00,"
        "2024-01-01 00:00,2024-01-01 00:00,2024-01-01 00:00,2024-02-01 00:00,2024-03-01 00:00,2024-04-01 00:00,blue\n"
        "sub_2,cus_2,b@b.example,pro,1,eur,month,19.00,trialing,,2024-01-02 00:00,2024-01-02 00:00,2024-01-02 00:00,"
        "2024-01-02 00:00,2024-02-02 00:00,,,\n"
        "sub_3,,c@b.example,pro,1,eur,month,19.00,active,,2024-01-02 00:00,2024-01-02 00:00,2024-01-02 00:00,,,,,\n"
    )
    path = tried.write("subscriptions.csv", f"{head}\n{rows}")
    assert tried.format(path) == "stripe-subscriptions-csv"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "NO_ENTITY")]
    assert tried.told() == [
        ("cus_1", "Subscription started", "2024-01-01 00:00:00"),
        ("cus_1", "Trial started", "2024-01-01 00:00:00"),
        ("cus_1", "Trial ended", "2024-02-01 00:00:00"),
        ("cus_1", "Cancellation asked", "2024-03-01 00:00:00"),
        ("cus_1", "Subscription ended", "2024-04-01 00:00:00"),
        ("cus_2", "Subscription started", "2024-01-02 00:00:00"),
        ("cus_2", "Trial started", "2024-01-02 00:00:00"),
    ]
    first = tried.events()[0]
    assert first == {
        "entity": "cus_1",
        "name": "Subscription started",
        "time": "2024-01-01 00:00:00",
        "subscription": "sub_1",
        "plan": "pro",
        "seats": "3",
        "price_currency": "eur",
        "interval": "month",
        "unit_amount": "19.00",
        "team (metadata)": "blue",
    }
    api = {
        "id": "sub_1", "object": "subscription", "customer": "cus_1", "status": "canceled", "created": 1704067200,
        "items": {"data": []}, "trial_start": 1704067200, "trial_end": 1706745600, "canceled_at": 1709251200,
        "ended_at": 1711929600,
    }  # fmt: skip
    assert tried.take(tried.lines("api.jsonl", [api])).duplicates == 5


def test_a_deal_tells_every_stage_that_it_entered(tried: Tried) -> None:
    head = (
        'Record ID,Deal Name,Deal Stage,Pipeline,Amount,Create Date,"Date entered ""Demo (Sales)""",'
        '"Date entered ""Closed Won (Sales)""","Date exited ""Demo (Sales)"""'
    )
    rows = (
        "11,Acme,Closed Won,Sales,1200,2024-01-01 09:00,2024-01-05 10:30,2024-02-01 16:00,2024-02-01 16:00\n"
        "12,Bolt,Demo,Sales,800,2024-01-02 09:00,2024-01-09 08:00,,\n"
        "13,Cord,Demo,Sales,800,sometime,2024-01-09 08:00,,\n"
    )
    path = tried.write("hubspot-crm-exports-all-deals.csv", f"{head}\n{rows}")
    assert tried.format(path) == "hubspot-deals-csv"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "BAD_TIME")]
    assert tried.told() == [
        ("11", "Deal created", "2024-01-01 09:00:00"),
        ("11", "Entered Demo (Sales)", "2024-01-05 10:30:00"),
        ("11", "Entered Closed Won (Sales)", "2024-02-01 16:00:00"),
        ("12", "Deal created", "2024-01-02 09:00:00"),
        ("12", "Entered Demo (Sales)", "2024-01-09 08:00:00"),
        ("13", "Entered Demo (Sales)", "2024-01-09 08:00:00"),
    ]
    # What a deal came to be later is on none of them.
    assert {key for event in tried.events() for key in event} == {
        "entity", "name", "time", "deal", "Deal Name", "Pipeline",
    }  # fmt: skip
    moved = rows.replace("2024-01-09 08:00,,\n13", "2024-01-09 08:00,2024-03-01 08:00,\n13")
    answer = tried.take(tried.write("hubspot-later.csv", f"{head}\n{moved}"))
    assert (answer.accepted, answer.duplicates) == (1, 6)


def test_contacts_tell_when_they_became_what(tried: Tried) -> None:
    head = "Record ID,First Name,Last Name,Email,Create Date,Became a Lead Date,"
    head += "Became an Opportunity Date,\"Date entered 'Customer (Lifecycle)'\""
    rows = (
        "7,Ann,A,ann@a.example,2024-01-01 09:00,2024-01-02 09:00,2024-01-03 09:00,2024-01-04 09:00\n"
        "8,Bo,B,,2024-01-01 10:00,,,\n"
    )
    path = tried.write("contacts.csv", f"{head}\n{rows}")
    assert tried.format(path) == "hubspot-contacts-csv"
    tried.take(path)
    assert tried.told() == [
        ("8", "Contact created", "2024-01-01 10:00:00"),
        ("ann@a.example", "Contact created", "2024-01-01 09:00:00"),
        ("ann@a.example", "Became Lead", "2024-01-02 09:00:00"),
        ("ann@a.example", "Became Opportunity", "2024-01-03 09:00:00"),
        ("ann@a.example", "Entered Customer (Lifecycle)", "2024-01-04 09:00:00"),
    ]


def test_the_history_of_a_stage_is_one_event_a_change(tried: Tried) -> None:
    def change(value: str, day: int) -> dict[str, Any]:
        return {
            "value": value,
            "timestamp": f"2024-01-{day:02d}T10:00:00.123Z",
            "sourceType": "CRM_UI",
        }

    deal = {
        "id": "11",
        "properties": {
            "dealname": "Acme",
            "dealstage": "closedwon",
            "amount": "1200",
            "pipeline": "default",
        },
        "propertiesWithHistory": {
            "dealstage": [change("closedwon", 9), change("demo", 5), change("demo", 3)]
        },
        "createdAt": "2024-01-02T10:00:00.000Z",
        "updatedAt": "2024-01-09T10:00:00.123Z",
        "archived": False,
    }
    path = tried.write("deals.json", {"results": [deal], "paging": {"next": {"after": "11"}}})
    assert tried.format(path) == "hubspot-deals"
    tried.take(path)
    assert tried.told() == [
        ("11", "Deal created", "2024-01-02 10:00:00"),
        ("11", "Entered demo", "2024-01-03 10:00:00"),
        ("11", "Entered demo", "2024-01-05 10:00:00"),
        ("11", "Entered closedwon", "2024-01-09 10:00:00"),
    ]
    assert tried.events()[-1]["sourceType"] == "CRM_UI"


def test_salesforce_rows_of_history_become_stages(tried: Tried) -> None:
    head = "Id,OpportunityId,StageName,Amount,ExpectedRevenue,Probability,CloseDate,"
    head += "ForecastCategory,IsDeleted,CreatedDate,CreatedById"
    rows = (
        "008a,006x,Prospecting,1000,100,10,2024-06-30,Pipeline,false,2024-01-01T09:00:00.000+0000,005u\n"
        "008b,006x,Closed Won,1000,1000,100,2024-06-30,Closed,false,2024-02-01T09:00:00.000+0000,005u\n"
        "008c,,Closed Won,1000,1000,100,2024-06-30,Closed,false,2024-02-01T09:00:00.000+0000,005u\n"
    )
    path = tried.write("OpportunityHistory.csv", f"{head}\n{rows}")
    assert tried.format(path) == "salesforce-opportunity-history"
    answer = tried.take(path)
    assert tried.refused(answer.import_) == [(3, "NO_ENTITY")]
    assert tried.told() == [
        ("006x", "Prospecting", "2024-01-01 09:00:00"),
        ("006x", "Closed Won", "2024-02-01 09:00:00"),
    ]
    assert tried.events()[0]["Amount"] == "1000"


def test_salesforce_fields_tell_stages_apart_from_other_changes(tried: Tried) -> None:
    def row(number: int, field: str, old: str | None, new: str | None) -> dict[str, Any]:
        return {
            "attributes": {"type": "OpportunityFieldHistory"}, "Id": f"017{number}", "OpportunityId": "006x",
            "Field": field, "OldValue": old, "NewValue": new, "CreatedDate": f"2024-01-0{number}T09:00:00.000+0000",
        }  # fmt: skip

    records = [
        row(1, "created", None, None),
        row(2, "StageName", "Prospecting", "Demo"),
        row(3, "Amount", "10", "20"),
    ]
    path = tried.write("history.json", {"totalSize": 3, "done": True, "records": records})
    assert tried.format(path) == "salesforce-field-history"
    tried.take(path)
    assert tried.told() == [
        ("006x", "Opportunity created", "2024-01-01 09:00:00"),
        ("006x", "Demo", "2024-01-02 09:00:00"),
        ("006x", "Opportunity changed", "2024-01-03 09:00:00"),
    ]
    changed = tried.events()[-1]
    assert (changed["Field"], changed["OldValue"], changed["NewValue"]) == ("Amount", "10", "20")
