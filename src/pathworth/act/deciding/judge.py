"""What becomes of an occasion: every reason that applies, whether anything is sent, or when to look again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pathworth.act.contracts import Program
from pathworth.act.deciding.assign import arm_of
from pathworth.act.deciding.quiet import quiet_until, zone_of
from pathworth.act.deciding.reasons import QUIET, in_order
from pathworth.act.sending.write import NotWritable, write
from pathworth.act.watching.asking import OTHER_CONTACTS, Asking
from pathworth.act.watching.state import State, state_of
from pathworth.base.durations import to_us
from pathworth.journeys import Rule, Seen
from pathworth.store import Contact, Occasion, Standing, Verdict

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>,;:\"()\[\]\\]+")


@dataclass
class Bench:
    """Everything that judging needs beside the people: programs by revision, which run, the clock, the names.

    ``listed`` tells whom an exclusion lists by id: whom no number counts, no program writes to.
    """

    now_us: int
    programs: Mapping[tuple[str, int], Program]
    running: frozenset[str]
    asking: Asking
    listed: Callable[[Seen], bool]
    rules: dict[tuple[str, int], Rule] = field(default_factory=dict)

    def audience(self, one: Occasion) -> Rule:
        """Return the test of the audience."""
        key = (one.program, one.revision)
        if key not in self.rules:
            self.rules[key] = self.asking.audience(self.programs[key])
        return self.rules[key]

    @cached_property
    def left_out(self) -> tuple[Rule, ...]:
        """Return the tests of those whom no program writes to."""
        return (self.listed, *self.asking.exclusions())


def judge(occasions: Sequence[Occasion], standing: Standing, *, bench: Bench) -> list[Verdict]:
    """Return what becomes of each occasion, in their order; what is sent counts for those that follow.

    Parameters
    ----------
    occasions
        What is due.
    standing
        What is known of their people.
    bench
        Programs and clock.
    """
    states = {entity: state_of(row) for entity, row in standing.states.items()}
    empty = State()
    addresses = {
        one: _address(bench.programs[one.program, one.revision], states.get(one.entity, empty))
        for one in occasions
    }
    reached = standing.reached(sorted({a for a in addresses.values() if a is not None}))
    contacts = _Contacts(dict(standing.contacts), dict(reached))
    verdicts = []
    for one in occasions:
        state = states.get(one.entity, empty)
        made = _Case(one, state, addresses[one], standing, contacts, bench).verdict()
        if made.action == "send":
            contacts.add(one, made.address, at_us=bench.now_us)
        verdicts.append(made)
    return verdicts


@dataclass
class _Contacts:
    """Who was reached, as decided so far, this batch included."""

    people: dict[str, tuple[Contact, ...]]
    addresses: dict[str, tuple[Contact, ...]]

    def add(self, one: Occasion, address: str | None, *, at_us: int) -> None:
        contact = Contact(one.program, at_us)
        self.people[one.entity] = (*self.people.get(one.entity, ()), contact)
        if address is not None:
            self.addresses[address] = (*self.addresses.get(address, ()), contact)

    def capped(self, case: _Case) -> bool:
        """Return whether a person, or whoever reads at their address, had all the contacts that a program allows."""
        cap = case.program.cap
        since = case.bench.now_us - to_us(cap.within)
        others = sum(1 for at_us in case.state.deeds.get(OTHER_CONTACTS, ()) if at_us > since)
        lists = (
            self.people.get(case.one.entity, ()),
            self.addresses.get(case.address or "", ()),
        )
        own = max(sum(1 for contact in some if contact.at_us > since) for some in lists)
        return own + others >= cap.contacts


@dataclass(frozen=True)
class _Case:
    """One occasion with all that is known about it."""

    one: Occasion
    state: State
    address: str | None
    standing: Standing
    contacts: _Contacts
    bench: Bench

    @property
    def program(self) -> Program:
        return self.bench.programs[self.one.program, self.one.revision]

    def verdict(self) -> Verdict:
        one, program = self.one, self.program
        if program.trigger == "stalls" and self._moved_on():
            return Verdict("void")
        arm = arm_of(program.id, one.unit, holdout=program.holdout)
        used, blocking = self._blocking()
        if arm == "held out":
            blocking.append("held_out")
        if set(blocking) <= {"held_out"} and (until := self._quiet_until()) is not None:
            # Both arms wait alike, so that they stay comparable.
            return Verdict("postpone", reasons=(QUIET,), until_us=until)
        reasons = in_order([*blocking, *([one.noted] if one.noted else [])])
        return Verdict(
            "decide",
            arm=arm,
            action="nothing" if blocking else "send",
            reasons=reasons,
            channel=program.channel,
            address=self.address,
            purpose=program.purpose,
            facts=self._facts(used),
        )

    def _moved_on(self) -> bool:
        where = self.state.places.get(self.program.map)
        if where is None:
            return False
        begun = self.one.trigger_us
        limit = begun + to_us(self.program.stalls_after or "0m")
        return any(
            begun < at < limit for step, at in where.times.items() if step != self.program.step
        )

    def _blocking(self) -> tuple[dict[str, str], list[str]]:
        """Return the values that the message uses, and every reason for which it must not leave."""
        one, program, state, now_us = self.one, self.program, self.state, self.bench.now_us
        where = state.places.get(program.map)
        goal_us = where.times.get(program.goal or "", 0) if where is not None else 0
        consent = self.standing.consents.get((one.entity, program.channel, program.purpose))
        rest = self.standing.rests.get(one.entity)
        used, writable = self._used()
        seen = self._seen()
        tests = {
            "program_stopped": program.id not in self.bench.running,
            "goal_reached": goal_us >= one.trigger_us > 0 and goal_us > 0,
            "exited": state.exits.get(program.id, 0) >= one.trigger_us > 0,
            "excluded": any(test(seen) for test in self.bench.left_out),
            "left_audience": not self.bench.audience(one)(seen),
            "suppressed": rest is not None and (rest.until_us is None or rest.until_us > now_us),
            "no_consent": consent is None or not consent.given,
            "no_address": program.channel == "email" and self.address is None,
            "cap_reached": self.contacts.capped(self),
            "address_reached": self._address_reached(),
            "not_writable": not writable,
            "too_late": now_us - one.due_us > to_us(program.too_late),
        }
        return used, [code for code, holds in tests.items() if holds]

    def _seen(self) -> Seen:
        # An event of this very moment counts: the instant is just after it.
        at_us = max(self.bench.now_us, self.one.trigger_us) + 1
        state = self.state
        return Seen(time_us=at_us, traits=state.values, entity=self.one.entity, past=state)

    def _address_reached(self) -> bool:
        """Return whether another id with this address had the message of a program that sends once."""
        if self.program.again != "never" or self.address is None:
            return False
        found = self.contacts.addresses.get(self.address, ())
        return any(contact.program == self.program.id for contact in found)

    def _used(self) -> tuple[dict[str, str], bool]:
        try:
            written = write(self.program.message, self.state.values, unsubscribe="-", why="-")
        except NotWritable:
            return {}, False
        return written.used, True

    def _quiet_until(self) -> int | None:
        quiet = self.program.quiet_hours
        if quiet is None:
            return None
        zone = zone_of(quiet, self.state.values, workspace_zone=self.bench.asking.kinds.timezone)
        return quiet_until(quiet, self.bench.now_us, zone=zone)

    def _facts(self, used: dict[str, str]) -> str:
        one = self.one
        consent = self.standing.consents.get(
            (one.entity, self.program.channel, self.program.purpose)
        )
        facts = {
            "used": used,
            "consent_us": consent.at_us if consent else None,
            "proof": consent.proof if consent else None,
        }
        return json.dumps(facts, ensure_ascii=False)


def _address(program: Program, state: State) -> str | None:
    """Return the address of a person, null when none is known that mail could go to."""
    said = state.values.get(program.address, "").strip()
    if program.channel == "webhook":
        return None
    return said if len(said) <= 254 and said.isascii() and _ADDRESS.fullmatch(said) else None
