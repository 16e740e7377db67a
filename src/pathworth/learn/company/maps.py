"""The true map of the company, as rules over its events."""

from __future__ import annotations

from datetime import timedelta

from pathworth.atlas import Contract, MapDocument, MapStep
from pathworth.base.errors import UnknownName
from pathworth.learn.company.clock import freezes, season
from pathworth.learn.company.events.sheet import SINCE
from pathworth.learn.company.parameters import RUNGS, Company

PAYMENTS = "event in ('Payment Succeeded', 'Subscription Renewed')"
STEPS = (
    MapStep(
        "reads",
        "Reads about the problem",
        "(event = 'Page Viewed' and section = 'article')"
        " or event in ('Guide Downloaded', 'Video Played', 'Webinar Registered')",
        "Aware",
        entry=True,
    ),
    MapStep(
        "compares",
        "Compares options",
        "(event = 'Page Viewed' and section = 'product') or event in ('Comparison Viewed',"
        " 'Integration Viewed', 'Calculator Used', 'Chat Started', 'Demo Requested')"
        " or (event = 'Pricing Viewed' and phase is null)",
        "Consider",
        entry=True,
    ),
    MapStep(
        "trial",
        "Starts trial",
        "event in ('Signed Up', 'Email Verified', 'Trial Started', 'Workspace Created',"
        " 'Tour Started', 'Tour Skipped') or (event = 'Pricing Viewed' and phase = 'trial')",
        "Try",
        entry=True,
    ),
    MapStep(
        "connects",
        "Connects ledger",
        "event in ('Ledger Connection Started', 'Ledger Connection Failed', 'Ledger Connected',"
        " 'Help Searched')",
        "Try",
    ),
    MapStep(
        "first-value",
        "First reconciliation",
        "phase = 'trial' and event in ('Rule Created', 'Reconciliation Started',"
        " 'Reconciliation Completed', 'Report Exported', 'Spreadsheet Exported')",
        "Try",
    ),
    MapStep("team", "Invites the team", "event in ('Teammate Invited', 'Role Created')", "Try"),
    MapStep(
        "risk",
        "Internal risk review",
        "event in ('Security Page Viewed', 'Security Document Downloaded')",
        "Buy",
    ),
    MapStep(
        "buys",
        "Buys",
        "event in ('Checkout Started', 'Quote Requested', 'Payment Succeeded', 'Payment Failed',"
        " 'Subscription Started')",
        "Buy",
    ),
)
LATER = (
    MapStep("closes", "Closes a month", "event in ('Close Started', 'Close Completed')", "Use"),
    MapStep(
        "seat-limit",
        "Hits the seat limit",
        "event in ('Seat Limit Reached', 'Plan Upgraded')",
        "Use",
    ),
    MapStep(
        "renews",
        "Renews or leaves",
        "event in ('Subscription Renewed', 'Subscription Cancelled', 'Plan Downgraded')",
        "Use",
    ),
    MapStep("recommends", "Recommends", "event = 'Referral Sent'", "Use"),
)
NOISE = ("Trial Extended", "Trial Expired", "Invitation Accepted")


def true_map(company: Company, rung: str = "R3") -> MapDocument:
    """Return the map that the generator walks: eight steps to the purchase, on R3 four more after it.

    Raises
    ------
    UnknownName
        ``UNKNOWN_RUNG``.
    """
    if rung not in RUNGS:
        raise UnknownName.near("rung", rung, RUNGS)
    switches = company.rung[rung]
    hint = "job_title" if switches.full else None
    return MapDocument(
        name=f"true-{rung}",
        steps=STEPS + (LATER if switches.full else ()),
        stages=("Aware", "Consider", "Try", "Buy", *(("Use",) if switches.full else ())),
        persona="persona" if switches.persona_known else hint,
        contract=Contract(
            step=STEPS[-1].id,
            payments=PAYMENTS,
            plan="plan",
            since=SINCE,
            horizon_months=company.life.horizon_months,
            discount_a_year=company.life.discount,
        ),
        calendar=calendar(company) if switches.clock else (),
        noise=NOISE if switches.full else (),
    )


def calendar(company: Company) -> tuple[tuple[str, str, str], ...]:
    """Return the windows a finance team knows in advance: quarter ends and seasons that touch the window."""
    begin, end = company.first_day, company.first_day + timedelta(weeks=company.weeks)
    windows = [
        (f"quarter end {last - timedelta(days=company.clock.freeze_after):%B %Y}", first, last)
        for first, last in freezes(company, range(begin.year, end.year + 1))
    ]
    day = begin - timedelta(days=31)
    while day < end:
        if season(company, day) != 1.0 and season(company, day - timedelta(days=1)) == 1.0:
            last = day
            while season(company, last + timedelta(days=1)) != 1.0:
                last += timedelta(days=1)
            windows.append((f"quiet {day:%B %Y}", day, last))
        day += timedelta(days=1)
    touching = [one for one in windows if one[2] >= begin and one[1] < end]
    return tuple(
        (name, first.isoformat(), last.isoformat())
        for name, first, last in sorted(touching, key=lambda one: one[1])
    )
