"""Writes what is said into files of its own, and apart from them what each is truly about."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.others.deals import Deals
from pathworth.learn.company.others.facts import HOUR_MS, Facts, stamp
from pathworth.learn.company.others.tickets import Tickets
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.voices.interviews import interviews
from pathworth.learn.company.voices.said import Said, notes_of, posts_of, reviews_of, words
from pathworth.learn.company.world import Flags

INTERVIEWS, DIARIES = "interviews", "diaries"
NOTES, POSTS, REVIEWS, PROMISES = "sales_notes.csv", "posts.csv", "reviews.csv", "promises.csv"
ABOUT = "voices.csv"
COMMUNITY, SITE = "Close Circle", "Ledgerly Reviews"
WORKING_DAY_HOURS = 24


def write_voices(
    facts: Facts, *, deals: Deals, tickets: Tickets, folder: Path, truth: Path
) -> None:
    """Write the files.

    Parameters
    ----------
    facts
        The world as other tools meet it.
    deals, tickets
        What notes are about, and by what the promise of an answer is kept or broken.
    folder, truth
        Where anybody finds them, and where what only the truth knows is written.
    """
    for place, texts in ((INTERVIEWS, interviews), (DIARIES, diaries)):
        (folder / place).mkdir(exist_ok=True)
        for name, text in texts(facts.company).items():
            (folder / place / name).write_text(text, encoding="utf-8")
    notes, posts, reviews = notes_of(facts, deals), posts_of(facts), reviews_of(facts)
    _write(folder / NOTES, ("Note ID", "Deal ID", "Created", "Owner", "Note"),
           _notes(facts, deals, notes))  # fmt: skip
    _write(folder / POSTS, ("Posted", "Community", "Thread", "Author", "Text"),
           ((stamp(p.ms), COMMUNITY, words()["posts"][p.about]["thread"], p.role, p.text)
            for p in posts))  # fmt: skip
    _write(folder / REVIEWS, ("Date", "Site", "Stars", "Role", "Title", "Text"),
           ((stamp(r.ms)[:10], SITE, r.number, r.role, words()["reviews"][r.about]["title"], r.text)
            for r in reviews))  # fmt: skip
    promised = words()["promise"]
    _write(folder / PROMISES, ("Promise", "Where"), ((p["said"], p["where"]) for p in promised))
    _write(truth / ABOUT, ("file", "row", "about"), (
        (name, row, one.about)
        for name, rows in ((NOTES, notes), (POSTS, posts), (REVIEWS, reviews))
        for row, one in enumerate(rows, 1)
    ))  # fmt: skip
    _write(truth / PROMISES, ("promise", "cases", "broken"), _kept(tickets, promised))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def _notes(facts: Facts, deals: Deals, notes: list[Said]) -> Iterable[Sequence[object]]:
    for number, one in enumerate(notes, 1):
        rep = facts.company.crm.reps[int(deals.rep[one.place])]
        yield 30_000 + number, deals.number(one.place), stamp(one.ms), rep, one.text


def _kept(tickets: Tickets, promised: list[dict[str, Any]]) -> Iterable[Sequence[object]]:
    """Yield how often each promise was to be kept and was not; two of them the company always keeps."""
    late = answered_late(tickets)
    for one in promised:
        counted = (len(late), int(late.sum())) if one["name"] == "answer" else ("", 0)
        yield one["name"], *counted


def answered_late(tickets: Tickets) -> Flags:
    """Return which tickets were answered later than one working day after they were opened: 24 hours, no weekend."""
    monday = (tickets.opened_ms // DAY_MS + 3) % 7
    hours = (tickets.solved_ms - tickets.opened_ms) / HOUR_MS
    late: Flags = np.where(monday >= 4, hours - 48, hours) > WORKING_DAY_HOURS
    return late


def diaries(company: Company) -> dict[str, str]:
    """Return every diary by the name of its file: one entry a working day."""
    found = {}
    for one in words()["diary"]:
        first = company.first_day + timedelta(weeks=one["week"] - 1)
        days = [first + timedelta(days=k + 2 * (k // 5)) for k in range(len(one["entries"]))]
        lines = [f"# Diary, {company.persona[one['name']].job_title}", ""]
        for day, text in zip(days, one["entries"], strict=True):
            lines += [f"- {day.isoformat()}: {text}"]
        found[f"w{one['week']:02d}-{one['name']}.md"] = "\n".join([*lines, ""])
    return found
