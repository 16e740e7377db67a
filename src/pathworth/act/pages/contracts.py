"""One question or one message on a page: what it says, where, to whom, how often, and when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pathworth.store import DocumentRecord

AskKind = Literal["question", "message"]
Answers = Literal["scale", "choices", "words"]
LAST_OF_SCALE = 10


@dataclass(frozen=True)
class PageAsk:
    """One revision of a question or message.

    Parameters
    ----------
    id, name
        Short stable word (lower case, digits, hyphens), by which answers are found; what people call it.
    kind, text
        ``question`` or ``message``, and what it says.
    answers, choices
        Of a question: ``scale`` is 0 to 10, ``choices`` are these texts, ``words`` is a field for one's own.
    link, label
        Of a message: where it leads, and the words that stand on it; null for none.
    site
        Name of the key of the site on which it is shown; null for every site.
    page
        Path of the page, with ``*`` for anything.
    map, step
        Shown when the page sends an event of this step, not when it opens; null for when it opens.
    share
        Share of browsers, drawn by the hash of their random id, that may see it.
    wait
        Not shown on a browser that was asked or told anything within this time.
    enough
        After so many people answered (a question) or saw it (a message) it is shown no more; null for no end.
    until
        ISO day after which it is shown no more; null for no end.
    """

    id: str
    name: str
    text: str
    kind: AskKind = "question"
    answers: Answers = "scale"
    choices: tuple[str, ...] = ()
    link: str | None = None
    label: str | None = None
    site: str | None = None
    page: str = "*"
    map: str | None = None
    step: str | None = None
    share: float = 1.0
    wait: str = "30d"
    enough: int | None = None
    until: str | None = None

    @property
    def seen_rule(self) -> str:
        """Return the predicate over the events that say that somebody saw it."""
        word = "survey" if self.kind == "question" else "message"
        return f"event = '{word} seen' and {word} = '{self.id}'"

    @property
    def done_rule(self) -> str:
        """Return the predicate over the events that say that somebody answered, or followed its link."""
        if self.kind == "question":
            return f"event = 'survey answered' and survey = '{self.id}'"
        return f"event = 'message clicked' and message = '{self.id}'"


@dataclass(frozen=True)
class KeptAsk:
    """A question or message as it is kept, with its newest document read."""

    ask: PageAsk
    record: DocumentRecord


@dataclass(frozen=True)
class OnPage:
    """An event that a page sends, and what it must say to be the one that is meant."""

    event: str
    says: Mapping[str, str]
