"""The canonical text of a value, so that the same rows give the same digest from CSV, JSONL and Parquet.

A file of texts (CSV) shows its values, a typed file (Parquet) holds them; both are brought to one text:

- nothing: null, an empty text and ``NaN``/``nan`` count as "no such column";
- truth values: ``true``, ``false`` (texts ``True``, ``TRUE``, ``False``, ``FALSE`` too);
- whole numbers: their digits; a text with a leading zero or plus is no number and stays (``007``);
- numbers with a fraction or an exponent: the shortest decimal that reads back as the same 64-bit
  float, written without exponent and without a trailing ``.0`` (``33.20`` and 33.2 are ``33.2``;
  ``1e3`` and 1000.0 are ``1000``);
- times and dates: ``@`` and microseconds since 1970 of what the clock shows, ``Z`` behind it when
  the value names a zone, and then in UTC (a date is its midnight; digits below a microsecond are cut);
- anything else: the text as it is. Lists are JSON text; fields of nested values are columns ``outer.inner``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.collect.numbers import flags, is_text
from pathworth.collect.times import NO_ZONE, read_iso
from pathworth.store import TextMark, text_marks

NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$"
_TRUE, _FALSE = ("True", "TRUE"), ("False", "FALSE")


SAMPLED = 4096


def canonical_columns(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """Return every column as ``row_digests`` takes it, columns that hold nothing left out.

    Times are left to it, since it writes their text itself, without making a column of texts.
    """
    found = {
        name: microseconds(column) if pa.types.is_timestamp(column.type) else canonical(column)
        for name, column in columns.items()
        if column.null_count < len(column)
    }
    return {name: texts for name, texts in found.items() if texts.null_count < len(texts)}


def canonical(column: pa.Array) -> pa.Array:
    """Return a column as canonical text, dictionary-encoded where its values repeat; then each is worked on once.

    Parameters
    ----------
    column
        Any Arrow array; null stays null.
    """
    if pa.types.is_nested(column.type):
        column = json_texts(column)
    if not repeats(column):
        return canonical_values(column)
    coded = encoded(column)
    return recoded(coded, canonical_values(coded.dictionary))


def repeats(column: pa.Array) -> bool:
    """Return whether values come again and again in the first rows of a column."""
    if pa.types.is_dictionary(column.type):
        return True
    tried = column.slice(0, SAMPLED)
    return 2 * len(tried.unique()) <= len(tried)


def recoded(coded: pa.DictionaryArray, values: pa.Array) -> pa.DictionaryArray:
    """Return a coded column with other values, one for each that it had; a null among them becomes null rows."""
    codes = coded.indices
    if values.null_count:
        codes = pc.if_else(values.is_valid().take(codes), codes, None)
    return pa.DictionaryArray.from_arrays(codes, values.fill_null(""))


def microseconds(values: pa.Array) -> pa.Array:
    """Return times of whole microseconds, digits below them cut."""
    return values.cast(pa.timestamp("us", values.type.tz), safe=False)


def encoded(column: pa.Array) -> pa.DictionaryArray:
    """Return a column dictionary-encoded with a dictionary no longer than the column."""
    if pa.types.is_nested(column.type):
        column = json_texts(column)
    if pa.types.is_dictionary(column.type):
        if len(column.dictionary) <= len(column):
            return column
        column = column.dictionary_decode()
    return column.dictionary_encode()


def json_texts(column: pa.Array) -> pa.Array:
    """Return nested values as compact JSON texts."""
    return pa.array(
        [None if row is None else _json(row) for row in column.to_pylist()], pa.string()
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode()


def canonical_values(values: pa.Array) -> pa.Array:
    """Return values as canonical texts; those that count as nothing are null."""
    kind = values.type
    if is_text(values):
        return _texts(values)
    if pa.types.is_timestamp(kind):
        zoned = kind.tz is not None
        return _join("@", microseconds(values).cast(pa.int64()).cast(pa.string()), "Z" * zoned)
    if pa.types.is_date(kind):
        wall = values.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        return _join("@", wall.cast(pa.string()), "")
    if pa.types.is_floating(kind):
        known = pc.if_else(pc.is_nan(values), None, values)
        return _plain(known.cast(pa.string()))
    if pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _texts(binary_texts(values))
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return values.cast(pa.string())
    return _texts(values.cast(pa.string()))


def binary_texts(values: pa.Array) -> pa.Array:
    """Return bytes as texts where all of them are UTF-8, else as hexadecimal digits."""
    try:
        return values.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([None if v is None else v.hex() for v in values.to_pylist()], pa.string())


def _texts(values: pa.Array) -> pa.Array:
    """Return texts with those that show a number, a truth value or a time brought to their canonical form."""
    marks = text_marks(values)
    values = _replace(values, np.flatnonzero(marks & TextMark.DATED), _times)
    return _replace(values, np.flatnonzero(marks & TextMark.VALUE), _words)


def _words(texts: pa.Array) -> pa.Array:
    """Return texts with numbers, truth values and words for nothing in their canonical form."""
    texts = texts.cast(pa.large_string())
    nothing = pc.is_in(texts, pa.array(["", "nan", "NaN"], pa.large_string()))
    texts = pc.if_else(nothing, None, texts)
    texts = pc.if_else(_among(texts, _TRUE), "true", texts)
    texts = pc.if_else(_among(texts, _FALSE), "false", texts)
    return _numbers(texts)


def _among(values: pa.Array, texts: tuple[str, ...]) -> pa.Array:
    return pc.is_in(values, pa.array(texts, pa.large_string()))


def _replace(values: pa.Array, rows: NDArray[np.int64], change: Any) -> pa.Array:
    """Return the texts with those in ``rows`` changed."""
    if len(rows) == 0:
        return values
    mask = np.zeros(len(values), dtype=np.bool_)
    mask[rows] = True
    changed = change(values.take(pa.array(rows)))
    return pc.replace_with_mask(values, pa.array(mask), changed.cast(values.type))


def _times(texts: pa.Array) -> pa.Array:
    read = read_iso(texts)
    named = read.offset_us != NO_ZONE
    us = pa.array(read.wall_us - np.where(named, read.offset_us, 0)).cast(pa.string())
    shown = pc.if_else(pa.array(named), _join("@", us, "Z"), _join("@", us, ""))
    return pc.if_else(pa.array(read.ok), shown.cast(texts.type), texts)


def _numbers(texts: pa.Array) -> pa.Array:
    shown = pc.match_substring_regex(texts, NUMBER)
    broken = pc.match_substring_regex(texts, r"[.eE]")
    number = pc.and_(shown, broken)
    values = pc.if_else(number, texts, None).cast(pa.float64())
    number = pc.and_(number, pc.fill_null(pc.is_finite(values), fill_value=False))
    plain = _plain(values.cast(pa.string())).cast(pa.large_string())
    texts = pc.if_else(number, plain, texts)
    return pc.if_else(pc.equal(texts, "-0"), "0", texts)


def _plain(texts: pa.Array) -> pa.Array:
    """Return the texts of floats without exponent and without the minus of zero."""
    texts = pc.if_else(pc.equal(texts, "-0"), "0", texts)
    rows = np.flatnonzero(flags(pc.match_substring(texts, "e")))
    if len(rows) == 0:
        return texts
    mask = np.zeros(len(texts), dtype=np.bool_)
    mask[rows] = True
    long = [format(Decimal(text), "f") for text in texts.take(pa.array(rows)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(long, texts.type))


def _join(before: str, texts: pa.Array, after: str) -> pa.Array:
    return pc.binary_join_element_wise(
        pa.scalar(before, texts.type),
        texts,
        pa.scalar(after, texts.type),
        pa.scalar("", texts.type),
    )
