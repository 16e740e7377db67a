"""Named rules that a question must keep, each with its code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from pathworth.base.durations import Duration, to_us
from pathworth.base.errors import NotSupported, UnknownName, WrongUsage
from pathworth.base.predicate import Column
from pathworth.journeys import EventFields, Field, Journeys, Slicing, Step, TraitFields
from pathworth.measure.contracts import Counted, FunnelTimes, Mode, Order, PeriodWord, Times
from pathworth.measure.funnels import words
from pathworth.store import Snapshot

MOST_STEPS = 64
SESSION_GAP = "30m"


StepWord = words.StepWord


def as_steps(asked: Sequence[StepWord], snapshot: Snapshot) -> tuple[Step, ...]:
    """Return steps from event names, several with | between them, ``name := predicate``, or objects with both.

    Raises
    ------
    WrongUsage
        ``NO_STEPS`` without any, ``TOO_MANY_STEPS`` above 64, ``BAD_STEP`` for what cannot be read.
    UnknownName
        ``UNKNOWN_EVENT`` with near names.
    NotSupported
        ``STEP_WITHOUT_RULE`` for a step that nothing observed speaks of.
    """
    if not asked:
        raise WrongUsage("NO_STEPS", "There are no steps.", "Name at least one event or step.")
    if len(asked) > MOST_STEPS:
        raise WrongUsage(
            "TOO_MANY_STEPS",
            f"{len(asked)} steps are asked for, and at most {MOST_STEPS} can be.",
            "Leave some out, or join steps with or.",
        )
    return tuple(as_step(word, snapshot) for word in asked)


def as_step(word: StepWord, snapshot: Snapshot) -> Step:
    """Return one step; raises as ``as_steps``."""
    if isinstance(word, Step):
        return word
    if not isinstance(word, str):
        if word.rule is None:
            raise NotSupported(
                "STEP_WITHOUT_RULE",
                f"Nothing observed says who takes {word.name!r}.",
                "Give the step a rule, or leave it out.",
            )
        return Step(word.name, word.rule)
    if word in snapshot.names:
        return Step(word, name_rule(word))
    read = words.read_body(word)
    if read.rule is not None:
        return Step(read.name or read.rule, read.rule)
    for name in read.names:
        check_event(name, snapshot)
    return words.one_of([Step(name, name_rule(name)) for name in read.names])


def name_rule(name: str) -> str:
    """Return the predicate of an event's name."""
    return "event = '" + name.replace("'", "''") + "'"


def check_event(name: str, snapshot: Snapshot) -> None:
    """Refuse an event that is not there.

    Raises
    ------
    UnknownName
        ``UNKNOWN_EVENT`` with near names.
    """
    if name not in snapshot.names:
        raise UnknownName.near("event", name, snapshot.names)


def check_window(within: Duration | None) -> int | None:
    """Return a window in microseconds, null for none.

    Raises
    ------
    WrongUsage
        ``EMPTY_WINDOW`` when it is not longer than nothing, ``BAD_DURATION`` when it is no duration.
    """
    if within is None:
        return None
    window = to_us(within)
    if window <= 0:
        raise WrongUsage("EMPTY_WINDOW", "The window is empty.", "Write a time such as 30m or 7d.")
    return window


def check_cut(journeys: Journeys, gap: Duration | None) -> Slicing:
    """Return what journeys are cut into: the units of the selection, else sessions by a pause.

    Raises
    ------
    WrongUsage
        ``EMPTY_GAP`` when the pause is not longer than nothing, ``BAD_DURATION`` when it is no duration,
        ``TWO_UNITS`` for a pause beside units of the selection.
    """
    if journeys.slicing is None:
        pause = to_us(SESSION_GAP if gap is None else gap)
        if pause <= 0:
            raise WrongUsage("EMPTY_GAP", "The gap is empty.", "Write a time such as 30m.")
        return Slicing("session", gap_us=pause)
    if gap is not None:
        raise WrongUsage(
            "TWO_UNITS",
            "The selection says what journeys are cut into, and a pause is given too.",
            "Leave one of the two out.",
        )
    return journeys.slicing


def check_period(journeys: Journeys) -> None:
    """Refuse a period that ends before it begins.

    Raises
    ------
    WrongUsage
        ``EMPTY_PERIOD``.
    """
    if journeys.period.from_us >= journeys.period.to_us:
        raise WrongUsage(
            "EMPTY_PERIOD", "The period ends before it begins.", "Exchange its two dates."
        )


def check_whole(journeys: Journeys) -> None:
    """Refuse sessions and held keys where a question is about the whole time of an entity.

    Raises
    ------
    NotSupported
        ``NEEDS_WHOLE_JOURNEYS``.
    """
    if journeys.slicing is not None:
        raise NotSupported(
            "NEEDS_WHOLE_JOURNEYS",
            "What happens period by period is a matter of whole journeys, not of parts of them.",
            "Ask of=person, without holding.",
        )


def check_order(order: str) -> None:
    """Refuse an order of steps that is none of ordered, strict, any: ``UNKNOWN_ORDER``."""
    _one_of("order", order, get_args(Order))


def check_period_word(period: str) -> None:
    """Refuse a period that is none of day, week, month: ``UNKNOWN_PERIOD``."""
    _one_of("period", period, get_args(PeriodWord))


def check_mode(mode: str) -> None:
    """Refuse a mode that is none of calendar, rolling, unbounded: ``UNKNOWN_MODE``."""
    _one_of("mode", mode, get_args(Mode))


def check_nth(nth: int, *, mode: str) -> None:
    """Refuse an n-th start that nobody can have.

    Raises
    ------
    WrongUsage
        ``NOT_ONCE`` below 1, and above what a journey can hold.
    NotSupported
        ``RECURRING_HAS_NO_NTH`` for another than the first where everybody begins in every period.
    """
    if not 1 <= nth < 2**31:
        raise WrongUsage("NOT_ONCE", f"nth is {nth}.", "Say 1 for the first, 4 for the fourth.")
    if mode == "recurring" and nth > 1:
        raise NotSupported(
            "RECURRING_HAS_NO_NTH",
            "Recurring cohorts take everybody who begins in a period, whether for the first time or not.",
            "Leave nth out, or ask another mode.",
        )


def check_money(money: str) -> bool:
    """Return whether money is wanted; ``UNKNOWN_MONEY`` when it is none of none, value."""
    _one_of("money", money, ("none", "value"))
    return money == "value"


def check_times(times: str) -> None:
    """Refuse times that are none of mean, quantiles: ``UNKNOWN_TIMES``."""
    _one_of("times", times, get_args(Times))


def check_funnel_times(times: str) -> None:
    """Refuse times of a funnel that are none of none, quantiles, survival: ``UNKNOWN_TIMES``."""
    _one_of("times", times, get_args(FunnelTimes))


def check_medians(times: str) -> bool:
    """Return whether median times are wanted; ``UNKNOWN_TIMES`` when they are none of none, quantiles."""
    _one_of("times", times, ("none", "quantiles"))
    return times == "quantiles"


def check_by_from(by_from: str, known: Sequence[str]) -> None:
    """Refuse parts from what is neither trait nor property: ``UNKNOWN_BY_FROM``."""
    _one_of("by_from", by_from, known)


def check_count(count: str) -> None:
    """Refuse to count what is none of entities, occurrences: ``UNKNOWN_COUNT``."""
    _one_of("count", count, get_args(Counted))


def _one_of(what: str, word: str, known: Sequence[str]) -> None:
    if word not in known:
        raise UnknownName.near(what, word, known)


def split_column(name: str, snapshot: Snapshot) -> Field:
    """Return the property that splits moves.

    Raises
    ------
    UnknownName
        ``UNKNOWN_COLUMN`` with near names.
    NotSupported
        ``BY_NEEDS_VALUES`` for a column of numbers or times.
    """
    return _coded(EventFields(snapshot).find(Column(name)))


def split_trait(name: str, snapshot: Snapshot) -> Field:
    """Return the trait that splits entities; raises as ``split_column``, with ``UNKNOWN_TRAIT``."""
    return _coded(TraitFields(snapshot).find(Column(name)))


def _coded(field: Field) -> Field:
    if not field.coded:
        raise NotSupported(
            "BY_NEEDS_VALUES",
            f"{field.name!r} holds {field.kind}, which has too many values to split by.",
            "Split by a text or a flag, or ask once per range with where.",
        )
    return field


def check_matrix(states: int, most: int) -> None:
    """Refuse to split the moves of too many events.

    Raises
    ------
    NotSupported
        ``TOO_MANY_EVENTS``.
    """
    if states > most:
        raise NotSupported(
            "TOO_MANY_EVENTS",
            f"Moves among {states} events cannot be split; {most} is the most.",
            "Name the steps that matter, or keep fewer events with steps of a map.",
        )


def check_chosen(chosen: Sequence[str], names: Sequence[str], *, most: int) -> None:
    """Refuse to choose what is not there, or more than one pass can hold.

    Raises
    ------
    UnknownName
        ``UNKNOWN_EVENT``.
    NotSupported
        ``TOO_MANY_EVENTS``.
    """
    for name in chosen:
        if name not in names:
            raise UnknownName.near("event", name, names)
    if len(set(chosen)) > most:
        raise NotSupported(
            "TOO_MANY_EVENTS",
            f"{len(set(chosen))} events are chosen; {most} is the most.",
            "Choose fewer, and ask again for the others.",
        )


def check_page(offset: int, limit: int | None) -> None:
    """Refuse a page that begins before the first row or has none.

    Raises
    ------
    WrongUsage
        ``BAD_PAGE``.
    """
    if offset < 0 or (limit is not None and limit < 1):
        raise WrongUsage(
            "BAD_PAGE",
            f"There is no page of {limit} from {offset}.",
            "Begin at 0, take at least 1.",
        )
