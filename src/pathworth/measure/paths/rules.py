"""Named rules of questions about ways, each with its code."""

from __future__ import annotations

from collections.abc import Sequence

from pathworth.base.errors import NotSupported, UnknownName, WrongUsage
from pathworth.journeys import Step
from pathworth.measure import rules
from pathworth.store import Snapshot

MOST_DEPTH = 30
MOST_SHOWN = 1_000
MOST_LENGTH = 100
EVERY, LAST = 0, -1


def check_repeats(repeats: str) -> bool:
    """Return whether a state straight after itself is one; ``UNKNOWN_REPEATS`` when it is none of fold, keep."""
    if repeats not in {"fold", "keep"}:
        raise UnknownName.near("repeats", repeats, ("fold", "keep"))
    return repeats == "fold"


def check_count(count: str) -> bool:
    """Return whether every occurrence counts; ``UNKNOWN_COUNT`` when it is none of entities, occurrences."""
    if count not in {"entities", "occurrences"}:
        raise UnknownName.near("count", count, ("entities", "occurrences"))
    return count == "occurrences"


def check_direction(direction: str) -> int:
    """Return 1 for forward and -1 for backward; ``UNKNOWN_DIRECTION`` when it is neither."""
    if direction not in {"forward", "backward"}:
        raise UnknownName.near("direction", direction, ("forward", "backward"))
    return 1 if direction == "forward" else -1


def check_nth(which: str | None, *, every: bool, otherwise: int) -> int:
    """Return which occurrence of an anchor is meant: 1 is the first, -1 the last, 0 every one.

    Raises
    ------
    WrongUsage
        ``WHICH_OF_EVERY`` when every one counts and one is named, ``UNKNOWN_OCCURRENCE`` when it is none of first,
        last, or a number from 1.
    """
    if which is None:
        return EVERY if every else otherwise
    if every:
        raise WrongUsage(
            "WHICH_OF_EVERY",
            f"Every occurrence counts, so that {which!r} chooses none.",
            "Leave which out, or count entities.",
        )
    if which in {"first", "last"}:
        return 1 if which == "first" else LAST
    if not which.isascii() or not which.isdigit() or not int(which):
        raise WrongUsage(
            "UNKNOWN_OCCURRENCE",
            f"There is no occurrence {which!r}.",
            "Say first, last, or a number such as 2 for the second.",
        )
    return int(which)


def check_size(name: str, number: int, *, most: int) -> int:
    """Return a number from 1 to the most that a pass can hold.

    Raises
    ------
    WrongUsage
        ``BAD_SIZE``.
    """
    if not 1 <= number <= most:
        raise WrongUsage(
            "BAD_SIZE", f"{name} is {number}.", f"Say a whole number from 1 to {most:,}."
        )
    return number


def check_levels(opened: Sequence[str], *, depth: int) -> frozenset[int]:
    """Return the levels that are opened, as distances from the anchor.

    Raises
    ------
    WrongUsage
        ``UNKNOWN_LEVEL``.
    """
    known = {str(sign * level): level for level in range(depth + 1) for sign in (1, -1)}
    for one in opened:
        if one not in known:
            raise WrongUsage(
                "UNKNOWN_LEVEL", f"There is no level {one!r}.", f"Say a number from 0 to {depth}."
            )
    return frozenset(known[one] for one in opened)


def check_forward(way: int) -> None:
    """Refuse to look backward for the end of a path: ``BACKWARD_UNTIL``."""
    if way < 0:
        raise WrongUsage(
            "BACKWARD_UNTIL",
            "A path that ends at something looks forward from its anchor.",
            "Leave direction out, or exchange the anchor and the end.",
        )


def check_anchor(anchor: rules.StepWord | None) -> rules.StepWord:
    """Refuse to look around nothing: ``NO_ANCHOR``."""
    if anchor is None:
        raise WrongUsage(
            "NO_ANCHOR",
            "Around what?",
            "Name an event or a step with anchor=, such as the dearest.",
        )
    return anchor


def check_states(words: Sequence[rules.StepWord], snapshot: Snapshot) -> tuple[Step, ...] | None:
    """Return the steps that stand for events, null for events under their own names; raises as ``as_steps``.

    Raises
    ------
    WrongUsage
        ``SAME_STEP_TWICE``.
    """
    if not words:
        return None
    steps = rules.as_steps(words, snapshot)
    names = [step.name for step in steps]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise WrongUsage(
            "SAME_STEP_TWICE", f"Two steps are called {twice!r}.", "Give one of them another name."
        )
    return steps


def check_cells(cells: int, *, most: int) -> None:
    """Refuse an answer with more cells than a pass can hold.

    Raises
    ------
    NotSupported
        ``TOO_MANY_STATES``.
    """
    if cells > most:
        raise NotSupported(
            "TOO_MANY_STATES",
            f"{cells:,} moves between shown states are asked for; {most:,} is the most.",
            "Show fewer states, open fewer levels, or walk less deep.",
        )
