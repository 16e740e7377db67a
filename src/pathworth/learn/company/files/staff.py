"""The list of who is no person of the market: the company's own people and its accounts for tests."""

from __future__ import annotations

import csv
from pathlib import Path

from pathworth.learn.company.names import person_name
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.sent.strangers import Strangers

STAFF = "employees.csv"
HEADER = ("user_id", "email", "name", "kind")


def write_staff(company: Company, strangers: Strangers | None, *, path: Path) -> None:
    """Write the list; on the plain rungs it is empty but for its header."""
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(HEADER)
        if strangers is None:
            return
        for place, id_ in enumerate(strangers.ids.astype(str).tolist()):
            kind = int(strangers.kind[place])
            if kind == len(company.stranger):
                continue
            one = company.stranger[kind]
            name = person_name(company, id_)
            words = {"name": name.lower().replace(" ", "."), "number": f"{place:03d}"}
            rows.writerow((id_, one.mail.format(**words), name, one.kind))


def excluded(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the raw ids of those on the list of a folder, by kind."""
    found: dict[str, tuple[str, ...]] = {}
    with (folder / STAFF).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["kind"]] = (*found.get(row["kind"], ()), row["user_id"])
    return found
