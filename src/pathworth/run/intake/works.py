"""Work that a page begins and waits for: in a thread of this process, with progress, an end, and a way to cancel it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

from pathworth.base.errors import PathworthError
from pathworth.run.workspace import Workspace


@dataclass(frozen=True)
class Trouble:
    """Why a work was refused, and what to do."""

    code: str
    message: str
    hint: str


class Told(Protocol):
    """How far a work is, as a page shows it."""

    @property
    def state(self) -> str:
        """Return ``running`` until the end, and then ``done``, ``refused`` or ``cancelled``."""
        ...

    def ended(self, state: str, trouble: Trouble | None = None) -> Self:
        """Return the same as it stands at the end."""
        ...


T = TypeVar("T", bound=Told)


class _Cancelled(Exception):  # no error: a person asked for it
    """The work was cancelled."""


class Work(Generic[T]):
    """One work in a thread of this process.

    Parameters
    ----------
    now
        How far it is.
    """

    def __init__(self, now: T) -> None:
        self.now = now
        self.stop = threading.Event()

    def see(self, now: T) -> None:
        """Note how far the work is, and end it when a person asked for that."""
        if self.stop.is_set():
            raise _Cancelled
        self.now = now


class Works(Generic[T]):
    """The work of one kind of each workspace: the one that runs, or how the last one ended.

    Parameters
    ----------
    name
        What its threads are called.
    broke
        The code of an end that nobody foresaw.
    """

    def __init__(self, name: str, *, broke: str) -> None:
        self._name, self._broke = name, broke
        self._works: dict[str, Work[T]] = {}
        self._lock = threading.Lock()

    def begin(
        self,
        workspace: Workspace,
        first: T,
        *,
        work: Callable[[Work[T]], T],
        busy: Callable[[T], PathworthError],
    ) -> T:
        """Begin a work, and return how it stands.

        Parameters
        ----------
        first
            How it stands before it does anything.
        work
            Does it, and returns how it stands at its end.
        busy
            Returns the error that is raised while another one runs.
        """
        begun = Work(first)
        with self._lock:
            before = self._works.get(_key(workspace))
            if before is not None and before.now.state == "running":
                raise busy(before.now)
            self._works[_key(workspace)] = begun
        threading.Thread(target=self._run, args=(begun, work), name=self._name, daemon=True).start()
        return begun.now

    def of(self, workspace: Workspace) -> tuple[T, ...]:
        """Return the work that runs in this process, or how the last one ended; none when there was none."""
        held = self._works.get(_key(workspace))
        return () if held is None else (held.now,)

    def cancel(self, workspace: Workspace) -> tuple[T, ...]:
        """End the work that runs at its next step."""
        held = self._works.get(_key(workspace))
        if held is not None:
            held.stop.set()
        return self.of(workspace)

    def _run(self, begun: Work[T], work: Callable[[Work[T]], T]) -> None:
        try:
            begun.now = work(begun)
        except _Cancelled:
            begun.now = begun.now.ended("cancelled")
        except PathworthError as error:
            said = Trouble(error.code, error.message, error.hint)
            begun.now = begun.now.ended("refused", said)
        except Exception as error:  # noqa: BLE001  # a page waits for the end, whatever it is
            said = Trouble(self._broke, f"It broke off: {error!r}.", "Nothing was kept.")
            begun.now = begun.now.ended("refused", said)


def _key(workspace: Workspace) -> str:
    return str(workspace.store.path.resolve())
