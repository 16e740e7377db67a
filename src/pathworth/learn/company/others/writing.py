"""Writes the files of other tools into a folder, and the truth about them apart."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml

from pathworth.learn.company.maps import calendar
from pathworth.learn.company.names import person_name
from pathworth.learn.company.others import market
from pathworth.learn.company.others.deals import (
    LOST,
    NEW,
    STAGES,
    WON,
    Deals,
    deals_of,
    meetings_of,
)
from pathworth.learn.company.others.facts import FAR, Facts, stamps
from pathworth.learn.company.others.invoices import invoice_lines
from pathworth.learn.company.others.letters import letters_of
from pathworth.learn.company.others.surveys import (
    EXIT,
    KINDS,
    QUESTIONS,
    answers_of,
    asked_for_nps,
    is_happy,
)
from pathworth.learn.company.others.tickets import (
    LANGUAGES,
    STEPS,
    Tickets,
    causes,
    tickets_of,
    words_of,
)
from pathworth.learn.company.sent.devices import Devices
from pathworth.learn.company.voices.files import write_voices
from pathworth.learn.company.world import Codes, World

SAID, COUNTED = "others.yaml", "daily.yaml"
CRM = "crm"
DEALS, CONTACTS, CALLS = "crm_deals.csv", "crm_contacts.csv", "crm_calls.csv"
TICKETS, SURVEYS, MAILS = "tickets.csv", "surveys.csv", "emails.csv"
INVOICES, SPEND, SEARCH, DATES = "invoices.jsonl", "spend.csv", "gsc.csv", "calendar.ics"
ORDERED = ("Qualified", "Proposal", "Security")


def write_others(world: World, devices: Devices | None, *, folder: Path, truth: Path) -> None:
    """Write the files.

    Parameters
    ----------
    world
        Of rung R3, in its own words.
    devices
        On which its events happened; null where everybody has one id.
    folder, truth
        Where anybody finds them, and where what only the truth knows is written.
    """
    facts = Facts(world, devices)
    deals, tickets = deals_of(facts), tickets_of(facts)
    _write_deals(facts, deals, folder=folder, truth=truth)
    _write(folder / CONTACTS, _CONTACT, _contacts(facts))
    _write_tickets(facts, tickets, folder=folder, truth=truth)
    _write_surveys(facts, folder=folder, truth=truth)
    _write(folder / MAILS, _MAIL, _mails(facts))
    (folder / INVOICES).write_text("".join(f"{line}\n" for line in invoice_lines(facts)))
    _write(folder / SPEND, market.SPEND, market.spend_rows(facts))
    _write(folder / SEARCH, market.SEARCH, market.search_rows(facts))
    dates = market.calendar_text(facts, calendar(world.company))
    (folder / DATES).write_text(dates, newline="")
    for name, files in ((SAID, said_files()), (COUNTED, counted_files())):
        rows = [{**one, "timezone": "UTC"} for one in files]
        (folder / name).write_text(yaml.safe_dump({"files": rows}, sort_keys=False))
    write_voices(facts, deals=deals, tickets=tickets, folder=folder, truth=truth)


def said_files() -> list[dict[str, str]]:
    """Return the mapping of what tells of single people: contacts say which address is whose id.

    What an invoice says was paid the events tell too.
    """
    return [
        {
            "file": CONTACTS,
            "format": "hubspot-contacts-csv",
            "entity": "User ID",
            "anonymous": "Email",
            "source": CRM,
        },
        {
            "file": DEALS,
            "format": "hubspot-deals-csv",
            "entity": "Associated Contact",
            "source": CRM,
        },
        {"file": CALLS, "format": "calls", "source": CRM},
        {"file": TICKETS, "format": "help-desk-csv"},
        {"file": MAILS, "format": "email-activity"},
        {"file": SURVEYS, "format": "surveymonkey"},
        {
            "file": INVOICES,
            "format": "stripe-invoices",
            "entity": "customer_email",
            "value": "none",
        },
    ]


def counted_files() -> list[dict[str, str]]:
    """Return the mapping of the files that tell no people, but numbers by the day or week."""
    return [
        {"file": SPEND, "format": "ad-spend"},
        {"file": SEARCH, "format": "google-search-console"},
    ]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def _times(ms: Codes) -> list[str]:
    """Return times as tools write them, nothing where there is none."""
    there = ms >= 0
    texts = stamps(np.where(there, ms, 0))
    return [text if one else "" for text, one in zip(texts, there.tolist(), strict=True)]


_DEAL = ("Record ID", "Deal Name", "Deal Stage", "Create Date", "Close Date", "Amount",
         "Deal owner", "Closed Lost Reason", "Associated Contact",
         *(f'Date entered "{stage}"' for stage in STAGES[1:]))  # fmt: skip
_DEAL_TRUTH = (
    "deal",
    "person",
    "cause",
    "plan",
    *(stage.lower().replace(" ", "_") for stage in STAGES),
)
_CALL = ("Email", "Call start", "Duration (s)", "Outcome")


def _write_deals(facts: Facts, deals: Deals, *, folder: Path, truth: Path) -> None:
    _write(folder / DEALS, _DEAL, _deals(facts, deals))
    _write(folder / CALLS, _CALL, _calls(facts, deals))
    told = np.stack([deals.truly[:, k] for k in range(len(STAGES))])
    times = [_times(one) for one in told]
    plans, known = list(facts.company.plan), list(facts.company.crm.causes)
    rows = (
        (Deals.number(k), facts.ids[person], known[cause] if cause >= 0 else "", plans[plan], *when)
        for k, (person, cause, plan, *when) in enumerate(
            zip(
                deals.person.tolist(),
                deals.cause.tolist(),
                deals.plan.tolist(),
                *times,
                strict=True,
            )
        )
    )
    _write(truth / "deals.csv", _DEAL_TRUTH, rows)


def _deals(facts: Facts, deals: Deals) -> Iterator[Sequence[object]]:
    plans, reps = list(facts.company.plan.items()), facts.company.crm.reps
    reasons = list(facts.company.crm.reasons)
    times = [_times(deals.entered[:, k]) for k in range(len(STAGES))]
    for k, person in enumerate(deals.person.tolist()):
        entered = deals.entered[k].tolist()
        stage = max((when, place) for place, when in enumerate(entered) if when >= 0)[1]
        name, plan = plans[int(deals.plan[k])]
        mail = facts.mail(person)
        closed = times[WON][k] or times[LOST][k]
        reason = reasons[int(deals.reason[k])] if stage == LOST else ""
        yield (
            Deals.number(k), f"{mail.split('@')[1].split('.')[0]} {name}", STAGES[stage],
            times[NEW][k], closed, f"{12 * plan.price:.2f}", reps[int(deals.rep[k])], reason, mail,
            *(column[k] for column in times[1:]),
        )  # fmt: skip


def _calls(facts: Facts, deals: Deals) -> Iterator[Sequence[object]]:
    rows, ms, minutes = meetings_of(facts, deals)
    for k, when, long in zip(rows.tolist(), _times(ms), minutes.tolist(), strict=True):
        mail = facts.mail(int(deals.person[k]))
        yield mail, when, round(60 * long), "connected"


_CONTACT = ("Record ID", "First Name", "Last Name", "Email", "Create Date", "User ID")


def _contacts(facts: Facts) -> Iterator[Sequence[object]]:
    """Yield everybody whom the company knows by name, since when, under which address and which id."""
    known = np.flatnonzero(facts.known < FAR)
    known = known[np.argsort(facts.known[known], kind="stable")]
    for number, (person, when) in enumerate(
        zip(known.tolist(), stamps(facts.known[known]), strict=True)
    ):
        first, last = person_name(facts.company, facts.ids[person]).split(" ", 1)
        yield 700_000 + number, first, last, facts.mail(person), when, facts.ids[person]


_TICKET = ("Ticket ID", "Requester email", "Created at", "Solved at", "Subject", "Description", "Tags",
           "Handling minutes", "Status")  # fmt: skip
_TICKET_TRUTH = ("ticket", "person", "step", "cause", "tag", "language")


def _write_tickets(facts: Facts, tickets: Tickets, *, folder: Path, truth: Path) -> None:
    names = causes()
    solved = np.where(facts.inside(tickets.solved_ms), tickets.solved_ms, -1)
    columns = zip(
        tickets.person.tolist(),
        stamps(tickets.opened_ms),
        _times(solved),
        words_of(facts, tickets),
        tickets.tag.tolist(),
        tickets.minutes.tolist(),
        strict=True,
    )
    rows = (
        (50_001 + k, facts.mail(person), opened, done, subject, text, names[tag],
         minutes if done else "", "solved" if done else "open")
        for k, (person, opened, done, (subject, text), tag, minutes) in enumerate(columns)
    )  # fmt: skip
    _write(folder / TICKETS, _TICKET, rows)
    told = zip(tickets.person.tolist(), tickets.step.tolist(), tickets.cause.tolist(),
               tickets.tag.tolist(), tickets.language.tolist(), strict=True)  # fmt: skip
    _write(
        truth / "tickets.csv",
        _TICKET_TRUTH,
        (
            (
                50_001 + k,
                facts.ids[person],
                STEPS[step],
                names[cause],
                names[tag],
                LANGUAGES[language],
            )
            for k, (person, step, cause, tag, language) in enumerate(told)
        ),
    )


_ANSWER = ("Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address",
           "First Name", "Last Name", "Custom Data 1")  # fmt: skip


def _write_surveys(facts: Facts, *, folder: Path, truth: Path) -> None:
    _write(folder / SURVEYS, (*_ANSWER, *QUESTIONS), _answers(facts))
    what = facts.company.surveys
    rows = []
    for number, month in enumerate(what.nps_months):
        ms = facts.begin_ms + round((month - 0.5) * 30.4) * 86_400_000
        asked = asked_for_nps(facts, ms=ms, index=number)
        happy = is_happy(facts, asked.person, ms=ms)
        rows.append((month, len(asked.person), int(happy.sum())))
    _write(truth / "nps.csv", ("month", "asked", "happy"), rows)


def _answers(facts: Facts) -> Iterator[Sequence[object]]:
    """Yield the second row of the header, then the answers; a page asks a device, and no name."""
    yield ("",) * len(_ANSWER) + tuple(
        "Open-Ended Response" if kind in {"exit", "cancel"} else "Response" for kind in KINDS
    )
    answers = answers_of(facts)
    device = facts.device("Pricing Viewed")
    for k, (person, kind, when) in enumerate(
        zip(answers.person.tolist(), answers.kind.tolist(), stamps(answers.ms), strict=True)
    ):
        mail = "" if kind == EXIT else facts.mail(person)
        name = person_name(facts.company, facts.ids[person]).split(" ", 1) if mail else ["", ""]
        said = [answers.answer[k] if place == kind else "" for place in range(len(KINDS))]
        yield (
            118_000_000 + k, 4_400 + kind, when, when, f"192.0.2.{k % 250 + 1}", mail, *name,
            "" if mail else device.get(person, ""), *said,
        )  # fmt: skip


_MAIL = (
    "Email",
    "Campaign",
    "Sent at",
    "Opened at",
    "Clicked at",
    "Unsubscribed at",
)


def _mails(facts: Facts) -> Iterator[Sequence[object]]:
    letters, what = letters_of(facts), facts.company.mail
    address = {person: facts.mail(person) for person in np.unique(letters.person).tolist()}
    rows = zip(
        letters.person.tolist(),
        letters.campaign.tolist(),
        *(_times(one) for one in (letters.sent, letters.opened, letters.clicked, letters.left)),
        strict=True,
    )
    for person, campaign, *times in rows:
        yield address[person], what.campaigns[campaign], *times
