"""Tables of a warehouse, asked over ADBC: batches as they come, into a file that is imported as any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pathworth.base.errors import BadInput, NotSupported, Refused

_SCHEMES = ("postgresql", "postgres")


@dataclass(frozen=True)
class Fetched:
    """How many rows came, and the greatest value of the column by which the next ones are told; empty without any."""

    rows: int
    newest: str


def fetch_table(
    address: str, query: str, *, into: Path, column: str | None = None, after: str = ""
) -> Fetched:
    """Write what a query gives into a Parquet file, batch by batch.

    Parameters
    ----------
    address
        Of the database: ``postgresql://name:password@host/base``.
    query
        What is asked, in its SQL; rows come in the order in which it gives them.
    into
        The file; not written where no row comes.
    column, after
        A column that grows, and its greatest value so far: rows from that value on are asked for.

    Raises
    ------
    NotSupported
        ``NO_WAREHOUSE_DRIVER``.
    BadInput
        ``BAD_WAREHOUSE``, ``NO_CURSOR_COLUMN``.
    Refused
        ``WAREHOUSE_REFUSED`` with the words of the database.
    """
    rows, newest, writer = 0, None, None
    try:
        with _reader(address, _asked(query, column, after)) as reader:
            if column is not None and column not in reader.schema.names:
                raise BadInput(
                    "NO_CURSOR_COLUMN",
                    f"The query gives no column {column!r}.",
                    f"It gives {', '.join(reader.schema.names)}; select the one that grows too.",
                )
            for batch in reader:
                table = _plain(pa.table(batch))
                rows += len(table)
                if writer is None and len(table):
                    writer = pq.ParquetWriter(into, table.schema, compression="zstd")
                if writer is not None:
                    writer.write_table(table)
                newest = _newer(newest, batch, column)
    finally:
        if writer is not None:
            writer.close()
    return Fetched(rows, "" if newest is None else _written(newest))


@contextmanager
def _reader(address: str, query: str) -> Iterator[Any]:
    """Ask, and give what comes as batches; what the database refuses is said in its own words, without a password."""
    parts = urlsplit(address)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise BadInput(
            "BAD_WAREHOUSE",
            "That is no address of a warehouse that can be asked.",
            "Write it so: postgresql://name:password@host/base, in a variable or a file.",
        )
    try:
        import adbc_driver_manager
        from adbc_driver_postgresql import dbapi
    except ImportError as error:
        raise NotSupported(
            "NO_WAREHOUSE_DRIVER",
            "What asks warehouses is not installed.",
            "Install it: pip install 'pathworth[warehouse]'",
        ) from error
    try:
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            with cursor.fetch_record_batch() as reader:
                yield reader
    except (adbc_driver_manager.Error, pa.ArrowException) as error:
        said = " ".join(str(error).split())
        if parts.password:
            said = said.replace(parts.password, "...")
        raise Refused(
            "WAREHOUSE_REFUSED",
            f"{parts.hostname} did not answer as asked: {said[:300]}",
            "Check the address, the rights of its name, and the query.",
        ) from error


def _asked(query: str, column: str | None, after: str) -> str:
    """Return a query for the rows from a value of a column on."""
    bare = re.sub(r";\s*$", "", query.strip())
    if column is None or not after:
        return bare
    name, value = column.replace('"', '""'), after.replace("'", "''")
    # A literal takes the type of what it is compared with. On a line of its own: a query may end with a comment.
    return f"SELECT * FROM ({bare}\n) AS asked WHERE asked.\"{name}\" >= '{value}'"


def _plain(table: pa.Table) -> pa.Table:
    """Return a table whose columns every reader knows: numbers of any precision, ids and JSON as text."""
    return pa.table({name: _known(table[name]) for name in table.column_names})


def _known(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return _known(pa.chunked_array([c.storage for c in column.chunks], kind.storage_type))
    if pa.types.is_fixed_size_binary(kind) and kind.byte_width == 16:
        texts = [None if one is None else _uuid(one) for one in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return column


def _uuid(raw: bytes) -> str:
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _newer(newest: Any, batch: pa.RecordBatch, column: str | None) -> Any:
    """Return the greatest value of a column so far."""
    if column is None or not batch.num_rows:
        return newest
    held = _known(pa.chunked_array([batch[column]]))
    found = pc.max(held).as_py()
    if found is None:
        return newest
    return found if newest is None or found > newest else newest


def _written(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
