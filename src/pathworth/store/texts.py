"""Hashes of texts: which group an entity falls into, and the 128-bit digest that tells two rows apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import IntFlag

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.kernels.rows import hash as kernels
from pathworth.kernels.rows.intern import renumber
from pathworth.store.contracts import Shard

HIGH_SEED = 0x5041544857525448
LOW_SEED = 0x6A6F75726E657973


class TextMark(IntFlag):
    """What a text may be, at a first look: all that is not marked needs no second one."""

    EMPTY = kernels.EMPTY
    EDGE = kernels.EDGE
    SHORT = kernels.SHORT
    VALUE = kernels.VALUE
    DATED = kernels.DATED


def text_buffers(texts: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the UTF-8 bytes of a string array and int64[n + 1] of where each text begins; nothing is copied.

    Parameters
    ----------
    texts
        Array of type ``string`` or ``large_string``; a null is an empty text.
    """
    if not pa.types.is_large_string(texts.type):
        texts = texts.cast(pa.large_string())
    _, offsets, data = texts.buffers()
    if offsets is None or len(texts) == 0:
        return np.zeros(0, dtype=np.uint8), np.zeros(len(texts) + 1, dtype=np.int64)
    places = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    held = np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, dtype=np.uint8)
    return held, places


def hash64(texts: pa.Array | Sequence[str], seed: int = 0) -> NDArray[np.uint64]:
    """Hash texts with XXH64 of their UTF-8 bytes.

    Parameters
    ----------
    texts
        Strings, plain or dictionary-encoded, as an Arrow array or a sequence.
    seed
        Seed of the hash; 0 decides groups, shards and zones.

    Returns
    -------
    uint64[n].
    """
    if not isinstance(texts, pa.Array):
        texts = pa.array(texts, pa.large_string())
    if not len(texts):
        return np.empty(0, dtype=np.uint64)  # and no kernel is read for it while modules load
    if pa.types.is_dictionary(texts.type):
        places: NDArray[np.int64] = texts.indices.to_numpy(zero_copy_only=False)
        return np.asarray(hash64(texts.dictionary, seed)[places], dtype=np.uint64)
    data, offset = text_buffers(texts)
    out = np.empty(len(texts), dtype=np.uint64)
    kernels.xxh64(data, offset, np.uint64(seed), out)
    return out


def ids_in(shard: Shard) -> pa.Array:
    """Return the raw ids of a shard's entities as Arrow texts; nothing is copied."""
    letters, offset = np.ascontiguousarray(shard.id_bytes), np.ascontiguousarray(shard.id_offset)
    buffers = (pa.py_buffer(offset), pa.py_buffer(letters))
    return pa.LargeStringArray.from_buffers(shard.entities, *buffers)


def places_in(shard: Shard, ids: pa.Array | Sequence[str]) -> NDArray[np.int64]:
    """Return int64[n]: the place of each entity in a shard, by raw ids; -1 for who is not in it."""
    if not isinstance(ids, pa.Array):
        ids = pa.array(ids, pa.large_string())
    return _find(shard, hash64(ids), text_buffers(ids))


def places_of(shards: Sequence[Shard], id_: str) -> Iterator[tuple[int, int]]:
    """Yield the number of each shard that holds an entity, and its place there; shards without its group are passed."""
    ids = pa.array([id_], pa.large_string())
    hashes, letters = hash64(ids), text_buffers(ids)
    group = int(group_of(hashes)[0])
    for number, shard in enumerate(shards):
        if shard.group_start[group] < shard.group_start[group + 1]:
            place = int(_find(shard, hashes, letters)[0])
            if place >= 0:
                yield number, place


def _find(
    shard: Shard, hashes: NDArray[np.uint64], letters: tuple[NDArray[np.uint8], NDArray[np.int64]]
) -> NDArray[np.int64]:
    """Return int64[n]: the place of each id in a shard, by its hash and its letters; -1 for who is not in it."""
    (data, offset), out = letters, np.empty(len(hashes), dtype=np.int64)
    known = (shard.group_start, shard.id_bytes, shard.id_offset)
    kernels.find_ids(hashes, data, offset, *known, out)
    return out


def order_of(shards: Sequence[Shard], places: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return uint64[n]: what puts entities in one order, wherever they lie: the hashes of their ids.

    Parameters
    ----------
    shards
        All shards.
    places
        int64[n, 2]: the shard of each entity, and its place there.
    """
    out = np.empty(len(places), dtype=np.uint64)
    for number in np.unique(places[:, 0]).tolist():
        mine, shard = np.flatnonzero(places[:, 0] == number), shards[number]
        out[mine] = hash64(ids_in(shard).take(pa.array(places[mine, 1])))
    return out


def group_of(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the group, 0 to 63, of each 64-bit hash: its top 6 bits."""
    return (hashes >> np.uint64(58)).astype(np.int64)


def text_digests(texts: pa.Array) -> pa.Array:
    """Return the 128-bit digest of each text (a message id), as ``fixed_size_binary[16]``."""
    return join_digests(hash64(texts, HIGH_SEED), hash64(texts, LOW_SEED))


def text_marks(texts: pa.Array) -> NDArray[np.uint8]:
    """Return uint8[n]: the marks of each text, 0 for a null.

    ``EMPTY`` is certain. ``EDGE`` may have blanks around it, ``SHORT`` is up to four bytes, ``VALUE`` may show a
    number with a fraction or exponent, a truth value or nothing, and ``DATED`` a time.

    Parameters
    ----------
    texts
        Array of type ``string`` or ``large_string``.
    """
    out = np.empty(len(texts), dtype=np.uint8)
    kernels.mark_texts(*text_buffers(texts), out)
    if texts.null_count:
        out[texts.is_null().to_numpy(zero_copy_only=False)] = 0
    return out


def row_digests(columns: Mapping[str, pa.Array]) -> pa.Array:
    """Return the 128-bit digest of each raw row, as ``fixed_size_binary[16]``.

    Parameters
    ----------
    columns
        Every column of the file as text by its name in the file, before any mapping; plain or
        dictionary-encoded (faster where values repeat). Times of whole microseconds stand for the text
        ``@`` and their number, ``Z`` behind it where they have a zone. The order of columns does not
        matter, and a null is the same as no column.
    """
    rows = len(next(iter(columns.values())))
    words = [np.full(rows, seed, dtype=np.uint64) for seed in (HIGH_SEED, LOW_SEED)]
    for name in sorted(columns):
        _mix(columns[name], name, words)
    return join_digests(words[0], words[1])


def _mix(column: pa.Array, name: str, words: Sequence[NDArray[np.uint64]]) -> None:
    """Mix a column into both words of every row's digest."""
    seeds = np.array([HIGH_SEED, LOW_SEED], dtype=np.uint64)
    salts = np.array([hash64([name], int(seed))[0] for seed in seeds], dtype=np.uint64)
    if pa.types.is_timestamp(column.type):
        us = column.cast(pa.int64()).fill_null(0).to_numpy()
        zoned = np.uint8(column.type.tz is not None)
        kernels.mix_times(us, _held(column), zoned, seeds, salts, words[0], words[1])
        return
    coded = encoded(column) if pa.types.is_dictionary(column.type) else None
    for seed, salt, out in zip(seeds, salts, words, strict=True):
        if coded is None:
            kernels.mix_texts(*text_buffers(column), _held(column), seed, salt, out)
        else:
            kernels.mix_column(hash64(coded[0], int(seed)), coded[1], salt, out)


def _held(column: pa.Array) -> NDArray[np.uint8]:
    """Return uint8[n]: 1 where a column holds something."""
    if not column.null_count:
        return np.ones(len(column), dtype=np.uint8)
    held: NDArray[np.bool_] = column.is_valid().to_numpy(zero_copy_only=False)
    return held.view(np.uint8)


def content_hashes(columns: Mapping[str, pa.Array]) -> NDArray[np.uint64]:
    """Return uint64[n]: one hash of everything that a row says, to see whether a retry differs."""
    rows = len(next(iter(columns.values())))
    out = np.full(rows, HIGH_SEED, dtype=np.uint64)
    for name in sorted(columns):
        dictionary, codes = encoded(columns[name])
        kernels.mix_column(hash64(dictionary, HIGH_SEED), codes, hash64([name], HIGH_SEED)[0], out)
    return out


def encoded(texts: pa.Array) -> tuple[pa.Array, NDArray[np.int32]]:
    """Return the distinct texts of an array, and int32[n] of which each row holds, -1 where null."""
    if not pa.types.is_dictionary(texts.type):
        if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
            texts = texts.cast(pa.string())
        texts = texts.dictionary_encode()
    codes = texts.indices
    if codes.null_count:
        codes = pc.fill_null(codes, -1)
    return texts.dictionary, codes.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)


def join_digests(high: NDArray[np.uint64], low: NDArray[np.uint64]) -> pa.Array:
    """Return two uint64[n] as one array of ``fixed_size_binary[16]``, the high word first, big-endian."""
    words = np.empty((len(high), 2), dtype=">u8")
    words[:, 0], words[:, 1] = high, low
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(high), [None, pa.py_buffer(words)]
    )


def split_digests(digests: pa.Array) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the high and the low word of 128-bit digests, uint64[n] each."""
    held = np.frombuffer(digests.buffers()[1], dtype=">u8")
    words = held[2 * digests.offset : 2 * (digests.offset + len(digests))].reshape(-1, 2)
    return words[:, 0].astype(np.uint64), words[:, 1].astype(np.uint64)


def as_first_seen(column: pa.Array) -> pa.Array:
    """Return a coded column with exactly the values that rows hold, in the order in which they are first held."""
    if not pa.types.is_dictionary(column.type):
        return column
    values, codes = encoded(column)
    new, order = np.full(len(values), -1, dtype=np.int32), np.empty(len(values), dtype=np.int32)
    out = np.empty_like(codes)
    distinct = renumber(codes, new, order, out)
    held = values.take(pa.array(order[:distinct]))
    return pa.DictionaryArray.from_arrays(pa.array(out, mask=out < 0), held)
