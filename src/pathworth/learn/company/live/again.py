"""Lives the part of the company that messages reached once more, with what they changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pathworth.learn.company.accounts.life import Accounts
from pathworth.learn.company.clock import DAY_MS, utc_ms
from pathworth.learn.company.draws import Floats
from pathworth.learn.company.events.full import Stage, perform, window_ms
from pathworth.learn.company.events.sheet import Laid
from pathworth.learn.company.live.contacts import Contacts
from pathworth.learn.company.live.trails import of_people, turned
from pathworth.learn.company.moves.walk import Trail
from pathworth.learn.company.parameters import Company, changed
from pathworth.learn.company.world import Codes


@dataclass
class Register:
    """Who has which place: the whole company's people and event names, and those that came with messages."""

    ids: list[bytes]
    owner: list[int]
    names: list[str]

    def __post_init__(self) -> None:
        """Remember the places of the ids."""
        self.place = {one: k for k, one in enumerate(self.ids)}

    def persons(self, ids: Sequence[bytes], owners: Codes) -> Codes:
        """Return the place of each id; a new one gets the next."""
        for one, owner in zip(ids, owners.tolist(), strict=True):
            if one not in self.place:
                self.place[one] = len(self.ids)
                self.ids.append(one)
                self.owner.append(owner)
        return np.array([self.place[one] for one in ids], dtype=np.int64)

    def codes(self, names: Sequence[str]) -> Codes:
        """Return the code of each event name; a new one gets the next."""
        self.names.extend(name for name in names if name not in self.names)
        return np.array([self.names.index(name) for name in names], dtype=np.int64)


def live_again(
    whole: Stage,
    *,
    owners: Codes,
    repaired: Mapping[int, tuple[str, float]],
    contacts: Contacts,
    register: Register,
) -> Laid:
    """Return every event of some accounts in the window, as the contacts so far make it.

    Parameters
    ----------
    owners
        Places of the accounts' owners among the persons, ascending.
    repaired
        By owner the friction that a message removed, and from which local day on.
    """
    company, draws = whole.company, whole.draws
    entrants = owners[owners < len(whole.crowd)]
    crowd = whole.crowd.take(entrants)
    trail = of_people(whole.trail, rows=entrants, people=len(whole.crowd))
    for switch in sorted({switch for switch, _ in repaired.values()}):
        days = [_day(repaired.get(int(owner)), switch) for owner in entrants]
        late = trail.start >= np.array(days)[trail.row]
        better = _repaired(company, switch)
        trail = turned(company, better, draws=draws, crowd=crowd, trail=trail, late=late)
    book = _book(whole.book, owners[owners >= len(whole.crowd)] - len(whole.crowd))
    stage = Stage(company, draws=draws, crowd=crowd, trail=trail, book=book, whole=whole)
    perform(stage, contacts.pressure(owners, stage.cast.key))
    begin, end = window_ms(company)
    laid = stage.sheet.laid(from_ms=begin, until_ms=end)
    return _translated(stage, laid, owners=owners, register=register)


def _day(known: tuple[str, float] | None, switch: str) -> float:
    return known[1] if known is not None and known[0] == switch else np.inf


_REPAIRED: dict[tuple[int, str], Company] = {}


def _repaired(company: Company, switch: str) -> Company:
    """Return the company without a friction, built once, since its tables are kept by object."""
    key = (id(company), switch)
    if key not in _REPAIRED:
        _REPAIRED[key] = changed(company, f"frictions.{switch}", value=0.0)
    return _REPAIRED[key]


def _book(book: Accounts, rows: Codes) -> Accounts:
    return Accounts(book.key[rows], book.persona[rows], book.plan[rows], book.start[rows])


def _translated(stage: Stage, laid: Laid, *, owners: Codes, register: Register) -> Laid:
    """Return the events with the whole company's places of persons, names and accounts."""
    cast = stage.cast
    persons = register.persons(cast.ids.tolist(), owners[cast.owner])
    names = register.codes(stage.sheet.names)
    account = laid.codes["account_id"]
    known = np.concatenate([[0], owners + 1])
    return replace(
        laid,
        person=persons[laid.person],
        name=names[laid.name],
        codes={**laid.codes, "account_id": known[account]},
    )


def local_day(whole: Stage, *, owner: Codes, utc: Codes) -> Floats:
    """Return local days since the first day, one for each owner, of UTC ms."""
    hours = whole.cast.seen.hours[owner]
    naive = utc - utc_ms(whole.company, np.zeros(len(utc), dtype=np.int64), hours=hours * 0)
    winter = naive + hours * 3_600_000
    right = utc_ms(whole.company, winter, hours=hours) == utc
    return np.where(right, winter, winter + 3_600_000) / DAY_MS


def spliced(old: Laid, new: Laid, *, at_ms: int) -> Laid:
    """Return the old events before an instant, and the new ones from it on, in order of time."""
    before, after = (
        old.take(np.flatnonzero(old.ms < at_ms)),
        new.take(np.flatnonzero(new.ms >= at_ms)),
    )
    both = all_of([before, after])
    return both.take(np.lexsort((both.person, both.ms)))


def all_of(pieces: Sequence[Laid]) -> Laid:
    """Return the events of all pieces, one after the other."""
    return Laid(
        person=np.concatenate([one.person for one in pieces]),
        name=np.concatenate([one.name for one in pieces]),
        ms=np.concatenate([one.ms for one in pieces]),
        value=np.concatenate([one.value for one in pieces]),
        cost=np.concatenate([one.cost for one in pieces]),
        codes={key: np.concatenate([one.codes[key] for one in pieces]) for key in pieces[0].codes},
    )


def eager_owners(trail: Trail, *, people: int, least: int) -> np.ndarray:
    """Return bool[people]: whose journey reaches a step."""
    eager = np.zeros(people, dtype=np.bool_)
    eager[trail.row[trail.step >= least]] = True
    return eager
