"""Which names and texts have codes already, and how that was before an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from pathworth.store.shards.snapshots import Manifest, read_values


@dataclass(frozen=True)
class Shape:
    """Event names by code, and the texts of every promoted property by code from 1, in their order.

    ``asked`` are the properties that became columns when they were asked for, and go on being some. ``first`` are those
    that stay promoted even where others are filled more often.
    """

    names: tuple[str, ...] = ()
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked: Sequence[str] = ()
    first: Sequence[str] = ()

    @classmethod
    def of(
        cls, manifest: Manifest | None, folder: Path | None, *, asked: Sequence[str] = ()
    ) -> Shape:
        """Return the shape of a snapshot; an empty one when there is none."""
        if manifest is None or folder is None:
            return cls()
        held = [c for c in manifest.columns if c.kind != "money" and c.promoted]
        columns = {c.name: read_values(folder, c) for c in held}
        return cls(tuple(manifest.names), columns, asked, tuple(columns))

    def ranked_anew(self) -> Shape:
        """Return the shape for files: what is promoted then does not hang on the order in which they are imported."""
        return replace(self, first=())

    def sizes(self) -> str:
        """Return how much of everything there is, as JSON: enough to find this shape again in a later one."""
        sizes = [(name, len(values)) for name, values in self.columns.items()]
        return msgspec.json.encode((len(self.names), sizes)).decode()

    def cut(self, sizes: str | None) -> Shape:
        """Return what this shape grew from; codes are only ever appended. Unknown sizes give an empty one."""
        if sizes is None:
            return Shape(asked=self.asked)
        names, columns = msgspec.json.decode(sizes, type=tuple[int, list[tuple[str, int]]])
        return Shape(
            self.names[:names],
            {name: self.columns.get(name, ())[:count] for name, count in columns},
            self.asked,
            tuple(name for name, _ in columns),
        )
