"""What everybody who was asked would have answered, as an answer: raw and weighted, with what both rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathworth.journeys import AsOf
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.contracts import Interval


@dataclass(frozen=True)
class Estimated:
    """A number with its interval at 95 %; null with ``why`` beside it when there is none."""

    value: float
    interval: Interval | None
    why: str | None = None


@dataclass(frozen=True)
class AnswerShare:
    """One answer, and its share of all answers.

    Parameters
    ----------
    answer
        The text or the number that was answered.
    people
        Who gave it.
    raw
        Its share of those who answered, from 0 to 1.
    weighted
        Its share had everybody answered who was asked; null where nothing can be weighted.
    """

    answer: str | float
    people: int
    raw: Estimated
    weighted: Estimated | None


@dataclass(frozen=True)
class Mean:
    """The mean answer, in the unit of the answers: of those who answered, and had everybody who was asked."""

    raw: Estimated
    weighted: Estimated | None


@dataclass(frozen=True)
class Balance:
    """How far those who answered are from all who were asked, in one thing that was known of them.

    Parameters
    ----------
    name
        What was known.
    before, after
        Mean of those who answered less that of all who were asked, in standard deviations of all who were asked,
        without and with weights; ``after`` is null where nothing can be weighted.
    """

    name: str
    before: float
    after: float | None


@dataclass(frozen=True)
class Responses(Answer):
    """What everybody who was asked would have answered, if who did not is like who did and was known to be like them.

    Parameters
    ----------
    asked, answered
        People who were asked, and of these who gave an answer.
    empty
        People who answered and said nothing; they count among those who did not answer.
    rate
        ``answered`` of ``asked``, from 0 to 1, with Wilson's interval.
    answers
        What was answered, the most frequent first, at most 50.
    others
        How many rarer answers are not shown.
    mean
        Of numbers, and of texts that are all whole numbers; null for other texts and without answers.
    effective
        How many equally weighted answers would tell as much; null where nothing can be weighted.
    cut
        How many weights were cut to the largest that is allowed.
    known
        How many things known of people the weights rest on.
    balance
        The ten things in which those who answered were furthest from all who were asked, the furthest first.
    notes
        What to know before one believes the numbers, in sentences.
    window
        How long before the question activity counts.
    """

    asked: int
    answered: int
    empty: int
    rate: Estimated | None
    answers: tuple[AnswerShare, ...]
    others: int
    mean: Mean | None
    effective: float | None
    cut: int
    known: int
    balance: tuple[Balance, ...]
    notes: tuple[str, ...]
    window: str
    excluded: Mapping[str, int]
    as_of: AsOf

    def sheet(self) -> Sheet:
        """Return one row per answer."""
        rows = tuple(
            (one.answer, one.people, one.raw.value, one.weighted and one.weighted.value)
            for one in self.answers
        )
        drawn = ("raw",) if self.effective is None else ("raw", "weighted")
        title = f"{self.answered:,} people answered of {self.asked:,} who were asked"
        heads = ("answer", "people", "raw", "weighted")
        return Sheet(title, heads, rows, Chart("bars", "answer", drawn))
