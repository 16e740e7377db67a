"""Lets the company live day by day: it takes the messages that were delivered and gives what happens next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pathworth.base.errors import BadInput, UnknownName
from pathworth.learn.company.clock import DAY_MS, week_day
from pathworth.learn.company.draws import Draws
from pathworth.learn.company.events.full import Stage, numbers_of, perform, window_ms
from pathworth.learn.company.events.noise import arrivals, ordinals
from pathworth.learn.company.events.sheet import Laid
from pathworth.learn.company.live.again import (
    Register,
    all_of,
    eager_owners,
    live_again,
    local_day,
    spliced,
)
from pathworth.learn.company.live.consent import Agreed, consents_of
from pathworth.learn.company.live.contacts import Contact, Contacts, mute_hazard
from pathworth.learn.company.live.own_mail import KIND, Letters, letters_of
from pathworth.learn.company.live.parameters import Interventions, load_interventions
from pathworth.learn.company.live.reading import MUTED, Answer, answers_of
from pathworth.learn.company.moves.journey import FIRST_VALUE, RISK, set_out
from pathworth.learn.company.moves.people import draw_people
from pathworth.learn.company.moves.walk import walk
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.world import Codes

PAYER = 2
SIGNED_UP = "Signed Up"


@dataclass(frozen=True)
class Message:
    """One message that reached somebody: the raw id, which intervention, and when it was delivered."""

    person: str
    kind: str
    time_us: int


@dataclass(frozen=True)
class Batch:
    """Events in the order of arrival, up to ``until_us``.

    ``ordinal`` is which of its person's events each one is, in order of time: with the person the identity of the
    message. ``answers`` are what readers of messages did.
    """

    until_us: int
    laid: Laid
    ordinal: Codes
    answers: tuple[Answer, ...]

    def __len__(self) -> int:
        """Return how many events there are."""
        return len(self.ordinal) + len(self.answers)


@dataclass(frozen=True)
class _Version:
    """Events of some accounts as they stand: in order of time, and each arrival of one."""

    laid: Laid
    ordinal: Codes
    owner: Codes
    source: Codes
    arrival_ms: Codes


class Live:
    """The company, day by day; without a message it is its history.

    Parameters
    ----------
    people, seed
        As of ``history``.

    The world is a pure function of the seed and the messages: those whom a message reaches, and their account, are
    lived again with the same counters; what they did before the message stays as it was.
    """

    def __init__(
        self, company: Company, *, people: int, seed: int, plan: Interventions | None = None
    ) -> None:
        self.company, self.plan = company, plan or load_interventions()
        rung = company.rung["R3"]
        self.draws = Draws(seed)
        crowd = draw_people(company, self.draws, people=people, rung=rung)
        start = set_out(company, crowd, rung=rung)
        trail = walk(company, rung, draws=self.draws, walkers=start)
        self.whole = Stage(company, draws=self.draws, crowd=crowd, trail=trail)
        perform(self.whole)
        cast = self.whole.cast
        self.register = Register(cast.ids.tolist(), cast.owner.tolist(), self.whole.sheet.names)
        self.begin_ms, self.end_ms = window_ms(company)
        self.now_ms = self.begin_ms
        self.contacts = Contacts(self.plan)
        self._repaired: dict[int, tuple[str, float]] = {}
        self._eager = eager_owners(trail, people=len(cast.key), least=FIRST_VALUE)
        self._eager[len(crowd) :] = True
        self._reviewed = np.full(len(cast.key), -np.inf)
        reviews = trail.step == RISK
        np.maximum.at(self._reviewed, trail.row[reviews], trail.start[reviews])
        self._pays = np.zeros(len(cast.key), dtype=np.bool_)
        self._pays[self.whole.contracts.payer] = True
        laid = self.whole.sheet.laid(from_ms=self.begin_ms, until_ms=self.end_ms)
        self.whole.sheet.blocks.clear()
        self._versions = [self._version(laid)]
        self._latest = np.zeros(len(cast.key), dtype=np.int64)
        order = np.argsort(self._versions[0].owner, kind="stable")
        self._of_owner = (
            order,
            np.searchsorted(self._versions[0].owner[order], np.arange(len(cast.key) + 1)),
        )
        self._answers: list[Answer] = []
        self._letters = self._own_letters()

    def next_day(self, messages: Sequence[Message] = ()) -> Batch:
        """Take the messages of the day that is over, and return the events that arrive on the next one."""
        return self.until((self.now_ms + DAY_MS) * 1000, messages)

    def until(self, time_us: int, messages: Sequence[Message] = ()) -> Batch:
        """Take the messages delivered before now, and return the events that arrive from now up to an instant.

        Raises
        ------
        BadInput
            ``MESSAGE_TIME`` when a message is from the future or from before programs may send.
        UnknownName
            ``UNKNOWN_PERSON``, ``UNKNOWN_INTERVENTION``.
        """
        self._take(messages)
        begin, self.now_ms = self.now_ms, time_us // 1000
        self._write_letters(begin)
        laid, ordinal, arrival = [], [], []
        for number, version in enumerate(self._versions):
            low, high = np.searchsorted(version.arrival_ms, [begin, self.now_ms])
            rows = version.source[low:high]
            mine = self._latest[version.owner[rows]] == number
            laid.append(version.laid.take(rows[mine]))
            ordinal.append(version.ordinal[rows[mine]])
            arrival.append(version.arrival_ms[low:high][mine])
        order = np.argsort(np.concatenate(arrival), kind="stable")
        due = [one for one in self._answers if one.time_us < time_us]
        self._answers = [one for one in self._answers if one.time_us >= time_us]
        return Batch(
            until_us=time_us,
            laid=all_of(laid).take(order),
            ordinal=np.concatenate(ordinal)[order],
            answers=tuple(sorted(due, key=lambda one: (one.time_us, one.person, one.name))),
        )

    def consents(self) -> list[Agreed]:
        """Return what everybody known so far agreed to, given when the person is first seen."""
        first = np.full(len(self.register.ids), self.end_ms * 1000)
        for number, version in enumerate(self._versions):
            mine = self._latest[version.owner] == number
            np.minimum.at(first, version.laid.person[mine], version.laid.ms[mine] * 1000)
        return consents_of(
            self.plan.consent,
            draws=self.draws,
            ids=np.array(self.register.ids),
            country=self.countries(),
            first_us=first.tolist(),
            until_us=self.end_ms * 1000,
        )

    def countries(self) -> list[str]:
        """Return the country of everybody known so far: that of the account's owner."""
        codes = self.whole.cast.seen.country[np.array(self.register.owner)]
        return [self.company.hints.countries[code - 1] for code in codes.tolist()]

    def _own_letters(self) -> Letters:
        """Return the company's own letters: to whoever signed up, pays or was invited, until some time after."""
        laid = self._versions[0].laid
        known, seen = (np.full(len(self.register.ids), end) for end in (2**62, -(2**62)))
        told = np.isin(laid.person, np.flatnonzero(self.whole.cast.part >= PAYER))
        told |= laid.name == self.register.names.index(SIGNED_UP)
        np.minimum.at(known, laid.person[told], laid.ms[told])
        np.maximum.at(seen, laid.person, laid.ms)
        who = numbers_of(np.array(self.register.ids))
        return letters_of(self.plan, draws=self.draws, who=who, known_ms=known, seen_ms=seen)

    def _write_letters(self, begin_ms: int) -> None:
        """Let people mute the company's own letters of a time, the sooner the more programs write to them."""
        end = self.end_ms * 1000
        for person, number, ms, luck, pause in self._letters.between(begin_ms, self.now_ms):
            if person in self.contacts.muted:
                continue
            owner = np.array([self.register.owner[person]])
            day = float(local_day(self.whole, owner=owner, utc=np.array([ms]))[0])
            if luck < mute_hazard(self.plan.fatigue, self.contacts.felt(person, day=day)):
                self.contacts.muted.add(person)
                id_ = self.register.ids[person].decode()
                answer = Answer(f"{id_}-{KIND}-{number}", id_, MUTED, KIND, (ms + pause) * 1000)
                self._answers.extend([answer] if answer.time_us < end else [])

    def _take(self, messages: Sequence[Message]) -> None:
        """Let everybody who was reached read, and live their accounts again."""
        touched: set[int] = set()
        for message in sorted(messages, key=lambda one: (one.time_us, one.person, one.kind)):
            touched |= self._reach(message)
        if not touched:
            return
        owners = np.array(sorted(touched))
        new = live_again(
            self.whole,
            owners=owners,
            repaired=self._repaired,
            contacts=self.contacts,
            register=self.register,
        )
        both = spliced(self._current(owners), new, at_ms=self.now_ms)
        self._versions.append(self._version(both))
        self._latest[owners] = len(self._versions) - 1

    def _reach(self, message: Message) -> set[int]:
        """Let one message do what it does; return the owner whose account is to be lived again, if any."""
        kind = self.plan.kind(message.kind)
        person = self.register.place.get(message.person.encode())
        if person is None:
            raise UnknownName.near("person", message.person, [])
        first = self.begin_ms + round(week_day(self.plan.first_week)) * DAY_MS
        if not first <= message.time_us // 1000 <= self.now_ms:
            raise BadInput(
                "MESSAGE_TIME",
                f"A message of {message.time_us} cannot have been delivered by {self.now_ms * 1000}.",
                f"Messages come after the first {self.plan.first_week - 1} weeks, up to now.",
            )
        if person in self.contacts.muted:
            return set()
        owner = self.register.owner[person]
        home = np.array([owner, owner])
        times = np.array([message.time_us // 1000, self.now_ms])
        day, from_day = local_day(self.whole, owner=home, utc=times).tolist()
        contact = Contact(
            message.kind, day, from_day, kind.weight, kind.upgrade_odds, kind.odds_days
        )
        felt = self.contacts.add(person, contact)
        answers, mutes = answers_of(
            self.plan, kind, draws=self.draws, message=(message.person, message.time_us),
            count=len(self.contacts.of[person]), felt=felt, eager=bool(self._eager[owner]),
        )  # fmt: skip
        self._answers.extend(one for one in answers if one.time_us < self.end_ms * 1000)
        if mutes:
            self.contacts.muted.add(person)
        pays = bool(self._pays[owner]) or owner in self._repaired
        touched = pays and person == owner and kind.weight > 0.0
        if kind.repairs and owner not in self._repaired and self._reviewed[owner] >= from_day:
            self._repaired[owner] = (kind.repairs, from_day)
            touched = True
        return {owner} if touched else set()

    def _current(self, owners: Codes) -> Laid:
        """Return the events of accounts as they stand, in order of time."""
        latest = self._latest[owners]
        pieces = []
        for number in np.unique(latest).tolist():
            mine = owners[latest == number]
            version = self._versions[number]
            if number == 0:
                order, first = self._of_owner
                rows = [order[first[one] : first[one + 1]] for one in mine]
                pieces.append(version.laid.take(np.sort(np.concatenate(rows))))
            else:
                pieces.append(version.laid.take(np.flatnonzero(np.isin(version.owner, mine))))
        return all_of(pieces)

    def _version(self, laid: Laid) -> _Version:
        """Return events in order of time with their numbers and arrivals."""
        numbers = numbers_of(np.array(self.register.ids))
        ordinal = ordinals(laid.person)
        source, arrival = arrivals(
            self.company.noise,
            draws=self.draws,
            who=numbers[laid.person],
            place=ordinal,
            time_ms=laid.ms,
        )
        owner = np.array(self.register.owner)[laid.person]
        return _Version(laid, ordinal, owner, source, arrival)
