"""Persons are the connected components of the links that stand; what looks wrong joins nobody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

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
        "1",
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
        int64[n]: to how many others each id is linked by links that are sure enough.
    applied
        bool[m]: which links join.
    """

    person: Codes
    why: NDArray[np.uint8]
    group: Codes
    beside: Codes
    applied: NDArray[np.bool_]


def joined(ids: pa.Array, *, one: Codes, other: Codes, sure: NDArray[np.float64]) -> Joined:
    """Return the persons that links make.

    Parameters
    ----------
    ids
        Distinct raw ids by code.
    one, other
        int64[m]: codes of the two ids of each link that stands; ``one`` was told to be ``other``.
    sure
        float64[m]: how sure each link is, from 0 to 1.
    """
    size = len(ids)
    strong = (sure >= SURE) & (one != other)
    told = np.bincount(_pairs(one[strong], other[strong], size)[0], minlength=size)
    low, high = np.minimum(one, other)[strong], np.maximum(one, other)[strong]
    lows, highs = _pairs(low, high, size)
    beside = np.bincount(lows, minlength=size) + np.bincount(highs, minlength=size)
    why = np.zeros(size, np.uint8)
    why[beside >= MOST_IDS] = MANY
    why[told > MOST_TOLD] = SHARED
    why[means_nobody(ids)] = NOBODY
    applied = strong & (why[one] == 0) & (why[other] == 0)
    label = components(size, one=one[applied], other=other[applied])
    crowd = np.bincount(label, minlength=size)[label] > MOST_IDS
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


def _pairs(one: Codes, other: Codes, size: int) -> tuple[Codes, Codes]:
    """Return each pair of codes once."""
    keys = np.unique(one * max(size, 1) + other)
    return keys // max(size, 1), keys % max(size, 1)


def _smallest(ids: pa.Array, label: Codes) -> Codes:
    """Return the code of the smallest id, by its UTF-8 bytes, that bears the same label as each."""
    person = np.arange(len(label), dtype=np.int64)
    several = np.flatnonzero(np.bincount(label, minlength=len(label))[label] > 1)
    if not len(several):
        return person
    groups, place = np.unique(label[several], return_inverse=True)
    texts = ids.take(pa.array(several)).cast(pa.large_binary())
    asked = pa.table({"group": place, "id": texts}).group_by("group", use_threads=False)
    found = asked.aggregate([("id", "min")]).sort_by("group")["id_min"].combine_chunks()
    least = found.take(pa.array(place))
    mine = pc.equal(least, texts).to_numpy(zero_copy_only=False)
    smallest = np.empty(len(groups), np.int64)
    smallest[place[mine]] = several[mine]
    person[several] = smallest[place]
    return person
