"""Why two numbers differ, and how a number from elsewhere may have come about."""

from pathworth.measure.reconcile.number import Number
from pathworth.measure.reconcile.outside import Reading, Reconciled, reconcile
from pathworth.measure.reconcile.why import Change, WhyDiffer, listed, why_differ

__all__ = [
    "Change",
    "Number",
    "Reading",
    "Reconciled",
    "WhyDiffer",
    "listed",
    "reconcile",
    "why_differ",
]
