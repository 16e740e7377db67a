"""Whether whoever asks at this moment sees personal columns as they are, or masked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_PLAINLY: ContextVar[bool] = ContextVar("plainly", default=True)


def sees_plainly() -> bool:
    """Return whether personal columns are shown as they are; so they are to programs and the command line."""
    return _PLAINLY.get()


@contextmanager
def masked() -> Iterator[None]:
    """Show personal columns masked meanwhile, to this task and the threads that it asks."""
    token = _PLAINLY.set(False)
    try:
        yield
    finally:
        _PLAINLY.reset(token)
