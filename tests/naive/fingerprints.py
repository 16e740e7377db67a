"""Texts numbered and duplicates judged with Python's own dictionaries."""

from __future__ import annotations

NEW, DUPLICATE, CONFLICTING = 0, 1, 2


def intern(texts: list[bytes], known: list[bytes]) -> tuple[list[int], list[bytes]]:
    kept = list(known)
    codes = []
    for text in texts:
        if text not in kept:
            kept.append(text)
        codes.append(kept.index(text))
    return codes, kept


def number_twins(ids: list[tuple[int, int]], files: list[int]) -> tuple[list[int], list[int]]:
    ordinals, verdicts = [], []
    counts: dict[tuple[tuple[int, int], int], int] = {}
    accepted = set()
    for one, file in zip(ids, files, strict=True):
        ordinal = counts.get((one, file), 0)
        counts[one, file] = ordinal + 1
        ordinals.append(ordinal)
        verdicts.append(DUPLICATE if (one, ordinal) in accepted else NEW)
        accepted.add((one, ordinal))
    return ordinals, verdicts


def judge(
    ids: list[tuple[int, int]], contents: list[int], known: dict[tuple[int, int], int]
) -> list[int]:
    verdicts = []
    seen = dict(known)
    for one, content in zip(ids, contents, strict=True):
        if one not in seen:
            verdicts.append(NEW)
            seen[one] = content
        else:
            verdicts.append(DUPLICATE if seen[one] == content else CONFLICTING)
    return verdicts
