"""Personal columns as a low role sees them: texts masked, everything else of theirs not there."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, overload

from pathworth import store
from pathworth.base.errors import PathworthError, Refused, UnknownName
from pathworth.base.seeing import sees_plainly

Value = TypeVar("Value")
DOTS = "•••"
_ADDRESS = re.compile(r"[\w.+%-]+@[\w.-]+\w")


def mask(text: str) -> str:
    """Return a text of which only its first letter, and that it is an address, can be seen."""
    first = text[:1] if len(text) > 3 else ""
    return f"{first}{DOTS}@{DOTS}" if _ADDRESS.fullmatch(text) else f"{first}{DOTS}"


class Masked(Sequence[str]):
    """The texts of a dictionary, each masked when it is read."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    @overload
    def __getitem__(self, place: int, /) -> str: ...

    @overload
    def __getitem__(self, place: slice, /) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice, /) -> str | Sequence[str]:
        found = self._texts[place]
        return mask(found) if isinstance(found, str) else Masked(found)

    def __len__(self) -> int:
        return len(self._texts)


class _Without(Mapping[str, Value]):
    """A mapping of columns without some names, whatever is asked of it."""

    def __init__(self, held: Mapping[str, Value], names: Collection[str]) -> None:
        self._held, self._names = held, names

    def __getitem__(self, name: str, /) -> Value:
        if name in self._names:
            raise KeyError(name)
        return self._held[name]

    def __contains__(self, name: object, /) -> bool:
        return name not in self._names and name in self._held

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._held if name not in self._names)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Veil:
    """Masks personal columns in the snapshots that somebody with a low role is handed.

    Parameters
    ----------
    held
        The store.
    lens
        What every snapshot passes before, for everybody.
    """

    def __init__(
        self, held: store.Workspace, lens: Callable[[store.Snapshot], store.Snapshot]
    ) -> None:
        self._store, self._lens, self._lock = held, lens, threading.Lock()
        self._made: tuple[store.Snapshot, tuple[str, ...], store.Snapshot] | None = None

    def __call__(self, snapshot: store.Snapshot) -> store.Snapshot:
        """Return the snapshot as whoever asks may see it."""
        seen = self._lens(snapshot)
        if sees_plainly():
            return seen
        names = store.PrivateColumns(self._store).get().columns
        with self._lock:
            made = self._made
            if made is None or made[0] is not seen or made[1] != names:
                made = self._made = (seen, names, veiled(seen, names))
            return made[2]


def veil(held: store.Workspace, snapshot: store.Snapshot) -> store.Snapshot:
    """Return a snapshot that went through no lens, such as that of accounts, as whoever asks may see it."""
    if sees_plainly():
        return snapshot
    return veiled(snapshot, store.PrivateColumns(held).get().columns)


def veiled(snapshot: store.Snapshot, names: Sequence[str]) -> store.Snapshot:
    """Return a snapshot without some columns, of whose texts only lists and timelines say something, masked."""
    if not names:
        return snapshot
    hidden = frozenset(names)
    promoted = {name: info for name, info in snapshot.columns.items() if name in hidden}
    return replace(
        snapshot,
        # What is kept of answers by the snapshot's name must not be handed to who sees less.
        id=f"{snapshot.id}.masked",
        columns=_Without(snapshot.columns, hidden),
        traits=_Without(snapshot.traits, hidden),
        on_use=_Without(snapshot.on_use, hidden),
        masked={
            n: replace(i, values=Masked(i.values)) for n, i in promoted.items() if i.kind == "text"
        },
    )


def shown(held: store.Workspace, said: Mapping[str, str]) -> dict[str, str]:
    """Return properties of an event as whoever asks may see them."""
    if sees_plainly():
        return dict(said)
    names = store.PrivateColumns(held).get().columns
    return {name: mask(text) if name in names else text for name, text in said.items()}


def shown_text(text: str) -> str:
    """Return a text that may hold anything, such as a row that could not be read, as whoever asks may see it."""
    return text if sees_plainly() else DOTS


def shown_address(address: str | None) -> str | None:
    """Return an address that messages go to as whoever asks may see it."""
    return address if address is None or sees_plainly() else mask(address)


def told_of_private(held: store.Workspace, error: PathworthError) -> PathworthError:
    """Return what to say to somebody who asked for a column that is not theirs to see."""
    if sees_plainly() or not isinstance(error, UnknownName):
        return error
    private = store.PrivateColumns(held).get()
    asked = next((one for one in private.columns if repr(one) in error.message), None)
    if asked is None:
        return error
    return Refused(
        "PRIVATE_COLUMN",
        f"{asked!r} is personal, and your role may not ask for it.",
        f"Ask somebody with the role {private.seen_by}, or without that column.",
    )
