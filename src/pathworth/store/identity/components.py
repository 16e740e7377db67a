"""Persons are the connected components of the links that stand; what looks wrong joins nobody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.store.texts import text_buffers

SURE = 0.95
"""A link below this joins nobody: one merge in twenty that is wrong mixes two people's journeys, which is worse than
two halves of one; it is kept and shown as a possible match with its probability."""
MOST_IDS = 500
"""A person of more ids than this is none. A browser that forgets its cookie every week makes 52 ids a year, three
devices over three years are 470; beyond that it is a program, or many people behind one id."""
MOST_TOLD = 3
"""An id that was told to be more than so many others is shared: a kiosk, a family's tablet, a support mailbox. In one
office kiosk four to nine people sign in; one person with four logins on one device is much rarer."""
NOBODY_IDS = frozenset(
    [
        "0",
        "-1",
        "true",
        "false",
        "null",
        "none",
        "nil",
        "nan",
        "n/a",
        "na",
        "undefined",
        "unknown",
        "anonymous",
        "anon",
        "guest",
        "visitor",
        "user",
        "customer",
        "id",
        "distinct_id",
        "distinctid",
        "anonymous_id",
        "anonymousid",
        "user_id",
        "userid",
        "email",
        "test",
        "[object object]",
        "00000000-0000-0000-0000-000000000000",
    ]
)
"""Written where a program had no id; whoever bears one is not one person. Compared in small letters."""
NOBODY, SHARED, MANY, CROWD = 1, 2, 3, 4
"""Why an id is suspect: it means nobody, was told to be many others, is linked to too many, is one of too many."""
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Joined:
    """What links make of ids.

    Parameters
    ----------
    person
        int64[n]: the code of the smallest id of each id's person; its own where nothing joins it.
    why
        uint8[n]: 0, or why an id is suspect.
    group
        int64[n]: ids that links join, too many of them or not, have the same number.
    beside
        int64[n]: to how many others each suspect id is linked by links that are sure enough.
    applied
        bool[m]: which links join.
    """

    person: Codes
    why: NDArray[np.uint8]
    group: Codes
    beside: Codes
    applied: NDArray[np.bool_]


def joined(
    ids: pa.Array,
    *,
    one: Codes,
    other: Codes,
    sure: NDArray[np.float64],
    nobody: NDArray[np.bool_],
) -> Joined:
    """Return the persons that links make.

    Parameters
    ----------
    ids
        Distinct raw ids by code.
    one, other
        int64[m]: codes of the two ids of each link that stands; ``one`` was told to be ``other``.
    sure
        float64[m]: how sure each link is, from 0 to 1.
    nobody
        bool[n]: which ids mean nobody, as ``means_nobody`` says.
    """
    size = len(ids)
    strong = (sure >= SURE) & (one != other)
    a, b = one[strong], other[strong]
    told = _others(a, b, size, above=MOST_TOLD)
    both = (np.concatenate([a, b]), np.concatenate([b, a]))
    beside = _others(*both, size, above=MOST_IDS - 1)
    why = np.zeros(size, np.uint8)
    why[beside >= MOST_IDS] = MANY
    why[told > MOST_TOLD] = SHARED
    why[nobody] = NOBODY
    applied = strong & (why[one] == 0) & (why[other] == 0)
    label = components(size, one=one[applied], other=other[applied])
    crowd = np.bincount(label, minlength=size)[label] > MOST_IDS
    odd = np.flatnonzero(why)
    beside[odd] = _distinct(*both, size, of=why != 0)[odd]
    why[crowd] = CROWD
    applied &= ~crowd[one]
    alone = np.where(crowd, np.arange(size), label)
    return Joined(_smallest(ids, alone), why, label, beside, applied)


def components(size: int, *, one: Codes, other: Codes) -> Codes:
    """Return int64[size]: the smallest code of each code's component, by hooking and jumping."""
    label = np.arange(size, dtype=np.int64)
    while True:
        a, b = label[one], label[other]
        differs = a != b
        if not differs.any():
            return label
        one, other = one[differs], other[differs]
        a, b = a[differs], b[differs]
        # The larger of two labels becomes part of the smaller one; then every code looks up its new label.
        np.minimum.at(label, np.maximum(a, b), np.minimum(a, b))
        while True:
            above = label[label]
            if (above == label).all():
                break
            label = above


def means_nobody(ids: pa.Array) -> NDArray[np.bool_]:
    """Return bool[n]: which ids are written where there is none."""
    small = pc.utf8_lower(pc.utf8_trim_whitespace(ids))
    known = pa.array(sorted({*NOBODY_IDS, ""}), small.type)
    found: NDArray[np.bool_] = pc.is_in(small, value_set=known).to_numpy(zero_copy_only=False)
    return found


def _others(one: Codes, other: Codes, size: int, *, above: int) -> Codes:
    """Return to how many others each code is linked, exactly where that is more than a number, else at most that."""
    most: Codes = np.bincount(one, minlength=size).astype(np.int64)
    # Links that are said twice are few: only where they could matter are they told apart.
    large = most > above
    if large.any():
        most[large] = _distinct(one, other, size, of=large)[large]
    return most


def _distinct(one: Codes, other: Codes, size: int, *, of: NDArray[np.bool_]) -> Codes:
    """Return how many different others some codes are linked to."""
    mine = of[one]
    pairs = np.unique(one[mine] * max(size, 1) + other[mine])
    return np.bincount(pairs // max(size, 1), minlength=size).astype(np.int64)


def _smallest(ids: pa.Array, label: Codes) -> Codes:
    """Return the code of the smallest id, by its UTF-8 bytes, that bears the same label as each.

    Ids are compared eight bytes at a time, and only those that are the smallest of their label so far.
    """
    several = np.bincount(label, minlength=len(label))[label] > 1
    left = np.flatnonzero(several)
    labels = int(np.count_nonzero(several & (label == np.arange(len(label)))))
    data, offset = text_buffers(ids)
    at, longest = 0, int(np.diff(offset).max(initial=0))
    while len(left) > labels and at < longest:
        left = _least(left, _word(data, offset, left, at), label)
        at += 8
    # What is equal so far but for zeros at its end: the shorter one comes first.
    left = _least(left, np.diff(offset)[left].astype(np.uint64), label)
    person = np.arange(len(label), dtype=np.int64)
    smallest = np.empty(len(label), np.int64)
    smallest[label[left]] = left
    person[several] = smallest[label[several]]
    return person


def _least(left: Codes, keys: NDArray[np.uint64], label: Codes) -> Codes:
    """Return those of some codes whose key is the least of their label."""
    best = np.full(len(label), np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(best, label[left], keys)
    stay: Codes = left[keys == best[label[left]]]
    return stay


def _word(data: NDArray[np.uint8], offset: Codes, codes: Codes, at: int) -> NDArray[np.uint64]:
    """Return eight bytes of some texts as numbers in the order of the bytes, zeros behind their end."""
    first, size = offset[codes] + at, offset[codes + 1] - offset[codes] - at
    word = np.zeros(len(codes), np.uint64)
    for k in range(8):
        held = size > k
        byte = np.where(held, data[np.where(held, first + k, 0)], 0)
        word = (word << np.uint64(8)) | byte.astype(np.uint64)
    return word
