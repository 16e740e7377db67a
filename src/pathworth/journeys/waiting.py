"""Whoever waits for an answer at this moment: whether they still do, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event


class Waiter:
    """One who waits for an answer.

    Attributes
    ----------
    gone
        Set when they wait no longer.
    what, share
        What is being done, in words (null while it is nothing that takes long), and the share of it that is done.
    turn
        How many such things were begun: an answer may take several.
    """

    def __init__(self) -> None:
        self.gone = Event()
        self.what: str | None = None
        self.share, self.turn = 0.0, 0

    def begin(self, what: str) -> None:
        """Say that something is begun."""
        self.what, self.share, self.turn = what, 0.0, self.turn + 1

    def tell(self, what: str, share: float) -> None:
        """Say how far it is."""
        self.what, self.share = what, share


_WAITER: ContextVar[Waiter | None] = ContextVar("waiter", default=None)


def waiter() -> Waiter | None:
    """Return who waits for what this thread works out; null where nobody said so, as in programs."""
    return _WAITER.get()


@contextmanager
def waiting(one: Waiter) -> Iterator[None]:
    """Let somebody wait meanwhile for what this task, and the threads that it asks, work out."""
    token = _WAITER.set(one)
    try:
        yield
    finally:
        _WAITER.reset(token)
