"""What to know before one believes weighted answers, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from pathworth.measure.responses.answer import Balance
from pathworth.measure.responses.weighing import MOST_WEIGHT

STILL_APART = 0.1
"""Further apart than this, in standard deviations, two groups are not alike (Austin, 2009)."""
ALWAYS = (
    "Only what was known of people before they were asked is corrected for: "
    "if mood itself decides who answers, that remains."
)


@dataclass(frozen=True)
class Seen:
    """What the sentences are about.

    Parameters
    ----------
    asked, answered, empty
        People, as ``Responses`` counts them.
    cut
        How many weights were cut.
    balance
        Of everything that is known, not the largest ten alone.
    """

    asked: int
    answered: int
    empty: int
    cut: int
    balance: tuple[Balance, ...]


def notes_of(seen: Seen, *, few: int, answer: str) -> tuple[str, ...]:
    """Return the sentences, what stands in the way first.

    Parameters
    ----------
    seen
        What was found.
    few
        How many who answered, and who did not, it takes to weight.
    answer
        The property of the answers.
    """
    found = [_none(seen, few), _empty(seen, answer)]
    if found[0] is None:
        found += [_nothing_known(seen), _apart(seen.balance), _cut(seen.cut)]
    return (*(one for one in found if one is not None), ALWAYS)


def _none(seen: Seen, few: int) -> str | None:
    silent = seen.asked - seen.answered
    if seen.asked == 0:
        return "Nobody was asked."
    if seen.answered < few:
        return f"Nothing is weighted: it takes {few} people who answered, and there are {seen.answered:,}."
    if silent < few:
        return f"Nothing is weighted: it takes {few} people who did not answer, and there are {silent:,}."
    return None


def _empty(seen: Seen, answer: str) -> str | None:
    if not seen.empty:
        return None
    who = "1 person answered" if seen.empty == 1 else f"{seen.empty:,} people answered"
    return f"{who} without saying anything in {answer!r}, which counts as not answering."


def _nothing_known(seen: Seen) -> str | None:
    if seen.balance:
        return None
    return (
        "Nothing known tells those who were asked apart, so the weighted numbers are the raw ones."
    )


def _apart(balance: tuple[Balance, ...]) -> str | None:
    far = [one for one in balance if one.after is not None and abs(one.after) > STILL_APART]
    if not far:
        return None
    worst = max(far, key=lambda one: (abs(one.after or 0.0), one.name))
    rest = f"; in {len(far) - 1} more by over {STILL_APART:g}" if len(far) > 1 else ""
    return (
        f"Even weighted, those who answered differ from all who were asked in {worst.name!r}, "
        f"by {abs(worst.after or 0.0):.2f} standard deviations{rest}."
    )


def _cut(cut: int) -> str | None:
    if not cut:
        return None
    were = "1 weight was" if cut == 1 else f"{cut:,} weights were"
    return f"{were} cut to {MOST_WEIGHT:g} times the middle one, so that a few people do not decide for all."
