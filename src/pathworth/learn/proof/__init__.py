"""The proof: estimators graded on many worlds with known truth, one line per finished seed."""

from pathworth.learn.proof.coverage import Graded, exact_interval, graded
from pathworth.learn.proof.prices import CASES, PriceCase, grade_prices
from pathworth.learn.proof.runs import Runs

__all__ = [
    "CASES",
    "Graded",
    "PriceCase",
    "Runs",
    "exact_interval",
    "grade_prices",
    "graded",
]
