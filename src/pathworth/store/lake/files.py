"""Files of the lake: Parquet, one for each zone of an import, rows in the order of their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pathworth.store.aside.blocks import joined, one
from pathworth.store.contracts import GROUPS
from pathworth.store.files import sync_file
from pathworth.store.texts import as_first_seen, group_of, hash64

ZONED_FROM = 1_000_000
"""Imports of at least this many rows are spread over the 64 zones; smaller ones wait in ``new``."""
ROW_GROUP = 524_288
FIXED = (
    ("seq", pa.int64()),
    ("source", pa.string()),
    ("message_id", pa.string()),
    ("digest", pa.binary()),
    ("entity", pa.string()),
    ("name", pa.string()),
    ("time", pa.timestamp("us", "UTC")),
    ("value", pa.int64()),
    ("cost", pa.int64()),
    ("currency", pa.string()),
    ("import_id", pa.int64()),
    ("content", pa.int64()),
)
_RISING = ("seq", "time")
"""Columns whose steps are small; their differences take less room than any compression of them."""
_ENCODED = {
    **dict.fromkeys(_RISING, "DELTA_BINARY_PACKED"),
    # Lengths that are all the same take no room when they lie apart from the bytes.
    **dict.fromkeys(("digest", "message_id"), "DELTA_LENGTH_BYTE_ARRAY"),
}


@dataclass(frozen=True)
class LakeFile:
    """One Parquet file of the lake, by its path inside the table."""

    path: str
    rows: int


def file_name(import_id: int, undo_id: int | None = None) -> str:
    """Return the name of an import's files; those that an undo brought back end with its number."""
    ending = "" if undo_id is None else f"-{undo_id:08d}"
    return f"import-{import_id:08d}{ending}.parquet"


class ZoneFile:
    """One file of the lake, written a row group at a time.

    Parameters
    ----------
    folder, path
        The lake's folder and the file's place in it.
    import_id
        Whose rows these are.
    columns
        Lake column of each property.
    group
        So many rows at least are a row group; null for the usual number.
    """

    def __init__(
        self,
        folder: Path,
        path: str,
        *,
        import_id: int,
        columns: Mapping[str, str],
        group: int | None = None,
    ) -> None:
        self._folder, self._path, self._import = folder, path, import_id
        self._group = group or ROW_GROUP
        self._own = {lake: name for name, lake in columns.items()}
        self._schema = pa.schema([*FIXED, *((column, pa.string()) for column in sorted(self._own))])
        self._waiting: list[pa.Table] = []
        self._out: pq.ParquetWriter | None = None
        self.rows = 0

    def add(self, rows: pa.Table) -> None:
        """Add rows in the order of their numbers.

        Parameters
        ----------
        rows
            The lake's columns but ``import_id``, properties under their own names; missing ones are null.
        """
        self._waiting.append(rows)
        self.rows += len(rows)
        if sum(len(waiting) for waiting in self._waiting) >= self._group:
            self._flush()

    def close(self) -> LakeFile | None:
        """Return the file, which is on the disk; null when there were no rows."""
        self._flush()
        if self._out is None:
            return None
        self._out.close()
        sync_file(self._folder / self._path)
        sync_file((self._folder / self._path).parent)
        return LakeFile(self._path, self.rows)

    def abandon(self) -> None:
        """Let go of a file half written."""
        try:
            if self._out is not None:
                self._out.close()
        except OSError:
            # The disk that was full still is; the files go away with the import.
            return

    def _flush(self) -> None:
        waiting = [rows for rows in self._waiting if len(rows)]
        self._waiting = []
        if not waiting:
            return
        rows = self._shaped(joined(waiting))
        if self._out is None:
            self._out = self._opened(rows)
        self._out.write_table(rows.cast(self._out.schema), row_group_size=len(rows))

    def _opened(self, rows: pa.Table) -> pq.ParquetWriter:
        """Open the file; the first rows decide which texts come as codes from then on."""
        path = self._folder / self._path
        path.parent.mkdir(parents=True, exist_ok=True)
        every = self._schema.names
        constant = ["import_id", *(["content"] if _constant(rows["content"]) else [])]
        hashes = {"digest", "content"} - set(constant)
        texts = [n for n in every if _is_text(self._schema.field(n)) and n != "message_id"]
        return pq.ParquetWriter(
            path,
            rows.schema,
            compression={n: "none" if n in hashes or n in _RISING else "zstd" for n in every},
            use_dictionary=[*texts, *constant],
            column_encoding=_ENCODED,
            write_statistics=[n for n in every if n not in hashes],
            store_schema=False,
        )

    def _shaped(self, rows: pa.Table) -> pa.Table:
        """Return the rows with exactly the columns of the file, in their types or as codes of them."""
        held = set(rows.column_names)
        arrays = {}
        for field in self._schema:
            name = self._own.get(field.name, field.name)
            if name == "import_id":
                arrays[field.name] = pa.repeat(pa.scalar(self._import, pa.int64()), len(rows))
            elif name not in held:
                arrays[field.name] = pa.nulls(len(rows), field.type)
            else:
                column = as_first_seen(one(rows[name]))
                many = pa.types.is_dictionary(column.type) and _many(column)
                arrays[field.name] = column.cast(field.type) if many else _typed(column, field)
        return pa.table(arrays)


def _is_text(field: pa.Field) -> bool:
    return bool(field.type == pa.string())


def _typed(column: pa.Array, field: pa.Field) -> pa.Array:
    """Return a column in its type, or as codes of it."""
    return column if pa.types.is_dictionary(column.type) else column.cast(field.type)


def _many(column: pa.DictionaryArray) -> bool:
    """Return whether so many values are different that codes are no help."""
    return bool(2 * len(column.dictionary) > len(column))


def _constant(column: pa.ChunkedArray) -> bool:
    """Return whether all hashes of contents are 0: ids were then hashes themselves."""
    return not column.to_numpy().any()


class LakeWriter:
    """Writes rows of one import into files of the lake, each into that of its zone.

    Rows lie in the order of their numbers in every file.
    """

    def __init__(
        self, folder: Path, import_id: int, *, columns: Mapping[str, str], zoned: bool, name: str
    ) -> None:
        self._folder, self._import, self._zoned = folder, import_id, zoned
        self._columns, self._name = dict(columns), name
        self._open: dict[str, ZoneFile] = {}

    def write(self, rows: pa.Table) -> None:
        """Write rows in the order of their numbers, with columns as ``ZoneFile.add`` takes them."""
        if not self._zoned:
            self._file("new").add(rows)
            return
        zone = group_of(hash64(one(rows["entity"]))).astype(np.uint8)
        order = np.argsort(zone, kind="stable")
        sorted_rows = rows.take(pa.array(order))
        edges = np.searchsorted(zone[order], np.arange(GROUPS + 1))
        for group in np.flatnonzero(np.diff(edges)).tolist():
            at, to = int(edges[group]), int(edges[group + 1])
            self._file(f"{group:02d}").add(sorted_rows.slice(at, to - at))

    def close(self) -> list[LakeFile]:
        """Return the files, all of them on the disk."""
        files = [file.close() for _, file in sorted(self._open.items())]
        sync_file(self._folder)
        self._open = {}
        return [file for file in files if file is not None]

    def abandon(self) -> None:
        """Let go of files half written."""
        for file in self._open.values():
            file.abandon()
        self._open = {}

    def _file(self, zone: str) -> ZoneFile:
        if zone not in self._open:
            self._open[zone] = ZoneFile(
                self._folder,
                f"zone={zone}/{self._name}",
                import_id=self._import,
                columns=self._columns,
                # All zones wait at the same time.
                group=ROW_GROUP // 16,
            )
        return self._open[zone]
