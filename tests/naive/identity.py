"""Persons from links, by walking from id to id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pathworth.store.identity.components import MOST_IDS, MOST_TOLD, NOBODY_IDS, SURE

Said = tuple[str, str, float]


def persons(links: Sequence[Said]) -> tuple[dict[str, str], dict[str, str]]:
    """The person of every id that a link names, and why an id is suspect: links are (one, other, how sure)."""
    strong = [(a, b) for a, b, sure in links if sure >= SURE and a != b]
    told, beside = defaultdict(set), defaultdict(set)
    for a, b in strong:
        told[a].add(b)
        beside[a].add(b)
        beside[b].add(a)
    why = {}
    for one in {end for a, b, _ in links for end in (a, b)}:
        if one.strip().lower() in {*NOBODY_IDS, ""}:
            why[one] = "nobody"
        elif len(told[one]) > MOST_TOLD:
            why[one] = "shared"
        elif len(beside[one]) >= MOST_IDS:
            why[one] = "many"
    found = {}
    for one in sorted({end for a, b, _ in links for end in (a, b)}, key=str.encode):
        if one in found:
            continue
        reached, waits = set(), [one]
        while waits:
            at = waits.pop()
            if at in reached:
                continue
            reached.add(at)
            if at not in why:
                waits += [to for to in beside[at] if to not in why]
        crowd = len(reached) > MOST_IDS
        for each in reached:
            found[each] = each if crowd else one
            if crowd:
                why[each] = "crowd"
    return found, why
