from __future__ import annotations

from dataclasses import replace

import pytest

from pathworth.atlas import Contract, MapDocument, MapStep
from pathworth.journeys import AsOf
from pathworth.value import Arrow, DoNextRow, Price, PropertyValue, StepFigures, picture

DOCUMENT = MapDocument(
    "shop",
    (
        MapStep("look", "Looks", "event = 'look'", "Find"),
        MapStep("cart", "Fills the cart", "event = 'cart'", "Choose"),
        MapStep("help", "Asks for help", "event = 'help'", "Choose"),
        MapStep("buy", "Buys", "event = 'buy'", "Pay"),
    ),
    ("Find", "Choose", "Pay"),
)


def arrow(from_, to, visits, per_month=None):
    return Arrow(
        from_, to, visits, visits, float(visits), 0.1, 1.0, 1.0, None, None, None, per_month, None
    )


def step(id_, people, visits, worth=None):
    return StepFigures(
        id_,
        people,
        people / 2,
        people / 1000,
        visits,
        0.0,
        0,
        0.0,
        None,
        None,
        None,
        worth,
        None,
        None,
    )


PRICE = Price(
    map="shop", revision=1, currency="EUR", from_="2026-01-01T00:00:00Z", to="2026-03-01T00:00:00Z",
    months=2.0, entrants=1000, entrants_per_month=500.0, personas=("everybody",),
    steps=(step("look", 900, 1000), step("cart", 500, 600), step("help", 40, 40), step("buy", 200, 200)),
    arrows=(
        arrow("look", "look", 80), arrow("look", "cart", 500), arrow("look", "buy", 49), arrow("look", "exit", 300),
        arrow("cart", "look", 47), arrow("cart", "buy", 200), arrow("cart", "cart", 50),
    ),
    do_next=(), ignore=(), cannot_fix=(), notes=(), excluded={}, as_of=AsOf("1", 9),
)  # fmt: skip

ROW = DoNextRow(
    "look.device.old", "Mend it.", "look", "cart", PropertyValue("device", "old"), 100.0, 4.0, 8.0, 12_345.0,
    (8_000.0, 16_000.0), None, 0.01, "Because.",
)  # fmt: skip


def drawn(price=PRICE):
    return {(one.arrow.from_, one.arrow.to): one for one in picture(price, DOCUMENT).arrows}


def test_an_arrow_to_a_later_step_runs_forward_and_back_to_an_earlier_one_returns():
    kinds = {pair: one.kind for pair, one in drawn().items()}
    assert kinds["look", "look"] == "loop"
    assert kinds["look", "cart"] == "forward"
    assert kinds["cart", "look"] == "return"


@pytest.mark.parametrize(
    ("pair", "shown"),
    [
        (("look", "cart"), True),
        (("look", "buy"), False),  # 49 of 1,000 is under 5 %
        (("look", "look"), True),  # 80 of 1,000 is 8 %
        (("cart", "look"), False),  # 47 of 600 is under 8 %
        (("cart", "cart"), True),  # 50 of 600 is over 8 %
        (("look", "exit"), True),
    ],
)
def test_small_moves_are_hidden(pair, shown):
    assert drawn()[pair].shown is shown


def test_hidden_moves_are_counted_without_exits():
    assert picture(PRICE, DOCUMENT).hidden_moves == 2


def test_stages_are_columns_in_order():
    assert picture(PRICE, DOCUMENT).columns == (
        ("Find", ("look",)),
        ("Choose", ("cart", "help")),
        ("Pay", ("buy",)),
    )


def test_without_money_the_headline_says_so():
    said = picture(PRICE, DOCUMENT).headline
    assert said == (
        "Of 500 people who come in a month, 100 reach Buys. No money is recorded, so nothing here has a price."
    )


def test_the_headline_names_the_dearest_place_with_two_digits():
    steps = (
        replace(PRICE.steps[0], mendable_per_month=12_345.0),
        replace(PRICE.steps[1], mendable_per_month=9_000.0),
        *PRICE.steps[2:],
    )
    said = picture(replace(PRICE, steps=steps, do_next=(ROW,)), DOCUMENT).headline
    assert said.endswith("The dearest place is Looks: about EUR 12,000 a month.")


def test_without_a_group_to_mend_the_dearest_arrow_is_named():
    priced = replace(
        PRICE, arrows=(arrow("look", "cart", 500, 990.0), arrow("cart", "buy", 200, 1_480.0))
    )
    said = picture(priced, DOCUMENT).headline
    assert "One more in 100 from Fills the cart to Buys is worth about EUR 1,500 a month" in said


def test_the_goal_is_where_the_contract_begins():
    document = replace(DOCUMENT, contract=Contract("cart", "event = 'pay'"))
    assert "250 reach Fills the cart" in picture(PRICE, document).headline


def test_the_goal_is_else_the_step_with_the_largest_worth():
    priced = replace(
        PRICE, steps=(*PRICE.steps[:2], step("help", 40, 40, 99.0), step("buy", 200, 200, 5.0))
    )
    assert "20 reach Asks for help" in picture(priced, DOCUMENT).headline
