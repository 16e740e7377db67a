"""How well raw ids were put together to persons, pair by pair, against the truth about whose they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pyarrow.parquet as pq

from pathworth.learn.company.sent.devices import AT_A_KIOSK, LOGINS, NOWHERE
from pathworth.learn.company.sent.sending import IDS, KIOSK

PersonsOf = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True)
class Identified:
    """Persons found in the raw ids of the file, against those who are there.

    Parameters
    ----------
    ids, people
        Raw ids that are somebody's, and how many people those are; kiosks are nobody's.
    found
        Persons that they were put together to.
    pairs, found_pairs, both
        Pairs of ids that are one person's, that were found to be, and that are both.
    precision, recall
        ``both`` as a share of the found pairs, and of the true ones; 1 where there is none.
    missed_nowhere, missed_kiosk, missed_otherwise
        True pairs that were not found: for a device on which its owner never logged in; for one whose owner did so at
        a kiosk instead; and all others.
    merged
        Found persons who hold ids of several people.
    kiosks, kiosks_apart
        Devices that several people share, and how many of them were left alone.
    """

    ids: int
    people: int
    found: int
    pairs: int
    found_pairs: int
    both: int
    precision: float
    recall: float
    missed_nowhere: int
    missed_kiosk: int
    missed_otherwise: int
    merged: int
    kiosks: int
    kiosks_apart: int


def identified(persons_of: PersonsOf, truth: Path) -> Identified:
    """Grade persons.

    Parameters
    ----------
    persons_of
        Returns the person that each of some raw ids was found to be.
    truth
        The folder of the truth; only its table of ids is read.
    """
    table = pq.read_table(truth / IDS)
    names = ("id", "person", "kind", "login")
    rows = list(zip(*(table[name].to_pylist() for name in names), strict=True))
    person_of = persons_of([id_ for id_, *_ in rows])
    kiosks = [id_ for id_, _, kind, _ in rows if kind == KIOSK]
    whose = {id_: person for id_, person, kind, _ in rows if kind != KIOSK}
    missed = _missed(whose, person_of, login={id_: login for id_, _, _, login in rows})
    members: dict[str, set[str]] = defaultdict(set)
    for id_, person in whose.items():
        members[person_of[id_]].add(person)
    size = Counter(person_of.values())
    true = _pairs(Counter(whose.values()))
    found = _pairs(Counter(person_of[id_] for id_ in whose))
    both = _pairs(Counter((person_of[id_], person) for id_, person in whose.items()))
    return Identified(
        ids=len(whose),
        people=len(set(whose.values())),
        found=len(members),
        pairs=true,
        found_pairs=found,
        both=both,
        precision=both / found if found else 1.0,
        recall=both / true if true else 1.0,
        missed_nowhere=missed[LOGINS[NOWHERE]],
        missed_kiosk=missed[LOGINS[AT_A_KIOSK]],
        missed_otherwise=missed[None],
        merged=sum(len(people) > 1 for people in members.values()),
        kiosks=len(kiosks),
        kiosks_apart=sum(size[person_of[one]] == 1 for one in kiosks),
    )


def _missed(
    whose: Mapping[str, str], person_of: Mapping[str, str], *, login: Mapping[str, str | None]
) -> Counter[str | None]:
    """Count true pairs that were not found by where the owner of their ids logs in; null for none of these causes."""
    ids: dict[str, list[str]] = defaultdict(list)
    for id_, person in whose.items():
        ids[person].append(id_)
    missed: Counter[str | None] = Counter()
    for own in ids.values():
        for one, other in combinations(own, 2):
            if person_of[one] != person_of[other]:
                said = {login[one], login[other]}
                missed[
                    next((LOGINS[k] for k in (NOWHERE, AT_A_KIOSK) if LOGINS[k] in said), None)
                ] += 1
    return missed


def _pairs(counts: Mapping[object, int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())
