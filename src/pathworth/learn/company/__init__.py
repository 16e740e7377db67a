"""The proof kit's company: a whole business whose every number is known, made from readable parameters."""

from pathworth.learn.company.accounts.money import worth_plain
from pathworth.learn.company.events.snapshot import as_snapshot
from pathworth.learn.company.files.folder import declarations_of, findings_of, write
from pathworth.learn.company.files.staff import excluded
from pathworth.learn.company.history import history
from pathworth.learn.company.maps import calendar, true_map
from pathworth.learn.company.parameters import Company, changed, load_company
from pathworth.learn.company.rename import map_of, renamed
from pathworth.learn.company.report import (
    TIMEZONE,
    Planted,
    Tried,
    compare,
    compare_people,
    switched_off,
    try_company,
    write_company,
)
from pathworth.learn.company.sent.grading import Identified
from pathworth.learn.company.truths.figures import Truth, load_truth
from pathworth.learn.company.world import Column, Events, Persons, VisitTruth, World

__all__ = [
    "TIMEZONE",
    "Column",
    "Company",
    "Events",
    "Identified",
    "Persons",
    "Planted",
    "Tried",
    "Truth",
    "VisitTruth",
    "World",
    "as_snapshot",
    "calendar",
    "changed",
    "compare",
    "compare_people",
    "declarations_of",
    "excluded",
    "findings_of",
    "history",
    "load_company",
    "load_truth",
    "map_of",
    "renamed",
    "switched_off",
    "true_map",
    "try_company",
    "worth_plain",
    "write",
    "write_company",
]
