"""Programs as documents, and what act answers: findings, previews, dry runs, explanations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pathworth.store import Decision

Trigger = Literal["enters", "stalls"]
Channel = Literal["email", "webhook"]
Fate = Literal["delivered", "failed", "unknown", "later"]

TREATED, HELD_OUT = "treated", "held out"


@dataclass(frozen=True)
class QuietHours:
    """Hours of the day in which nothing leaves, ``"21:00"`` to ``"08:00"``.

    ``zone`` is the property that holds a person's time zone; null, or unknown, for the workspace's.
    """

    begin: str = "21:00"
    end: str = "08:00"
    zone: str | None = None


@dataclass(frozen=True)
class Cap:
    """At most so many contacts of one person within a time, over all programs."""

    contacts: int = 3
    within: str = "14d"


@dataclass(frozen=True)
class MuteGuardrail:
    """Stops the program when more people mute than it may cost.

    Parameters
    ----------
    mutes_per_send
        The share of sends that may be followed by a mute.
    error
        Chance to stop, ever, a program whose true share is at or under that.
    event
        Predicate over the events that mean a mute; also withdraws consent to the program's channel and purpose.
    within
        A mute counts against the newest send of at most this age.
    """

    mutes_per_send: float = 0.01
    error: float = 0.05
    event: str | None = None
    within: str = "14d"


@dataclass(frozen=True)
class Template:
    """What the message says: Jinja2 over ``person``, ``unsubscribe`` and ``why``."""

    subject: str
    text: str
    html: str | None = None


@dataclass(frozen=True)
class Program:
    """One revision of a program.

    Parameters
    ----------
    id, name
        Short stable word (lower case, digits, hyphens); what people call it.
    map, step
        The map, and the id of its step that gives the occasion.
    trigger
        ``enters``: a visit of the step begins. ``stalls``: no other step for ``stalls_after``.
    stalls_after, wait
        Durations; the wait begins when the trigger is complete.
    goal
        Id of the step that makes the message pointless once taken after the trigger; null for none.
    exit
        Predicate over an event that ends the occasion; null for none.
    who
        Predicate over the person as of the moment of deciding; null for everybody.
    channel, address, purpose
        How, the property that holds the address, and what for: consent is given per channel and purpose.
    quiet_hours, cap, guardrail
        Restraint; ``quiet_hours`` and ``guardrail`` may be null.
    holdout
        Share of units that never get the message, so that one can see whether it worked.
    again
        ``never``, or the least time between two occasions of one person.
    too_late
        An occasion that is older than this beyond its due time is not acted on.
    message
        The template.
    """

    id: str
    name: str
    map: str
    step: str
    purpose: str
    message: Template
    trigger: Trigger = "enters"
    stalls_after: str | None = None
    wait: str = "0m"
    goal: str | None = None
    exit: str | None = None
    who: str | None = None
    channel: Channel = "email"
    address: str = "email"
    quiet_hours: QuietHours | None = QuietHours()
    cap: Cap = Cap()
    holdout: float = 0.10
    again: str = "never"
    too_late: str = "2d"
    guardrail: MuteGuardrail | None = MuteGuardrail()


@dataclass(frozen=True)
class ProgramFinding:
    """Something about a program that its author should know; an ``error`` keeps it from being started.

    ``where`` is the place in the document, ``line`` the line of a template, from 1.
    """

    code: str
    level: Literal["error", "warning"]
    where: str
    message: str
    hint: str
    line: int | None = None


@dataclass(frozen=True)
class Message:
    """A message ready to leave.

    Parameters
    ----------
    id
        Stable over retries: made of the ledger's key.
    decision
        The ledger's row; 0 for a test.
    entity, program, channel, address
        For whom, why, how, where to.
    subject, text, html
        What it says.
    unsubscribe, why
        Addresses that work without login.
    """

    id: str
    decision: int
    entity: str
    program: str
    channel: Channel
    address: str
    subject: str
    text: str
    html: str | None
    unsubscribe: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """What became of a message: ``later`` is a temporary refusal, after which trying again is safe."""

    fate: Fate
    answer: str


class Sender(Protocol):
    """Hands messages to the other side, one dialogue each; ``at_once`` are marked as being sent together."""

    @property
    def at_once(self) -> int:
        """Return how many messages are marked in one commit: 1 unless a crash cannot matter."""
        ...

    def send(self, message: Message) -> Outcome:
        """Send one message; whatever may have arrived without an answer is ``unknown``."""
        ...


@dataclass(frozen=True)
class Preview:
    """A message as one person would get it; ``missing`` says why it cannot be written for them."""

    entity: str
    subject: str
    text: str
    html: str | None
    address: str | None
    variables: Mapping[str, str]
    missing: str | None = None


@dataclass(frozen=True)
class ReasonCount:
    """How many decisions had a reason first; ``said`` puts it in words."""

    reason: str
    said: str
    count: int


@dataclass(frozen=True)
class Rehearsed:
    """One decision that would have been taken."""

    entity: str
    trigger: str
    decided: str
    arm: str
    action: Literal["send", "nothing"]
    reasons: tuple[str, ...]
    said: str


@dataclass(frozen=True)
class Rehearsal:
    """What a program would have decided on real history; nothing was written.

    ``assumes`` says which of today's facts stood in for those of then.
    """

    program: str
    from_: str
    to: str
    occasions: int
    people: int
    sends: int
    held_out: int
    reasons: tuple[ReasonCount, ...]
    rows: tuple[Rehearsed, ...]
    assumes: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """Why a person did or did not get a message: one reason first, then the others."""

    program: str
    program_name: str
    entity: str
    sentence: str
    others: tuple[str, ...]
    when: str | None
    decision: Decision | None = None


@dataclass(frozen=True)
class MailServer:
    """Where e-mail leaves: the server, and who it is from."""

    host: str = ""
    port: int = 587
    sender: str = ""
    security: Literal["none", "starttls", "tls"] = "starttls"
    login: str | None = None
    password: str | None = None
    timeout_seconds: float = 30.0


@dataclass(frozen=True)
class WebhookTarget:
    """Where webhooks go, and the secret (``whsec_`` and base64) that signs them."""

    url: str = ""
    secret: str = ""
    timeout_seconds: float = 15.0


@dataclass(frozen=True)
class Channels:
    """How messages leave this workspace; ``address`` is where people reach its unsubscribe page."""

    email: MailServer = field(default_factory=MailServer)
    webhook: WebhookTarget = field(default_factory=WebhookTarget)
    address: str = "http://127.0.0.1:8710"
