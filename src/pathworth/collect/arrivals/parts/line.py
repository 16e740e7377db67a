"""One event in the plain form, and all that a request says, gathered event by event."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from pathworth.base.errors import BadInput
from pathworth.collect.arrivals.contracts import About, Fact, Link, Told
from pathworth.collect.arrivals.parts.facts import stored, traits_told
from pathworth.collect.arrivals.parts.moments import Clock, Said, instant_us
from pathworth.collect.arrivals.parts.said import NOTHING, encode, is_bot
from pathworth.collect.readers import Torn

Shape = TypeVar("Shape")


class Line(msgspec.Struct, omit_defaults=True):
    """An event in the plain form; what is not said is left out."""

    event: str
    person: str
    time: str | int
    id: str | None = None
    value: int | float | None = None
    currency: str | None = None
    account_id: str | None = None
    properties: Raw = NOTHING
    bot: bool = False
    refuses_tracking: bool = False
    device_time: str | int | None = None


@dataclass
class Telling:
    """Gathers what a request says.

    Parameters
    ----------
    source, about
        Of its events, and of the request.
    """

    source: str
    about: About
    lines: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    torn: list[Torn] = field(default_factory=list)
    links: dict[tuple[str, str, str], Link] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    of_accounts: list[int] = field(default_factory=list)
    by_bot: bool = field(init=False)
    _clocks: dict[Said, Clock] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_bot = is_bot(self.about.agent)

    def add(self, place: int, line: Line, *, beside: bytes = b"") -> None:
        """Take an event in.

        Parameters
        ----------
        place
            Its place in the request, from 1.
        line
            What the plain form has a name for.
        beside
            More keys of the same object as JSON, without braces.

        Raises
        ------
        BadInput
            ``NO_ENTITY``, ``NO_EVENT``.
        UnicodeDecodeError
            When a text in it is not UTF-8.
        """
        if not line.person:
            raise BadInput(
                "NO_ENTITY", "It names nobody, so nobody knows whose event it is.", _SEND
            )
        if not line.event:
            raise BadInput("NO_EVENT", "It has no name, so nobody knows what happened.", _SEND)
        line.bot = line.bot or self.by_bot
        line.refuses_tracking = self.about.refuses
        said = encode(line)
        if beside:
            said = b"".join((said[:-1], b",", beside, b"}"))
        # Inside of JSON line breaks can only be space between its parts.
        said = said.replace(b"\n", b" ").replace(b"\r", b" ")
        self.lines.append(said.decode())
        self.places.append(place)

    def add_group(
        self, place: int, line: Line, *, traits: Raw, kind: str = "", beside: bytes = b""
    ) -> None:
        """Take in what is said of an account: as facts, and as an event of whoever told it, where that is known.

        Parameters
        ----------
        place, line, beside
            As of ``add``; a line that names an account needs no person.
        traits, kind
            What is said of it, and what kind of group it is.

        Raises
        ------
        BadInput
            ``NO_ENTITY``.
        UnicodeDecodeError
            When a text in it is not UTF-8.
        """
        account, received_us = line.account_id, self.about.received_us
        told = traits_told(traits) if account else []
        if line.person or not account:
            self.add(place, line, beside=beside)
        else:
            self.of_accounts.append(place)
        at_us = instant_us(line.time) or received_us
        # What a clock says of tomorrow would stand against every word of today.
        at_us = min(at_us, received_us) if received_us else at_us
        self.facts += [
            Fact(stored(account or ""), stored(kind), one.name, one.value, at_us, one.once)
            for one in told
        ]

    def clock(self, sent: Said) -> Clock:
        """Return the clock of a device that says when it sent this."""
        found = self._clocks.get(sent)
        if found is None:
            found = self._clocks[sent] = Clock.of(sent, received_us=self.about.received_us)
        return found

    def link(self, one: str, other: str, *, rule: str, at: Said) -> None:
        """Note that two ids are one person; what is said twice counts once."""
        key = (one, other, rule)
        if one and other and one != other and key not in self.links:
            at_us = instant_us(at)
            at_us = self.about.received_us if at_us is None else at_us
            self.links[key] = Link(one, other, at_us, rule)

    def each(self, events: Iterable[Raw], read: Callable[[int, Raw], None]) -> Told:
        """Read every event of a request by itself, so that a bad one is torn and the others go on."""
        for place, raw in enumerate(events, 1):
            try:
                read(place, raw)
            except BadInput as error:
                self._tear(place, raw, code=error.code, reason=error.message)
            except UnicodeError:
                self._tear(place, raw, code="NOT_TEXT", reason="It holds bytes that are not UTF-8.")
            except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
                reason = f"It is no event of this protocol: {error}."
                self._tear(place, raw, code="NOT_AN_EVENT", reason=reason)
        links = list(self.links.values())
        rest = (self.torn, links, self.facts, self.of_accounts)
        return Told(self.source, self.lines, self.places, *rest)

    def _tear(self, place: int, raw: Raw, *, code: str, reason: str) -> None:
        self.torn.append(Torn(place, code, reason, bytes(raw).decode("utf-8", "replace")))


_SEND = "See docs/clients.md for what an event of this protocol holds."


def opened(body: bytes, shape: type[Shape], *, like: str) -> tuple[Shape, bytes]:
    """Return a body of JSON, and its text.

    What some clients write by mistake is read all the same, since one event would else cost its whole batch: ``NaN``
    and ``Infinity`` (Python's json) are null, half a character (a text that JavaScript cut) is a question mark.

    Parameters
    ----------
    body, shape
        The bytes, and what they must be.
    like
        An example for those who sent something else.

    Raises
    ------
    BadInput
        ``BAD_REQUEST_BODY``.
    """
    try:
        try:
            return msgspec.json.decode(body, type=shape), body
        except (msgspec.DecodeError, UnicodeError):
            text = _mended(body)
            return msgspec.json.decode(text, type=shape), text
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise no_request(str(error), like=like) from None


def no_request(why: str, *, like: str) -> BadInput:
    """Return the error of a body that is no request of its kind."""
    return BadInput("BAD_REQUEST_BODY", f"This is no request of its kind: {why}.", f"Send {like}.")


def _mended(body: bytes) -> bytes:
    held: Any = json.loads(body, parse_constant=lambda _: None)
    return json.dumps(held, ensure_ascii=False).encode("utf-8", "replace")
