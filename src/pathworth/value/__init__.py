"""What is each step and arrow worth? Prices, what to do next, what to ignore."""

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

__all__ = [
    "Arrow",
    "DoNextRow",
    "DrawnArrow",
    "IgnoreRow",
    "Picture",
    "Price",
    "PropertyValue",
    "StepFigures",
]
