"""What is each step and arrow worth? Prices, what to do next, what to ignore."""

from pathworth.value.chain import (
    Plan,
    Visits,
    decide,
    price as price_arrows,
    sampling_price,
    visits,
)
from pathworth.value.contracts import (
    Arrow,
    DoNextRow,
    DrawnArrow,
    IgnoreRow,
    Picture,
    Price,
    PropertyValue,
    StepFigures,
)
from pathworth.value.findings import Findings, findings
from pathworth.value.people import Behind, People, people
from pathworth.value.picture import picture
from pathworth.value.pricing import price
from pathworth.value.signs import SignCount, count_signs

__all__ = [
    "Arrow",
    "Behind",
    "DoNextRow",
    "DrawnArrow",
    "Findings",
    "IgnoreRow",
    "People",
    "Picture",
    "Plan",
    "Price",
    "PropertyValue",
    "SignCount",
    "StepFigures",
    "Visits",
    "count_signs",
    "decide",
    "findings",
    "people",
    "picture",
    "price",
    "price_arrows",
    "sampling_price",
    "visits",
]
