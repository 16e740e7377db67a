"""What the pattern language accepts, as trees and as machines."""

from __future__ import annotations

import pytest

from pathworth.base.predicate import parse_pattern
from pathworth.base.predicate.pattern import ANY, Anchor, Either, Name, One, Repeat, Then


def one(*names, negated=False):
    return One(tuple(map(Name, names)), negated)


A, B, C = one("a"), one("b"), one("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("a -> b", Then((A, B))),
        ("a->b->c", Then((A, B, C))),
        ("a ->> b", Then((A, Repeat(ANY, 0, None), B))),
        ("a -> b | c", Either((Then((A, B)), C))),
        ("a -> (b | c)", Then((A, Either((B, C))))),
        ("a*", Repeat(A, 0, None)),
        ("a+ -> b?", Then((Repeat(A, 1, None), Repeat(B, 0, 1)))),
        ("a{2}", Repeat(A, 2, 2)),
        ("a{2,}", Repeat(A, 2, None)),
        ("a{ 0 , 5 }", Repeat(A, 0, 5)),
        (".", ANY),
        ("[a b]", one("a", "b")),
        ("[^a b]", one("a", "b", negated=True)),
        ("start -> a -> end", Then((Anchor("start"), A, Anchor("end")))),
        ('"start" -> "a b"', Then((one("start"), one("a b")))),
        ('"say ""so"""', one('say "so"')),
        ("sign-up->a", Then((one("sign-up"), A))),
        ("größe -> 404", Then((one("größe"), one("404")))),
        ('["a b" c]', one("a b", "c")),
        ("(a -> b){2,3}", Repeat(Then((A, B)), 2, 3)),
    ],
)
def test_a_pattern_is_read_as_its_tree(text, tree):
    assert parse_pattern(text).tree == tree


def test_a_machine_has_a_state_for_each_event_of_the_pattern_written_out():
    assert parse_pattern("a -> b{2,3} ->> c").states == 6
    assert parse_pattern("start -> a -> end").states == 1
    assert parse_pattern(" | ".join(f"a{k}" for k in range(64))).states == 64


def test_names_stand_once_and_an_event_enters_the_states_that_it_fits():
    pattern = parse_pattern("a -> [^a b]* -> b -> .")
    assert [name.name for name in pattern.names] == ["a", "b"]
    assert [pattern.enters(held) for held in (0b00, 0b01, 0b10, 0b11)] == [
        0b1010,
        0b1001,
        0b1100,
        0b1101,
    ]
