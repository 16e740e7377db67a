"""Columns of an opened snapshot beside the promoted ones: found by name, made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol, TypeVar

from numpy.typing import NDArray

from pathworth.store.contracts import ColumnInfo, Kind, OnUse, Snapshot
from pathworth.store.shards.entries import Block

T = TypeVar("T")


class ShardFile(Protocol):
    """The blocks of a shard's file by name; ``found`` says where one lies that is not here."""

    blocks: Mapping[str, Block]
    found: str | None

    def __getitem__(self, name: str, /) -> NDArray: ...


class Carried(Sequence[NDArray]):
    """One block of the file of each shard, read when it is asked for."""

    def __init__(self, files: Sequence[ShardFile], name: str) -> None:
        self._files, self._name = files, name

    def __getitem__(self, number: Any, /) -> Any:
        """Return the block of one shard."""
        return self._files[number][self._name]

    def __len__(self) -> int:
        return len(self._files)

    def place(self, number: int) -> Block | None:
        """Return where the block lies in the file of a shard that is not here; null for one that is."""
        file = self._files[number]
        return file.blocks[self._name] if file.found is not None else None


class Followed(Sequence[NDArray]):
    """The arrays of some shards and behind them those of others; the first are read when they are asked for."""

    def __init__(self, first: Sequence[NDArray], others: Sequence[NDArray]) -> None:
        self.first, self._others = first, others

    def __getitem__(self, number: Any, /) -> Any:
        """Return the array of one shard."""
        size = len(self.first)
        return self.first[number] if number < size else self._others[number - size]

    def __len__(self) -> int:
        return len(self.first) + len(self._others)


def place_of(arrays: Sequence[NDArray] | None, number: int) -> Block | None:
    """Return where the array of a shard lies in its file; null where that file is here, or it lies elsewhere."""
    first = arrays.first if isinstance(arrays, Followed) else arrays
    return first.place(number) if isinstance(first, Carried) and number < len(first) else None


@dataclass(frozen=True)
class FurtherColumn:
    """What a column holds, and its arrays by shard; ``traits`` is null for a kind that makes none."""

    info: ColumnInfo
    columns: Sequence[NDArray]
    traits: Sequence[NDArray] | None


class Maker(Protocol):
    """Makes columns of one snapshot."""

    def there(self, name: str) -> bool:
        """Return whether the column of a property lies on the disk."""
        ...

    def make(self, name: str) -> FurtherColumn:
        """Return the column of a property, made first when it is not there."""
        ...

    def texts(self, name: str) -> FurtherColumn:
        """Return the column of a property as texts, whatever they look like."""
        ...


class Further(Mapping[str, OnUse]):
    """The properties of a snapshot that are not promoted.

    Parameters
    ----------
    kinds
        Those properties, with their kinds where known.
    carried
        Those of them whose columns lie in the shards.
    maker
        Makes the others; null when they cannot be had.
    """

    def __init__(
        self,
        kinds: Mapping[str, Kind | None],
        carried: Mapping[str, FurtherColumn],
        *,
        maker: Maker | None,
    ) -> None:
        self._maker, self._held, self._lock = maker, dict(carried), Lock()
        held = {name: one.info.kind for name, one in carried.items()}
        self._kinds = {name: held.get(name, kind) for name, kind in sorted(kinds.items())}
        self._texts: dict[str, FurtherColumn] = {}

    def __getitem__(self, name: str, /) -> OnUse:
        kind, held = self._kinds[name], self._held.get(name)
        if held is not None:
            return OnUse(held.info.kind, built=True)
        return OnUse(kind, built=self._maker is not None and self._maker.there(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    @property
    def made(self) -> tuple[str, ...]:
        """Return the properties whose columns were made or opened by now."""
        return tuple(self._held)

    @property
    def kinds(self) -> Mapping[str, Kind | None]:
        """Return the properties with their kinds where known, without looking which are columns by now."""
        return self._kinds

    def find(self, name: str) -> FurtherColumn | None:
        """Return the column of a property; null when no row holds it."""
        if name not in self._kinds:
            return None
        found = self._held.get(name)
        if found is None and self._maker is not None:
            with self._lock:
                found = self._held.get(name)
                if found is None:
                    found = self._held[name] = self._maker.make(name)
        return found

    def texts(self, name: str) -> FurtherColumn | None:
        """Return the column of a property as texts, whatever they look like; null when no row holds it."""
        found = self.find(name)
        if found is None or found.info.kind == "text" or self._maker is None:
            return found
        with self._lock:
            if name not in self._texts:
                self._texts[name] = self._maker.texts(name)
            return self._texts[name]


class Named(Mapping[str, T]):
    """Promoted columns, to be walked through, and by name the others too.

    Parameters
    ----------
    own
        What belongs to the promoted ones.
    further
        The others.
    pick
        What of a column is wanted; null where it has none.
    """

    def __init__(
        self,
        own: Mapping[str, T],
        further: Further,
        pick: Callable[[FurtherColumn], T | None],
    ) -> None:
        self._own, self._further, self._pick = own, further, pick

    def __getitem__(self, name: str, /) -> T:
        if name in self._own:
            return self._own[name]
        column = self._further.find(name)
        found = None if column is None else self._pick(column)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)

    def __contains__(self, name: object) -> bool:
        """Return whether there is such a column; none is made for that."""
        return name in self._own or name in self._further


class NamedTraits(Named[T]):
    """Traits; whether a property makes one is known only when its column is there."""

    def __contains__(self, name: object) -> bool:
        """Return whether there is such a trait; its column may be made for that."""
        return name in self._own or (isinstance(name, str) and self.get(name) is not None)


def carried_at(snapshot: Snapshot, name: str, *, place: int) -> tuple[Block | None, Block | None]:
    """Return where a column that is not promoted, and its trait, lie in the file of a shard that is not here."""
    held = snapshot.on_use.find(name) if isinstance(snapshot.on_use, Further) else None
    if held is None:
        return None, None
    return place_of(held.columns, place), place_of(held.traits, place)


def at_hand(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the columns of a snapshot that are there: promoted, or made when somebody asked for them."""
    made = snapshot.on_use.made if isinstance(snapshot.on_use, Further) else ()
    return (*snapshot.columns, *made)
