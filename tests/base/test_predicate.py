"""What the predicate language accepts, and how it refuses the rest at its character."""

from __future__ import annotations

import pytest

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
    IsNull,
    Like,
    Not,
    Or,
    Trait,
    Truth,
    deeds,
    operands,
    parse,
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


@pytest.mark.parametrize(
    ("text", "character", "hint"),
    [
        ("select 1", 1, ""),
        ("drop table x", 1, ""),
        ("a = 1; drop x", 6, ""),
        ("a + b = 2", 3, ""),
        ("a ilike 'x'", 3, "like"),
        ("channel iss null", 9, "is"),
        ("a null", 3, "is null"),
        ("a = 1 b", 7, ""),
        ("a = 'x' || 'y'", 9, "or"),
        ("a.b = 1", 2, ""),
        ("a is true", 1, ""),
        ("a < 'b' < 'c'", 1, ""),
        ("1 = 1", 1, ""),
        ("a in (select b)", 7, ""),
        ("a like 3", 8, "like 'a%'"),
        ("a =", 3, ""),
        ("(a = 1", 6, ""),
        ("a = 'x", 6, ""),
        ("a::int = 1", 2, ""),
        ("a in ()", 1, ""),
        ("", 1, ""),
        ("trait(plan) = 'x'", 1, "trait('plan')"),
        ("did()", 1, "did('step'"),
        ("did(a)", 5, "did('step'"),
        ("did('a', 2)", 10, "at_least=2"),
        ("a = 1 and did('a', atleast=2)", 20, "Did you mean at_least?"),
        ("did('a', at_least=0)", 19, "at_least=2"),
        ("did('a', at_least=1.5)", 19, "at_least=2"),
        ("did('a', within=30)", 17, "within='30d'"),
        ("did('a', within='0d')", 17, "within='30d'"),
        ("did('a', within='1d', within='2d')", 23, ""),
        ("did('a') = true", 1, "not did('step')"),
        ("1 < did('a')", 5, ""),
    ],
)
def test_everything_else_is_an_error_at_its_character(text, character, hint):
    with pytest.raises(WrongUsage) as caught:
        parse(text)
    assert caught.value.code == "BAD_PREDICATE"
    assert f"character {character} " in caught.value.message
    assert hint in caught.value.hint


def test_an_unknown_function_names_the_near_one():
    with pytest.raises(WrongUsage) as caught:
        parse("a = 1 and tarit('x') = 1")
    assert caught.value.code == "UNKNOWN_FUNCTION"
    assert "character 11 " in caught.value.message
    assert "trait" in caught.value.hint


@pytest.mark.parametrize("text", ["matches('a -> b', within='7d')", "in_segment('vip') and a = 1"])
def test_a_function_that_comes_later_says_so(text):
    with pytest.raises(WrongUsage) as caught:
        parse(text)
    assert caught.value.code == "FUNCTION_NOT_AVAILABLE"


def test_deep_nesting_is_refused_and_long_lists_are_not():
    with pytest.raises(WrongUsage):
        parse("(" * 5_000 + "a = 1" + ")" * 5_000)
    parts = parse(" or ".join(f"a = {k}" for k in range(1_000)))
    assert isinstance(parts, Or)
    assert len(parts.parts) == 1_000


def test_the_columns_of_a_predicate_are_listed_with_their_places():
    found = list(operands(parse("a = 1 and (not b < c or trait('t') is null)")))
    assert [(one.name, one.at) for one in found] == [("a", 0), ("b", 15), ("c", 19), ("t", 24)]


def test_a_window_of_did_that_is_no_duration_is_pointed_at():
    with pytest.raises(WrongUsage) as caught:
        parse("did('a', within='30')")
    assert caught.value.code == "BAD_DURATION"
    assert "character 17 " in caught.value.message


def test_the_deeds_of_a_predicate_are_listed():
    text = "did('a') or not (b = 1 and did('c', at_least=2))"
    assert [one.step for one in deeds(parse(text))] == ["a", "c"]
    assert [one.name for one in operands(parse(text))] == ["b"]
