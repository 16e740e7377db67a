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
    Word("measure", "transitions", "/explore/flow"),
    Word("measure", "funnel", "/explore/funnel"),
    Word("measure", "retention", "/explore/retention"),
    Word("measure", "sessions", "/explore/sessions"),
    Word("measure", "trends", "/explore/trends"),
    Word("measure", "lifecycle", "/explore/lifecycle"),
    Word("measure", "stickiness", "/explore/stickiness"),
    Word("measure", "cut", "/explore/flow"),
    Word("measure", "paths", "/explore/paths"),
    Word("measure", "step_matrix", "/explore/around"),
    Word("measure", "step_sankey", "/explore/around"),
    Word("measure", "variants", "/explore/variants"),
    Word("measure", "rework", "/explore/rework"),
    Word("measure", "matches", "/explore/matches"),
    Word("measure", "cohorts", "/explore/cohorts"),
    Word("measure", "separates", "/explore/separates"),
    Word("atlas", "map", None),
    Word("value", "picture", "/map"),
    Word("value", "price", "/value/price"),
)
"""A page is null while the room that shows it does not exist; ``cut`` stands at the foot of every room."""
