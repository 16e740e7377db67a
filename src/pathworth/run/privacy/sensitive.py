"""Tells who writes a rule about people that it reads something personal, or of a kind that the law protects more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pathworth import store
from pathworth.base import predicate as p
from pathworth.base.errors import PathworthError
from pathworth.base.segments import SegmentRevision

KINDS: Final = {
    "health": "health|medical|medication|diagnos\\w*|disease|illness|disab\\w*|patient|pregnan\\w*|allerg\\w*|hiv",
    "religion or belief": "religio\\w*|faith|belief|church|mosque|synagogue|denomination",
    "ethnic origin": "ethnic\\w*|race|racial|skin_?colou?r|tribe",
    "political opinion": "politic\\w*|party_?member\\w*|vote[ds]?|voting|ideology",
    "sexuality": "sexual\\w*|sex_?life|orientation|lgbt\\w*",
    "union membership": "(trade_?)?union(_?member\\w*)?",
    "biometric or genetic data": "biometric\\w*|finger_?prints?|face_?id|iris_?scan|genetic\\w*|genom\\w*|dna",
}
"""Categories of GDPR article 9 (1), each by words that names of columns have for it."""
_NAMED = {
    kind: re.compile(rf"(^|[_\W])({words})([_\W]|$)", re.IGNORECASE)
    for kind, words in KINDS.items()
}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
CODE: Final = "SENSITIVE_TRAIT"


def warnings(held: store.Workspace, rule: str | None, *, of: str) -> tuple[str, ...]:
    """Return what the author of a rule should know of the columns that it reads, itself or by a segment.

    Parameters
    ----------
    held
        The store: what is declared personal, and the segments that the rule may name.
    rule
        A predicate; one that cannot be read, or none, is told nothing.
    of
        What the rule is, in words: ``the segment 'regulars'``.
    """
    private = frozenset(store.PrivateColumns(held).get().columns)
    segments = {one.name: one.newest for one in store.Segments(held).all()}
    told: dict[str, None] = {}
    for column, by in _reads(rule or "", segments, seen=frozenset()):
        through = f" by way of the segment {by!r}" if by else ""
        for why in _why(column, private):
            told[f"{of[:1].upper()}{of[1:]} reads {column!r}{through}, which {why}."] = None
    return tuple(told)


def _why(column: str, private: frozenset[str]) -> Iterator[str]:
    if column in private:
        yield "is declared personal"
    spelled = _HUMP.sub("_", column)
    for kind, named in _NAMED.items():
        if named.search(spelled):
            yield (
                f"by its name says something of {kind}: data of this kind may be used only on the grounds "
                "of GDPR article 9"
            )


def _reads(
    rule: str, segments: dict[str, SegmentRevision], *, seen: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Yield the columns that a rule reads, each with the segment by way of which it does, if by one."""
    try:
        spoken = p.parse(rule)
    except PathworthError:
        return
    for operand in p.operands(spoken):
        if isinstance(operand, p.Column | p.Trait):
            yield operand.name, ""
    for function in p.functions(spoken):
        if not isinstance(function, p.InSegment) or function.name in seen:
            continue
        revision = segments.get(function.name)
        if revision is None:
            continue
        for text in (revision.who, *(step for _, step in revision.steps)):
            for column, by in _reads(text, segments, seen=seen | {function.name}):
                yield column, by or function.name
