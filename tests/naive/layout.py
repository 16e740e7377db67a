"""Journeys laid out with Python's own sort."""

from __future__ import annotations

from itertools import pairwise


def rank_ids(hashes: list[int], ids: list[bytes]) -> list[int]:
    distinct = sorted(set(zip(hashes, ids, strict=True)))
    number = {pair: k for k, pair in enumerate(distinct)}
    return [number[pair] for pair in zip(hashes, ids, strict=True)]


def journeys(entity: list[int], time_us: list[int], seq: list[int]) -> list[int]:
    return sorted(range(len(entity)), key=lambda k: (entity[k], time_us[k], seq[k]))


def last_filled(offset: list[int], filled: list[int]) -> list[int]:
    return [max((k for k in range(a, b) if filled[k]), default=-1) for a, b in pairwise(offset)]
