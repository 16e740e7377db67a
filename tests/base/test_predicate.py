"""What the predicate language accepts, and how it refuses the rest at its character."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from pathworth.base.errors import WrongUsage
from pathworth.base.predicate import (
    And,
    Between,
    Column,
    Compare,
    CompareColumns,
    Constant,
    Did,
    In,
    InSegment,
    IsNull,
    Like,
    Matches,
    Not,
    Or,
    Trait,
    Truth,
    character_of,
    functions,
    operands,
    parse,
    parse_pattern,
)

A, B = Column("a"), Column("b")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a = 'x'", Compare(A, "=", "x")),
        ("a = 'it''s'", Compare(A, "=", "it's")),
        ("a <> 3", Compare(A, "<>", 3)),
        ("a != 3", Compare(A, "<>", 3)),
        ("a >= -2.5", Compare(A, ">=", -2.5)),
        ("3 < a", Compare(A, ">", 3)),
        ("a = true", Compare(A, "=", value=True)),
        ("a = null", Compare(A, "=", None)),
        ("a < b", CompareColumns(A, "<", B)),
        ("a in ('x', 'y')", In(A, ("x", "y"))),
        ("a not in ('x')", Not(In(A, ("x",)))),
        ("a like 'x%'", Like(A, "x%")),
        ("a not like 'x%'", Not(Like(A, "x%"))),
        ("a between 1 and 2 and b is null", And((Between(A, 1, 2), IsNull(B)))),
        ("a is not null", Not(IsNull(A))),
        ("not a = 1 or b = 2", Or((Not(Compare(A, "=", 1)), Compare(B, "=", 2)))),
        (
            "a = 1 and (b = 2 or b = 3)",
            And((Compare(A, "=", 1), Or((Compare(B, "=", 2), Compare(B, "=", 3))))),
        ),
        ("a", Truth(A)),
        ("true", Constant(value=True)),
        ("trait('plan') = 'pro'", Compare(Trait("plan"), "=", "pro")),
        ("did('a b')", Did("a b")),
        ("not did('a', at_least=2)", Not(Did("a", 2))),
        ("DID('a', within='2h', at_least=3)", Did("a", 3, 7_200_000_000)),
        ("in_segment('a b')", InSegment("a b")),
        ("matches('a -> b', within='1d')", Matches(parse_pattern("a -> b"), 86_400_000_000)),
        ('"odd name" = 1', Compare(Column("odd name"), "=", 1)),
        ("A = 1 AND b = 2", And((Compare(Column("A"), "=", 1), Compare(B, "=", 2)))),
        ("a = 1 -- why\n and b = 2", And((Compare(A, "=", 1), Compare(B, "=", 2)))),
    ],
)
def test_a_predicate_is_read_as_its_tree(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    "word", ["date", "order", "group", "case", "if", "left", "interval", "map", "select"]
)
def test_no_word_of_sql_is_reserved_as_a_column(word):
    assert parse(f"{word} = 'x'") == Compare(Column(word), "=", "x")


def test_deep_nesting_is_refused_and_long_lists_are_not():
    with pytest.raises(WrongUsage):
        parse("(" * 5_000 + "a = 1" + ")" * 5_000)
    parts = parse(" or ".join(f"a = {k}" for k in range(1_000)))
    assert isinstance(parts, Or)
    assert len(parts.parts) == 1_000


def test_the_columns_of_a_predicate_are_listed_with_their_places():
    found = list(operands(parse("a = 1 and (not b < c or trait('t') is null)")))
    assert [(one.name, one.at) for one in found] == [("a", 0), ("b", 15), ("c", 19), ("t", 24)]


def test_the_functions_of_a_predicate_are_listed():
    text = "did('a') or not (b = 1 and matches('c')) and in_segment('d')"
    assert [type(one) for one in functions(parse(text))] == [Did, Matches, InSegment]
    assert [one.name for one in operands(parse(text))] == ["b"]


def test_a_pattern_inside_a_predicate_knows_its_characters():
    text = "b = 1 and matches('\"it''s\" -> a', within='2h')"
    asked = parse(text).parts[1]
    assert asked.within_us == 7_200_000_000
    assert [(one.name, text[one.at]) for one in asked.pattern.names] == [("it's", '"'), ("a", "a")]
    assert text[asked.pattern.names[1].at :] == "a', within='2h')"


WORDS = [
    *(
        "a",
        '"b c"',
        "'x'",
        "'it''s'",
        "3",
        "-",
        ".5",
        "true",
        "null",
        "not",
        "and",
        "or",
        "is",
        "in",
        "like",
    ),
    *(
        "between",
        "=",
        "<>",
        "<",
        "=>",
        "(",
        ")",
        "((",
        ",",
        "did(",
        "matches('a ->",
        "')",
        "in_segment('v')",
    ),
    *(
        "trait('t')",
        "at_least=",
        "within='7d'",
        "select",
        "order by",
        ";",
        "--",
        "/*",
        "*/",
        "'",
        '"',
        "\n",
        "é",
    ),
    *(
        "{",
        "}",
        "[",
        "::",
        "||",
        "a.b",
        "``",
        "$1",
        "@",
        "matches('[^a b]{2,3} ->> end', within='1d')",
        "!",
    ),
]


def mistake(read, text):
    """What is wrong with a text; null when nothing is."""
    try:
        read(text)
    except WrongUsage as error:
        return error
    return None


@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
@settings(max_examples=600, deadline=None)
def test_whatever_is_written_is_read_or_refused_at_a_character_of_it(text):
    error = mistake(parse, text)
    assert error is None or (0 <= character_of(error) <= len(text) and error.hint)


@given(st.text("ab -> ()[]^*+?{}|.,2\"'start", max_size=14))
@settings(max_examples=600, deadline=None)
def test_whatever_pattern_is_written_is_read_or_refused_at_a_character_of_it(text):
    error = mistake(parse_pattern, text)
    assert error is None or (0 <= character_of(error) <= len(text) and error.hint)
