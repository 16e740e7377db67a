"""What whoever asks at this moment may see: personal columns as they are or masked, and of how few people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_PLAINLY: ContextVar[bool] = ContextVar("plainly", default=True)
_KEY: ContextVar[bytes] = ContextVar("key", default=b"")
_FEWEST: ContextVar[int] = ContextVar("fewest", default=0)


def sees_plainly() -> bool:
    """Return whether personal columns are shown as they are; so they are to programs and the command line."""
    return _PLAINLY.get()


@contextmanager
def masked(key: bytes = b"") -> Iterator[None]:
    """Show personal columns masked meanwhile, to this task and the threads that it asks.

    Parameters
    ----------
    key
        What digests are made with that stand for ids which are addresses.
    """
    token, before = _PLAINLY.set(False), _KEY.set(key)
    try:
        yield
    finally:
        _PLAINLY.reset(token)
        _KEY.reset(before)


def handle_key() -> bytes:
    """Return what digests are made with that stand for ids."""
    return _KEY.get()


def fewest() -> int:
    """Return of how many people a number must be at least to be said; 0 where all are, as for programs."""
    return _FEWEST.get()


@contextmanager
def at_least(people: int) -> Iterator[None]:
    """Say meanwhile nothing of fewer people, to this task and the threads that it asks."""
    token = _FEWEST.set(people)
    try:
        yield
    finally:
        _FEWEST.reset(token)
