"""What makes rows flat: key-value lists, lists of objects, JSON in text, and amounts in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.collect.importers.columns import first_text, named, text_of
from pathworth.collect.importers.contracts import DECIMALS, Each, Minor, Pairs, Pick, Step, Text
from pathworth.collect.numbers import is_text, read_decimals
from pathworth.collect.readers import RawRows
from pathworth.collect.readers.json_rows import JsonReader
from pathworth.collect.texts.canonical import json_texts

_Columns = dict[str, pa.Array]
_HIDDEN = ("list", "element", "item", "array")
"""Names that writers of Parquet put between a list and what it holds."""


def apply(step: Step, rows: RawRows) -> RawRows:
    """Return rows after a step; a column that is not there changes nothing."""
    if isinstance(step, Pairs):
        return replace(rows, columns=_pairs(step, dict(rows.columns)))
    if isinstance(step, Each):
        return _each(step, rows)
    if isinstance(step, Pick):
        return replace(rows, columns=_pick(step, dict(rows.columns)))
    if isinstance(step, Text):
        return replace(rows, columns=_text(step, dict(rows.columns)))
    return replace(rows, columns=_minor(step, dict(rows.columns)))


def _pairs(step: Pairs, columns: _Columns) -> _Columns:
    name = next((n for n in (step.column, f"{step.column}.list") if n in columns), None)
    if name is None:
        return columns
    lists = columns.pop(name)
    count = len(lists)
    read = _pairs_in_text if is_text(lists) else _pairs_in_lists
    parents, keys, values = read(step, lists)
    for key, places in _places(keys.dictionary_encode()):
        at = np.full(count, -1, dtype=np.int64)
        at[parents[places[::-1]]] = places[::-1]
        columns[f"{step.column}.{key}"] = values.take(pa.array(at, mask=at < 0))
    return columns


def _pairs_in_text(step: Pairs, texts: pa.Array) -> tuple[NDArray[np.int64], pa.Array, pa.Array]:
    """Return the rows, keys and values of the pairs in JSON texts; what is no list holds none."""
    lines = pa.table({"place": np.arange(len(texts)), "text": texts})
    found = _asked(
        f"SELECT place, {_leading('$.' + step.key, 'item')} AS key, "
        f"{_leading('|'.join('$.' + path for path in step.values), 'item')} AS value FROM "
        "(SELECT place, unnest(json_extract(text, '$[*]')) AS item FROM lines WHERE json_valid(text)) "
        "ORDER BY place",
        lines,
    )
    parents = found["place"].to_numpy()
    return parents, found["key"].combine_chunks(), found["value"].combine_chunks()


def _asked(question: str, lines: pa.Table) -> pa.Table:
    """Ask a table called ``lines`` a question, in one thread."""
    with duckdb.connect(config={"threads": 1}) as database:
        database.register("lines", lines)
        return database.sql(question).to_arrow_table()


def _pairs_in_lists(step: Pairs, lists: pa.Array) -> tuple[NDArray[np.int64], pa.Array, pa.Array]:
    """Return the rows, keys and values of the pairs in nested columns."""
    items = pc.list_flatten(lists)
    while items.type.num_fields == 1 and items.type.field(0).name in _HIDDEN:
        items = items.field(0)
    texts = [text_of(found) for path in step.values if (found := _inside(items, path)) is not None]
    keys = _inside(items, step.key)
    none = pa.nulls(len(items), pa.string())
    values = pc.coalesce(*texts) if texts else none
    return pc.list_parent_indices(lists).to_numpy(), none if keys is None else text_of(keys), values


def _inside(items: pa.Array, path: str) -> pa.Array | None:
    """Return the field of structs to which a path leads."""
    for name in path.split("."):
        if not pa.types.is_struct(items.type) or items.type.get_field_index(name) < 0:
            return None
        items = pc.struct_field(items, name)
    return items


def _places(keys: pa.DictionaryArray) -> list[tuple[str, NDArray[np.int64]]]:
    """Return every key with the places where it stands, in their order."""
    codes = keys.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable").astype(np.int64)
    ends = np.searchsorted(codes[order], np.arange(len(keys.dictionary) + 1))
    names = keys.dictionary.to_pylist()
    return [(name, order[ends[k] : ends[k + 1]]) for k, name in enumerate(names)]


def _each(step: Each, rows: RawRows) -> RawRows:
    columns = dict(rows.columns)
    found = named(step.column, columns)
    if not found:
        return rows
    parents: list[int] = []
    texts: list[str] = []
    for place, text in enumerate(texts_in(columns.pop(found[0])).to_pylist()):
        items = _items(text)
        parents += [place] * (1 + len(items))
        texts += ["", *items]
    at = pa.array(parents, pa.int64())
    elements = pa.array([text != "" for text in texts])
    fields = objects(pa.array([text or "{}" for text in texts], pa.large_string()), step.column)
    columns = {name: column.take(at) for name, column in columns.items()}
    own = columns.pop("@of", pa.nulls(len(at), pa.string()))
    columns["@of"] = pc.if_else(elements, pa.scalar(step.column), own)
    return replace(rows, row=rows.row[at.to_numpy()], columns={**columns, **fields})


def _items(text: str | None) -> list[str]:
    """Return the objects of a JSON array, each as its text."""
    if not text:
        return []
    try:
        found = msgspec.json.decode(text, type=list[msgspec.Raw])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return []
    texts = [bytes(item).decode() for item in found]
    return [text for text in texts if text.startswith("{")]


def objects(texts: pa.Array, outer: str) -> _Columns:
    """Return JSON objects in texts as columns ``outer.key``; other texts hold nothing."""
    reader, rows = JsonReader(), np.arange(len(texts), dtype=np.int64)
    texts = pc.coalesce(texts.cast(pa.large_string()), pa.scalar("{}", pa.large_string()))
    found = reader.read(texts, rows, torn={}, position=0)
    if found.torn:
        bad = np.array([torn.row for torn in found.torn])
        good = np.ones(len(texts), dtype=np.bool_)
        good[bad] = False
        texts = pc.if_else(pa.array(good), texts, "{}")
        found = reader.read(texts, rows, torn={}, position=0)
    return {f"{outer}.{name}": column for name, column in found.columns.items()}


def texts_in(column: pa.Array) -> pa.Array:
    """Return a nested column as JSON texts, any other as its text."""
    return json_texts(column) if pa.types.is_nested(column.type) else text_of(column)


def _text(step: Text, columns: _Columns) -> _Columns:
    found = named(step.column, columns)
    if not found:
        return columns
    texts = texts_in(columns.pop(found[0]))
    blank = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(texts), ""), fill_value=True)
    return {**columns, **objects(pc.if_else(blank, None, texts), step.column)}


def _pick(step: Pick, columns: _Columns) -> _Columns:
    found = named(step.column, columns)
    if not found:
        return columns
    lines = pa.table({"text": texts_in(columns[found[0]])})
    parts = [f"{_leading(paths, 'text')} AS c{k}" for k, paths in enumerate(step.take.values())]
    table = _asked(f"SELECT {', '.join(parts)} FROM lines", lines)
    picked = dict(zip(step.take, table.columns, strict=True))
    return columns | {name: column.combine_chunks() for name, column in picked.items()}


def _leading(paths: str, json: str) -> str:
    """Return SQL for the first of several paths into some JSON that leads to something."""
    parts = [path.replace("'", "''") for path in paths.split("|")]
    each = ", ".join(f"json_extract_string({json}, '{path}')" for path in parts)
    return f"CASE WHEN json_valid({json}) THEN coalesce({each}) END"


def _minor(step: Minor, columns: _Columns) -> _Columns:
    count = len(next(iter(columns.values()), ()))
    codes = pc.utf8_upper(first_text(step.currency, columns, count=count))
    scale = np.full(count, 100.0)
    for decimals, currencies in DECIMALS.items():
        scale[_among(codes, currencies.split())] = 10.0**decimals
    for spec in step.columns:
        for name in named(spec, columns):
            columns[name] = _scaled(columns[name], scale)
    return columns


def _among(codes: pa.Array, texts: list[str]) -> NDArray[np.bool_]:
    found = pc.fill_null(pc.is_in(codes, pa.array(texts, pa.string())), fill_value=False)
    return np.asarray(found.to_numpy(zero_copy_only=False))


def _scaled(column: pa.Array, scale: NDArray[np.float64]) -> pa.Array:
    """Return amounts divided; what is no number stays as it is, so that its row is refused for it."""
    texts = text_of(column)
    read = read_decimals(texts)
    amounts = text_of(pa.array(read.value / scale))
    return pc.if_else(pa.array(read.known), amounts, texts)


def flattened(rows: RawRows, steps: tuple[Step, ...]) -> RawRows:
    """Return rows after all steps; none where there were none."""
    for step in steps:
        if len(rows.row):
            rows = apply(step, rows)
    return rows


def renamed(columns: Mapping[str, pa.Array], names: Mapping[str, str]) -> _Columns:
    """Return columns with other names for some of them."""
    found = {old: new for spec, new in names.items() for old in named(spec, columns)}
    return {found.get(name, name): column for name, column in columns.items()}
