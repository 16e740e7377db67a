"""The predicate language: SQL boolean expressions over columns and four functions, as small frozen nodes of our own.

Null is neither true nor false, as in SQL, and what is not true keeps nothing. A name stands for
a column; ``event`` is the event's name, ``time`` its instant, ``value`` and ``cost`` its money.
Odd names stand in double quotes, texts in single ones. ``trait('plan')`` is the latest known value
of a property; ``did('Buys', at_least=2, within='30d')`` is true of a person who took a step so often before the
instant that is asked about, ``matches('cart -> end', within='7d')`` of one whose journey holds a pattern,
``in_segment('name')`` of one in a saved segment. The page docs/predicates.md is its grammar.
"""

from __future__ import annotations

from functools import lru_cache

from pathworth.base.predicate.blame import character_of, unknown
from pathworth.base.predicate.machine import Pattern, parse_pattern
from pathworth.base.predicate.nodes import (
    And,
    Between,
    Column,
    Compare,
    CompareColumns,
    Comparison,
    Constant,
    Did,
    Function,
    In,
    InSegment,
    IsNull,
    Leaf,
    Like,
    Matches,
    Not,
    Operand,
    Operator,
    Or,
    Predicate,
    Trait,
    Truth,
    Value,
    functions,
    leaves,
    operands,
)


@lru_cache(maxsize=4096)
def parse(text: str) -> Predicate:
    """Read a predicate.

    Parameters
    ----------
    text
        For example ``event = 'purchase' and channel in ('ads', 'mail')``.

    Raises
    ------
    WrongUsage
        ``BAD_PREDICATE`` for what is no predicate, ``UNKNOWN_FUNCTION`` for a function that is not one of the
        four, ``BAD_PATTERN``, ``PATTERN_TOO_LONG`` and ``BAD_DURATION`` for what stands in their texts; each names
        its character.
    """
    # Heavy: sqlglot is read when the first predicate is.
    from pathworth.base.predicate.walk import read

    return read(text)


__all__ = [
    "And",
    "Between",
    "Column",
    "Compare",
    "CompareColumns",
    "Comparison",
    "Constant",
    "Did",
    "Function",
    "In",
    "InSegment",
    "IsNull",
    "Leaf",
    "Like",
    "Matches",
    "Not",
    "Operand",
    "Operator",
    "Or",
    "Pattern",
    "Predicate",
    "Trait",
    "Truth",
    "Value",
    "character_of",
    "functions",
    "leaves",
    "operands",
    "parse",
    "parse_pattern",
    "unknown",
]
