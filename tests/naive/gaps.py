"""Slow, obvious twins of the kernels in `pathworth.kernels.gaps`, and of the count that gaps are made of."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction


def known_at(offset, codes, null, entity, place):
    """Return the last code that is not null, event by event, for every visit."""
    found = []
    for e, p in zip(entity, place, strict=True):
        said = [int(code) for code in codes[offset[e] : p + 1] if code != null]
        found.append(said[-1] if said else -1)
    return found


def done_by(offset, name, bit, entity, place):
    """Return the set of bits of the names that came before the end of each visit."""
    return [
        {int(bit[n]) for n in name[offset[e] : p + 1] if bit[n] >= 0}
        for e, p in zip(entity, place, strict=True)
    ]


def lead_to(counts):
    """Return exact shares and mean bins by cause, with fractions."""
    causes, bins = len(counts) - 1, len(counts[0])
    share = [Fraction(0)] * causes
    age = [Fraction(0)] * causes
    alive = Fraction(1)
    for b in range(bins):
        at_risk = sum(sum(int(n) for n in row[b:]) for row in counts)
        exposed = Fraction(at_risk) - Fraction(int(counts[causes][b]), 2)
        if exposed <= 0:
            continue
        parts = [alive * int(counts[c][b]) / exposed for c in range(causes)]
        for c in range(causes):
            share[c] += parts[c]
            age[c] += parts[c] * b
        alive = max(Fraction(0), alive - sum(parts))
    means = [a / s if s else Fraction(0) for a, s in zip(age, share, strict=True)]
    return share, means


def count_cells(columns, group, step, hint, cause, age):
    """Return how many visits stand in each cell, visit by visit and column by column."""
    cells = Counter()
    for c, values in enumerate(columns):
        for row in zip(values, step, group, hint, cause, age, strict=True):
            cells[(c, *(int(x) for x in row))] += 1
    return cells


def gap(rows, value, *, worth, months, fewest=20):
    """Return what a value's visits would be worth more a month if they went like the others', from single rows.

    ``rows`` are (value, hint, cause, bin, number) with hint and value 0 for unknown; ``worth[hint][cause]``.
    """
    causes, bins = len(worth[0]) + 1, 1 + max(row[3] for row in rows)

    def table(wanted, hint):
        counts = [[0] * bins for _ in range(causes)]
        for v, h, c, b, n in rows:
            if h == hint and wanted(v):
                counts[c][b] += n
        return counts

    total, known = Fraction(0), 0
    for hint in range(1, len(worth)):
        own = table(lambda v: v == value, hint)
        others = table(lambda v: v not in {0, value}, hint)
        n_own, n_others = (sum(map(sum, t)) for t in (own, others))
        known += n_own
        if n_own < fewest or n_others < fewest:
            continue
        lead_own, lead_others = lead_to(own)[0], lead_to(others)[0]
        per_visit = sum(
            (b - a) * Fraction(w)
            for a, b, w in zip(lead_own, lead_others, worth[hint], strict=True)
        )
        total += n_own * per_visit
    every = sum(n for v, _, _, _, n in rows if v == value)
    return float(total * every / known / Fraction(months))
