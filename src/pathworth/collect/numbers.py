"""Numbers and money written as text, read as whole columns; a row that holds no number spoils no other."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.base.money import MICRO
from pathworth.store import TextMark, text_marks

WHOLE = r"^[+-]?[0-9]{1,18}$"
DECIMAL = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
NOTHING = ("", "null", "NULL", "Null", "None", "none", "NaN", "nan", "\\N", "NA", "N/A", "n/a")
"""Texts that tools write where a value is missing; only columns with a meaning are read so."""

LARGEST = 9.0e12
"""Amounts above this many units do not fit whole micro-units in 64 bits."""

_MARKS = re.compile(r"[\s\u00a0_'’]|[A-Z]{3}|[€$£¥₹]")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_CONTINENTAL = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)|\d+,\d{1,2}")


@dataclass(frozen=True)
class Numbers:
    """A column of numbers: ``value`` [n], ``known`` where there is one, ``bad`` where it is no number."""

    value: NDArray
    known: NDArray[np.bool_]
    bad: NDArray[np.bool_]


def is_text(column: pa.Array) -> bool:
    """Return whether a column holds texts."""
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def flags(mask: pa.Array) -> NDArray[np.bool_]:
    """Return a boolean column as bool[n], null as false."""
    if mask.null_count:
        mask = pc.fill_null(mask, fill_value=False)
    found: NDArray[np.bool_] = mask.to_numpy(zero_copy_only=False)
    return found


def absent(column: pa.Array) -> NDArray[np.bool_]:
    """Return bool[n]: where a column with a meaning holds nothing."""
    if column.null_count == len(column):
        return np.ones(len(column), dtype=np.bool_)
    if pa.types.is_dictionary(column.type):
        known = np.append(absent(column.dictionary), True)
        codes: NDArray = column.indices.fill_null(-1).to_numpy()
        return np.asarray(known[codes])
    nothing = ~flags(column.is_valid())
    if not is_text(column):
        return nothing | flags(column.is_null(nan_is_null=True))
    # Every text that tools write for nothing is short; blanks around it may hide that.
    rows = np.flatnonzero(text_marks(column) & (TextMark.SHORT | TextMark.EDGE))
    if len(rows):
        shown = pc.utf8_trim_whitespace(column.take(pa.array(rows)))
        nothing[rows] = flags(pc.is_in(shown, pa.array(NOTHING, shown.type)))
    return nothing


def read_whole(column: pa.Array) -> Numbers:
    """Read whole numbers as int64[n]; a text of another shape is ``bad``."""
    return _read(column, WHOLE, pa.int64())


def read_decimals(column: pa.Array) -> Numbers:
    """Read numbers as float64[n]; a text of another shape is ``bad``."""
    return _read(column, DECIMAL, pa.float64())


def _read(column: pa.Array, shape: str, kind: pa.DataType) -> Numbers:
    nothing = absent(column)
    if nothing.all():
        none = np.zeros(len(column), dtype=kind.to_pandas_dtype())
        return Numbers(none, ~nothing, np.zeros(len(column), dtype=np.bool_))
    if is_text(column):
        column = pc.utf8_trim_whitespace(column)
        fits = flags(pc.match_substring_regex(column, shape)) & ~nothing
        column = pc.if_else(pa.array(fits), pc.utf8_ltrim(column, "+"), None).cast(kind)
    else:
        fits = ~nothing
        column = column.cast(kind, safe=False)
    value = pc.fill_null(column, pa.scalar(0, kind)).to_numpy(zero_copy_only=False)
    return Numbers(value, fits, ~fits & ~nothing)


def read_money(column: pa.Array) -> Numbers:
    """Read amounts as int64[n] micro-units, rounded half away from zero.

    Parameters
    ----------
    column
        Numbers, or texts such as ``12.5``, ``1,234.50``, ``12,50``, ``€ 1.234,50`` or ``(12.00)`` for
        minus 12.
    """
    if pa.types.is_dictionary(column.type):
        return _read_once(column)
    if pa.types.is_boolean(column.type) or pa.types.is_temporal(column.type):
        column = column.cast(pa.string())
    plain = read_decimals(column)
    amount = plain.value.copy()
    known, bad = plain.known.copy(), plain.bad.copy()
    for row in np.flatnonzero(plain.bad):
        read = _amount(column[int(row)].as_py())
        if read is not None:
            amount[row], known[row], bad[row] = read, True, False
    with np.errstate(invalid="ignore"):
        fits = np.abs(amount) < LARGEST
    bad |= known & ~fits
    known &= fits
    amount = np.where(known, amount, 0.0)
    micro = np.trunc(amount * MICRO + np.copysign(0.5, amount)).astype(np.int64)
    return Numbers(micro, known, bad)


def _read_once(column: pa.DictionaryArray) -> Numbers:
    """Read each distinct amount of a coded column once."""
    read = read_money(column.dictionary)
    codes: NDArray = column.indices.fill_null(-1).to_numpy()
    value, known, bad = (
        np.append(part, part.dtype.type(0)) for part in (read.value, read.known, read.bad)
    )
    return Numbers(value[codes], known[codes], bad[codes])


def _amount(text: str) -> float | None:
    """Return an amount with currency signs, thousands or a decimal comma as a number."""
    body = _MARKS.sub("", text)
    minus = body.startswith("-") or (body.startswith("(") and body.endswith(")"))
    body = body.strip("+-()")
    if _THOUSANDS.fullmatch(body):
        body = body.replace(",", "")
    elif _CONTINENTAL.fullmatch(body):
        body = body.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"\d+\.?\d*|\.\d+", body):
        return None
    return -float(body) if minus else float(body)
