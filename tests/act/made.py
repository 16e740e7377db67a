"""A small shop with a map, a program and a sender that keeps what it was given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from pathworth import act, atlas
from pathworth.store import ArrivedEvent, Workspace

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
NOON = 1_767_960_000_000_000  # 2026-01-09 12:00 UTC, a Friday
MAP = atlas.MapDocument(
    "shop",
    (
        atlas.MapStep("looks", "Looks around", "event = 'Viewed'", entry=True),
        atlas.MapStep("fills", "Fills the basket", "event = 'Added'"),
        atlas.MapStep("buys", "Buys", "event = 'Bought'"),
    ),
)
TEXT = "Hello {{ person.first }},\nyour basket waits.\n{{ unsubscribe }}\n{{ why }}\n"


def program(id_: str = "basket", **given: object) -> act.Program:
    """A program for those who fill the basket: an hour later, unless they buy."""
    base = act.Program(
        id=id_,
        name="Basket reminder",
        map="shop",
        step="fills",
        purpose="offers",
        message=act.Template("Your basket, {{ person.first }}", TEXT),
        wait="1h",
        goal="buys",
        quiet_hours=None,
        holdout=0.0,
    )
    return replace(base, **given)  # type: ignore[arg-type]


def shop(folder: Path, *programs: act.Program, timezone: str = "UTC") -> Workspace:
    """A workspace with the map, and programs that run since the day before noon."""
    workspace = Workspace.create(folder, timezone=timezone)
    workspace.save_map("shop", atlas.dump_map(MAP), author="test")
    for one in programs:
        act.save_program(workspace, one)
        act.start_program(workspace, one.id, now_us=NOON - DAY)
    return workspace


def agree(workspace: Workspace, *people: str, purpose: str = "offers") -> None:
    for one in people:
        act.give_consent(
            workspace, one, channel="email", purpose=purpose, proof="ticked", now_us=NOON - DAY
        )


@dataclass
class Stream:
    """Numbers events as the inbox would."""

    seq: int = 0
    events: list[ArrivedEvent] = field(default_factory=list)

    def add(self, entity: str, name: str, at_us: int, **properties: str) -> ArrivedEvent:
        self.seq += 1
        said = {"first": entity.title(), "email": f"{entity}@people.example", **properties}
        made = ArrivedEvent(self.seq, "test", f"m{self.seq}", entity, name, at_us, said)
        self.events.append(made)
        return made


@dataclass
class Kept:
    """A sender that keeps messages and answers as told."""

    fate: str = "delivered"
    at_once: int = 1
    messages: list[act.Message] = field(default_factory=list)

    def send(self, message: act.Message) -> act.Outcome:
        self.messages.append(message)
        return act.Outcome(self.fate, "250 fine")  # type: ignore[arg-type]
