"""Corrects the answers to a survey for who does not answer, by what was known of everybody who was asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import NotSupported, WrongUsage
from pathworth.base.predicate import Column
from pathworth.journeys import Engine, EventFields, Field, Journeys, event_rule, local_engine
from pathworth.measure import rules
from pathworth.measure.asking import as_of
from pathworth.measure.responses.answer import AnswerShare, Balance, Mean, Responses
from pathworth.measure.responses.known import STATE, WHAT, Design, Known, Rows, design
from pathworth.measure.responses.moments import EMPTY, SAID, Survey
from pathworth.measure.responses.notes import Seen, notes_of
from pathworth.measure.responses.propensity import Numbers
from pathworth.measure.responses.tally import Tally, marks_of, properties_of
from pathworth.measure.responses.weighing import Weighing, apart, raw_mean, raw_share

FEW = 50
"""With fewer who answered, or fewer who did not, nothing is weighted."""
MOST_ANSWERS, MOST_APART = 50, 10


def responses(
    journeys: Journeys,
    *,
    asked: str,
    answered: str,
    answer: str,
    engine: Engine | None = None,
    window: str = "28d",
) -> Responses:
    """Return what everybody who was asked would have answered, had all of them answered.

    It holds if those who did not answer are like those who did and were known to be like them. Known is what their
    events before the first question say, of the whole journey, and nothing later.

    Parameters
    ----------
    journeys
        Whose, and which events ask and answer.
    asked, answered
        Predicates of the events that ask, and of those that answer. People count at their first question; their answer
        is the first one at or after it that says something.
    answer
        Text or number property of the answering events that holds the answer.
    engine
        Where folds run; threads of this process unless given.
    window
        How long before the question activity counts.

    Raises
    ------
    Refused
        ``UNKNOWN_COLUMN`` for an answer that is not there, ``ANSWER_NEEDS_VALUES`` for one that is neither text nor
        number, ``EMPTY_WINDOW``, ``BAD_DURATION``; else as the rules of ``measure.rules`` say.
    """
    survey = _survey(journeys, (asked, answered), answer=answer, window=window)
    engine, snapshot = engine or local_engine(), journeys.snapshot
    properties = properties_of(snapshot, but=answer)
    counts = engine.total(journeys, Tally(survey, properties))
    marks = marks_of(counts, snapshot, properties=properties)
    rows = engine.total(journeys, Known(survey, marks)).ordered()
    field = EventFields(snapshot).find(Column(answer))
    return _told(journeys, rows, design(rows, marks, window=window), field=field, window=window)


def _survey(journeys: Journeys, predicates: tuple[str, str], *, answer: str, window: str) -> Survey:
    rules.check_period(journeys)
    rules.check_whole(journeys)
    for predicate in predicates:
        event_rule(journeys.snapshot, predicate)
    field = EventFields(journeys.snapshot).find(Column(answer))
    if field.place != "column" or field.kind not in {"text", "number"}:
        raise NotSupported(
            "ANSWER_NEEDS_VALUES",
            f"{answer!r} holds {field.kind} and no answers.",
            "Name a property of the answering events that holds texts or numbers.",
        )
    width = rules.check_window(window)
    if width is None:
        raise WrongUsage("EMPTY_WINDOW", "There is no window.", "Write a time such as 28d.")
    return Survey(*predicates, answer, field.kind == "number", width)


def _told(journeys: Journeys, rows: Rows, known: Design, *, field: Field, window: str) -> Responses:
    """Return the answer from the rows of everybody who was asked."""
    state = rows.numbers[:, STATE]
    said: NDArray[np.bool_] = state == SAID
    asked, many = len(said), int(said.sum())
    weighing = Weighing(known.z, said) if min(many, asked - many) >= FEW else None
    what = rows.numbers[said, WHAT]
    answers, others = _answers(what, field, weighing)
    balance = _balance(known, said, weighing)
    empty = int((state == EMPTY).sum())
    seen = Seen(asked, many, empty, 0 if weighing is None else weighing.cut, balance)
    return Responses(
        asked=asked,
        answered=many,
        empty=empty,
        rate=raw_share(many, asked) if asked else None,
        answers=answers,
        others=others,
        mean=_mean(_scores(what, field), weighing),
        effective=None if weighing is None else weighing.effective,
        cut=seen.cut,
        known=len(known.names),
        balance=balance[:MOST_APART],
        notes=notes_of(seen, few=FEW, answer=field.name),
        window=window,
        excluded=dict(journeys.snapshot.excluded),
        as_of=as_of(journeys),
    )


def _answers(
    what: NDArray[np.int64], field: Field, weighing: Weighing | None
) -> tuple[tuple[AnswerShare, ...], int]:
    """Return the answers that are shown, the most frequent first, and how many rarer ones there are."""
    code, place, people = np.unique(what, return_inverse=True, return_counts=True)
    given = _words(code, field)
    order = sorted(range(len(code)), key=lambda k: (-int(people[k]), given[k]))
    shown = tuple(
        AnswerShare(
            given[k],
            int(people[k]),
            raw_share(int(people[k]), len(what)),
            None if weighing is None else weighing.share(place == k),
        )
        for k in order[:MOST_ANSWERS]
    )
    return shown, len(order) - len(shown)


def _words(code: NDArray[np.int64], field: Field) -> list[str] | list[float]:
    if field.kind == "number":
        numbers: list[float] = code.view(np.float64).tolist()
        return numbers
    return [str(field.values[k - 1]) for k in code.tolist()]


def _scores(what: NDArray[np.int64], field: Field) -> Numbers | None:
    """Return float64[answered]: answers as numbers; null where one of them is none.

    One column holds the answers to all surveys, and is of texts where any of them has words to choose from.
    """
    if field.kind == "number":
        return what.view(np.float64)
    code, place = np.unique(what, return_inverse=True)
    words = [str(field.values[k - 1]) for k in code.tolist()]
    if not all(one.isascii() and one.isdigit() for one in words):
        return None
    return np.array([float(one) for one in words], np.float64)[place]


def _mean(scores: Numbers | None, weighing: Weighing | None) -> Mean | None:
    if scores is None or not len(scores):
        return None
    return Mean(raw_mean(scores), None if weighing is None else weighing.mean(scores))


def _balance(
    known: Design, said: NDArray[np.bool_], weighing: Weighing | None
) -> tuple[Balance, ...]:
    """Return how far who answered is from all who were asked in everything, the furthest before weighting first."""
    if not said.any():
        return ()
    before = apart(known.z, said).tolist()
    after = [None] * len(before) if weighing is None else weighing.apart().tolist()
    rows = [Balance(*one) for one in zip(known.names, before, after, strict=True)]
    return tuple(sorted(rows, key=lambda one: (-abs(one.before), one.name)))
