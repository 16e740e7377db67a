"""Questions and messages on pages for the faces: how many saw and answered, whether they are over, what runs."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from pathworth import act, measure
from pathworth.base.durations import to_us
from pathworth.base.errors import UnknownName
from pathworth.base.instants import to_iso
from pathworth.journeys import Journeys, Part, Step, event_mask
from pathworth.run.workspace import Workspace, text_of
from pathworth.store import Ledger

MOST_ANSWERS = 50
SEEN, DONE = "Saw it", "Answered"
_MINUTE_US = 60_000_000
_RANDOM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class AskAnswer:
    """One answer and how many people gave it; ``rule`` is the predicate over their events."""

    answer: str
    people: int
    rule: str


@dataclass(frozen=True)
class AskResults:
    """What came of a question or message.

    Parameters
    ----------
    seen, done
        People who saw it, and of these who answered it or followed its link.
    seen_rule, done_rule
        The predicates over their events, for any other question.
    answers
        Of a question: what was answered, the most frequent first, at most 50.
    mean
        Of a scale: the mean over people; null for the others, or without an answer.
    """

    seen: int
    done: int
    seen_rule: str
    done_rule: str
    answers: tuple[AskAnswer, ...] = ()
    mean: float | None = None


@dataclass(frozen=True)
class AskView:
    """A question or message as it stands.

    ``state`` is ``over`` for one that was started and has come to its own end; ``why`` says what ended or stopped it.
    ``weighted`` is what everybody who saw it would have answered: of a question with answers, where one is looked at.
    """

    ask: act.PageAsk
    state: str
    why: str | None
    revision: int
    author: str
    created: str
    started: str | None
    findings: tuple[act.ProgramFinding, ...]
    results: AskResults
    weighted: measure.Responses | None = None


@dataclass(frozen=True)
class ServedAsk:
    """A question or message as the script of a page is told it; it holds nothing of anybody's.

    Parameters
    ----------
    answers
        Of a question: its choices, the last number of its scale, or null for one's own words; empty of a message.
    when
        Events of the page on which it is shown, with what they must say; empty for when the page opens.
    wait_ms
        Milliseconds for which a browser must have been left alone.
    """

    id: str
    revision: int
    kind: str
    text: str
    answers: tuple[str, ...] | int | None
    link: str | None
    label: str | None
    page: str
    when: tuple[tuple[str, Mapping[str, str]], ...]
    share: float
    wait_ms: int


def ask_views(workspace: Workspace) -> tuple[AskView, ...]:
    """Return every question and message with what came of it, those that run first."""
    views = [_view(workspace, one) for one in act.asks(workspace.store)]
    return tuple(sorted(views, key=lambda one: (one.state != "running", one.ask.id)))


def ask_view(workspace: Workspace, id_: str) -> AskView:
    """Return one question or message with what came of it; raises ``UNKNOWN_ASK``."""
    view = _view(workspace, act.ask(workspace.store, id_))
    return replace(view, weighted=_weighted(workspace, view))


def save_ask(workspace: Workspace, file: Path, *, author: str = "") -> AskView:
    """Keep a file as the next revision of the question or message that it names."""
    kept = act.save_ask(workspace.store, act.load_ask(text_of(file)), author=author)
    return _view(workspace, kept)


@dataclass(frozen=True)
class Quiet:
    """Whether whoever sits at a browser is left alone.

    Parameters
    ----------
    rests
        Nothing at all is asked or told.
    written_ms
        Milliseconds, in whole minutes, since a program last wrote to them; null for never.
    """

    rests: bool = False
    written_ms: int | None = None


def quiet_at(workspace: Workspace, browser: str) -> Quiet:
    """Return whether whoever sits at a browser is left alone.

    Parameters
    ----------
    browser
        Its random id. Any other text, which somebody might guess, is nobody's.
    """
    if not _RANDOM.fullmatch(browser):
        return Quiet()
    now_us = time.time_ns() // 1000
    at_us, rests = Ledger(workspace.store).last_written(browser, now_us=now_us)
    if at_us is None:
        return Quiet(rests)
    return Quiet(rests, max(now_us - at_us, 0) // _MINUTE_US * _MINUTE_US // 1000)


def served_asks(workspace: Workspace, site: str) -> tuple[ServedAsk, ...]:
    """Return what runs on a site, which is named as its key is."""
    kept = [one for one in act.asks(workspace.store) if one.record.state == "running"]
    mine = [one for one in kept if one.ask.site in {None, site}]
    return tuple(_served(workspace, one) for one in mine if _over(workspace, one.ask) is None)


def _served(workspace: Workspace, kept: act.KeptAsk) -> ServedAsk:
    one = kept.ask
    return ServedAsk(
        id=one.id,
        revision=kept.record.revision,
        kind=one.kind,
        text=one.text,
        answers=_ways(one),
        link=one.link,
        label=one.label,
        page=one.page,
        when=tuple((event.event, event.says) for event in act.heard(workspace.store, one)),
        share=one.share,
        wait_ms=to_us(one.wait) // 1000,
    )


def _ways(one: act.PageAsk) -> tuple[str, ...] | int | None:
    """Return what may be answered, as the script is told it."""
    if one.kind == "message" or one.answers == "choices":
        return one.choices if one.kind == "question" else ()
    return act.LAST_OF_SCALE if one.answers == "scale" else None


def _view(workspace: Workspace, kept: act.KeptAsk) -> AskView:
    one, record = kept.ask, kept.record
    results = _results(workspace, one)
    ended = _over(workspace, one, results) if record.state == "running" else None
    return AskView(
        ask=one,
        state="over" if ended else record.state,
        why=ended or record.why,
        revision=record.revision,
        author=record.author,
        created=record.created_at,
        started=None if record.started_us is None else to_iso(record.started_us),
        findings=act.faults_of_ask(workspace.store, one),
        results=results,
    )


def _over(workspace: Workspace, one: act.PageAsk, results: AskResults | None = None) -> str | None:
    """Return what ended a question or message; null for one that goes on."""
    today = datetime.now(ZoneInfo(workspace.store.timezone)).date()
    if one.until is not None and today > date.fromisoformat(one.until):
        return f"Its last day was {one.until}."
    if one.enough is None:
        return None
    found = results or _results(workspace, one)
    came = found.done if one.kind == "question" else found.seen
    if came < one.enough:
        return None
    return f"{came} people {'answered' if one.kind == 'question' else 'saw it'}, which is enough."


def _results(workspace: Workspace, one: act.PageAsk) -> AskResults:
    """Count what came; nothing has while no event says so."""
    nothing = AskResults(0, 0, one.seen_rule, one.done_rule)
    journeys = workspace.journeys()
    if not journeys.snapshot.events:
        return nothing
    steps = [Step(SEEN, one.seen_rule), Step(DONE, one.done_rule)]
    try:
        seen, done = measure.funnel(journeys, steps, engine=workspace.engine).steps
    except UnknownName:
        return nothing
    answers = _answers(workspace, journeys, one) if one.kind == "question" else ()
    return AskResults(
        seen.entities,
        done.entities,
        one.seen_rule,
        one.done_rule,
        answers=answers[:MOST_ANSWERS],
        mean=_mean(answers) if one.answers == "scale" else None,
    )


def _weighted(workspace: Workspace, view: AskView) -> measure.Responses | None:
    """Correct the answers to a question for who did not answer; words of one's own are not counted alike."""
    one = view.ask
    if one.kind != "question" or one.answers == "words" or not view.results.answers:
        return None
    return measure.responses(
        workspace.journeys(),
        asked=one.seen_rule,
        answered=one.done_rule,
        answer="answer",
        engine=workspace.engine,
    )


def _mean(answers: tuple[AskAnswer, ...]) -> float | None:
    given = [(float(one.answer), one.people) for one in answers if one.answer.isdigit()]
    people = sum(count for _, count in given)
    return sum(score * count for score, count in given) / people if people else None


def _answers(workspace: Workspace, journeys: Journeys, one: act.PageAsk) -> tuple[AskAnswer, ...]:
    """Return the answers with how many people gave each, the most frequent first."""
    info = journeys.snapshot.columns.get("answer")
    # Where all that was ever answered are numbers, they are kept as such.
    if info is None or info.kind not in {"text", "number"}:
        return ()
    number = info.kind == "number"
    counts = workspace.engine.total(journeys, AnswersOf(one.done_rule))
    found = []
    for code, people in counts.tolist():
        text = f"{np.int64(code).view(np.float64):g}" if number else info.values[code - 1]
        said = text if number else "'" + text.replace("'", "''") + "'"
        found.append(AskAnswer(text, people, f"{one.done_rule} and answer = {said}"))
    return tuple(sorted(found, key=lambda row: (-row.people, row.answer)))


@dataclass(frozen=True)
class AnswersOf:
    """The question for people by what they answered, int64[n, 2] of the answer and its people.

    The answer is its code, or the bits of a number.
    """

    rule: str

    def fold(self, part: Part) -> NDArray[np.int64]:
        """Count the people of a part, each once for each answer."""
        low, high = int(part.offset[0]), int(part.offset[-1])
        held = event_mask(part, self.rule) != 0
        if part.keep.size:
            held &= part.keep[low:high] != 0
        at = np.flatnonzero(held) + low
        said = part.shard.columns["answer"][at]
        number = said.dtype == np.float64
        given = ~np.isnan(said) if number else said != 0
        code = said.view(np.int64) if number else said.astype(np.int64)
        owner = np.searchsorted(part.offset, at, side="right")
        once = np.unique(np.stack([owner[given], code[given]]), axis=1)[1]
        return np.stack(np.unique(once, return_counts=True), axis=1).astype(np.int64)

    def merge(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add two counts, answer by answer."""
        both = np.concatenate([left, right])
        code, place = np.unique(both[:, 0], return_inverse=True)
        people = np.zeros(len(code), np.int64)
        np.add.at(people, place, both[:, 1])
        return np.stack([code, people], axis=1)
