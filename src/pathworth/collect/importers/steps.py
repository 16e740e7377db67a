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
    lists = _parsed_pairs(step, lists) if is_text(lists) else lists
    if not pa.types.is_list(lists.type) and not pa.types.is_large_list(lists.type):
        return columns
    count, parents = len(lists), pc.list_parent_indices(lists).to_numpy()
    items = _unwrapped(pc.list_flatten(lists))
    fields = {field.name: items.field(k) for k, field in enumerate(items.type)}
    if step.key not in fields or step.value not in fields:
        return columns
    keys, values = fields[step.key].dictionary_encode(), _one_of(fields[step.value], step.values)
    for key, places in _places(keys):
        at = np.full(count, -1, dtype=np.int64)
        at[parents[places[::-1]]] = places[::-1]
        columns[f"{step.column}.{key}"] = values.take(pa.array(at, mask=at < 0))
    return columns


def _parsed_pairs(step: Pairs, texts: pa.Array) -> pa.Array:
    """Return JSON texts as lists of keys and values; what is no such list is null."""
    inner = dict.fromkeys(step.values, "VARCHAR")
    shape = msgspec.json.encode([{step.key: "VARCHAR", step.value: inner}]).decode()
    shape = shape.replace("'", "''")
    with duckdb.connect(config={"threads": 1}) as database:
        database.register("texts", pa.table({"text": texts}))
        found = database.sql(
            f"SELECT CASE WHEN json_valid(text) THEN json_transform(text, '{shape}') END AS pairs FROM texts"
        )
        return found.to_arrow_table()["pairs"].combine_chunks()


def _unwrapped(items: pa.Array) -> pa.StructArray:
    while items.type.num_fields == 1 and items.type.field(0).name in _HIDDEN:
        items = items.field(0)
    return items


def _one_of(values: pa.Array, fields: tuple[str, ...]) -> pa.Array:
    """Return as text the first of the fields of a struct that holds something, or values that are plain."""
    if not pa.types.is_struct(values.type):
        return text_of(values)
    have = {field.name: k for k, field in enumerate(values.type)}
    texts = [text_of(pc.struct_field(values, have[name])) for name in fields if name in have]
    return pc.coalesce(*texts) if texts else pa.nulls(len(values), pa.string())


def _places(keys: pa.DictionaryArray) -> list[tuple[str, NDArray[np.int64]]]:
    """Return every key with the places where it stands."""
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
    texts = texts_in(columns[found[0]])
    with duckdb.connect(config={"threads": 1}) as database:
        database.register("texts", pa.table({"text": texts}))
        parts = [f"{_leading(paths)} AS c{k}" for k, paths in enumerate(step.take.values())]
        table = database.sql(f"SELECT {', '.join(parts)} FROM texts").to_arrow_table()
    picked = dict(zip(step.take, table.columns, strict=True))
    return columns | {name: column.combine_chunks() for name, column in picked.items()}


def _leading(paths: str) -> str:
    """Return SQL for the first of several JSON paths that leads to something."""
    parts = [path.replace("'", "''") for path in paths.split("|")]
    each = ", ".join(f"json_extract_string(text, '{path}')" for path in parts)
    return f"CASE WHEN json_valid(text) THEN coalesce({each}) END"


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
