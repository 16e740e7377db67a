"""One table of the questions that every face asks by the same word."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A question: its stage and name are Python, address, command and docs; its page is for people."""

    stage: str
    name: str
    page: str | None

    @property
    def address(self) -> str:
        """Return the path of the question under the API."""
        return f"/api/{self.stage}/{self.name}"


WORDS: tuple[Word, ...] = (
    Word("measure", "transitions", None),
    Word("measure", "funnel", None),
    Word("measure", "retention", None),
    Word("measure", "sessions", None),
    Word("atlas", "map", None),
    Word("value", "picture", "/map"),
    Word("value", "price", "/value/price"),
)
"""A page is null while the room that shows it does not exist."""
