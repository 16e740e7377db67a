"""Columns as texts as they were received, coded where their values repeat."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from pathworth.collect.numbers import flags, is_text
from pathworth.collect.texts.canonical import (
    canonical_values,
    encoded,
    json_texts,
    recoded,
    repeats,
)
from pathworth.store import TextMark, text_marks


def as_received(column: pa.Array) -> pa.Array:
    """Return a column as text as received, coded where values repeat: times as ISO, numbers short, empty as null."""
    if pa.types.is_nested(column.type):
        return json_texts(column)
    if not repeats(column):
        return _shown(column)
    coded = encoded(column)
    return recoded(coded, _shown(coded.dictionary))


def _shown(values: pa.Array) -> pa.Array:
    """Return values as texts."""
    if is_text(values):
        texts = values.cast(pa.string())
        empty = (text_marks(texts) & TextMark.EMPTY) > 0
        return pc.if_else(pa.array(empty), None, texts) if empty.any() else texts
    if pa.types.is_timestamp(values.type):
        return _iso(values)
    if pa.types.is_temporal(values.type):
        return values.cast(pa.string())
    return canonical_values(values).cast(pa.string())


def each(texts: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return texts changed, coded ones by their distinct values."""
    if pa.types.is_dictionary(texts.type):
        return recoded(texts, change(texts.dictionary))
    return change(texts)


def coded(column: pa.Array) -> pa.Array:
    """Return texts coded where they repeat, so that each is read once."""
    return encoded(column) if is_text(column) and repeats(column) else column


def plain(column: pa.Array) -> pa.Array:
    """Return a column row by row, whether it was coded or not."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def row_by_row(events: pa.RecordBatch) -> pa.Table:
    """Return events with no column coded."""
    columns = {name: plain(events[name]) for name in events.schema.names}
    return pa.table(columns)


def _iso(values: pa.Array) -> pa.Array:
    """Return times as ``2024-01-31 12:00:00``, with digits below a second if any, zoned ones with Z."""
    zoned = values.type.tz is not None
    wall = values.cast(pa.timestamp("us", values.type.tz), safe=False).cast(pa.int64())
    texts = wall.cast(pa.timestamp("us")).cast(pa.string())
    texts = pc.replace_substring_regex(texts, r"\.?0{1,6}$", "") if _fractions(texts) else texts
    if not zoned:
        return texts
    return pc.binary_join_element_wise(texts, pa.scalar("Z"), pa.scalar(""))


def _fractions(texts: pa.Array) -> bool:
    return bool(flags(pc.match_substring(texts, ".")).any())


def trimmed(texts: pa.Array) -> pa.Array:
    """Return texts without blanks around them."""
    if pa.types.is_dictionary(texts.type):
        return each(texts, trimmed)
    blank = (text_marks(texts) & TextMark.EDGE).any()
    return pc.utf8_trim_whitespace(texts) if blank else texts
