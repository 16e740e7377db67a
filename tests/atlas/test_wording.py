"""Rules, names and ids, from events alone."""

from __future__ import annotations

import pytest

from pathworth.atlas.counting import Kind
from pathworth.atlas.wording import ids_of, name_of, rule_of, spoken
from pathworth.base.predicate import parse
from pathworth.store import ColumnInfo

COLUMNS = {"tier": ColumnInfo("text", ("a", "b", "c", "d")), "in": ColumnInfo("text", ("x", "y"))}


@pytest.mark.parametrize(
    ("kinds", "rule"),
    [
        ([Kind("buy")], "event = 'buy'"),
        ([Kind("b"), Kind("a")], "event in ('a', 'b')"),
        ([Kind("it's")], "event = 'it''s'"),
        ([Kind("e", "tier", ("a",))], "event = 'e' and tier = 'a'"),
        ([Kind("e", "tier", (None,))], "event = 'e' and tier is null"),
        ([Kind("e", "tier", (None, "b"))], "event = 'e' and (tier is null or tier = 'b')"),
        (
            [Kind("e", "tier", (None, "a", "b", "c"))],
            "event = 'e' and (tier is null or not tier = 'd')",
        ),
        ([Kind("e", "tier", (None, "a", "b")), Kind("e", "tier", ("c", "d"))], "event = 'e'"),
        ([Kind("e", "in", ("x",))], "event = 'e' and \"in\" = 'x'"),
        (
            [Kind("f"), Kind("e", "tier", ("a",)), Kind("g", "tier", ("a",))],
            "event = 'f' or (event in ('e', 'g') and tier = 'a')",
        ),
    ],
)
def test_the_rule_of_a_step_says_its_kinds_and_nothing_more(kinds, rule):
    assert rule_of(kinds, COLUMNS) == rule
    parse(rule)


@pytest.mark.parametrize(
    ("kinds", "share", "name"),
    [
        ([Kind("add_to_cart"), Kind("cart")], [0.9, 0.4], "Add to cart"),
        ([Kind("Role Created"), Kind("role.removed")], [0.5, 0.4], "Role Created and Role removed"),
        ([Kind("e", "tier", ("a",))], [1.0], "E (a)"),
        ([Kind("e", "tier", (None,))], [1.0], "E (other)"),
        ([Kind("e", "tier", ("a",)), Kind("f", "tier", ("a",))], [0.5, 0.4], "E and F (a)"),
        ([Kind("f", "tier", ("a",))], [1.0], "F (a)"),
        ([Kind("alone", "tier", ("a",))], [1.0], "Alone"),
    ],
)
def test_a_step_is_called_by_its_commonest_event(kinds, share, name):
    siblings = [Kind("e", "tier", ("b",)), Kind("f", "tier", ("b",))]
    assert name_of(kinds, share, siblings=siblings) == name


def test_events_are_spoken_as_words():
    assert [spoken(one) for one in ("page_view", "productView", "T04 Check it", "___", "注文")] == [
        "Page view",
        "Product View",
        "T04 Check it",
        "___",
        "注文",
    ]


def test_ids_are_short_and_never_twice():
    assert ids_of(["Buy now!", "buy now", "注文", "Exit", "É", "Start"]) == [
        "buy-now",
        "buy-now-again-1",
        "step-3",
        "exit-step",
        "e",
        "start-step",
    ]
