"""Experiments: what is asked, how many it takes, and what can be concluded."""

from pathworth.learn.experiments.contracts import (
    Count,
    Experiment,
    Guardrail,
    Money,
    PlanSize,
    Protest,
    Ratio,
    ReadOut,
    Shares,
    Verdict,
)
from pathworth.learn.experiments.document import (
    dump_experiment,
    dump_plan,
    load_experiment,
    load_plan,
)
from pathworth.learn.experiments.guardrail import guardrail
from pathworth.learn.experiments.planning import plan_size
from pathworth.learn.experiments.reading import read_out
from pathworth.learn.experiments.rules import check

__all__ = [
    "Count",
    "Experiment",
    "Guardrail",
    "Money",
    "PlanSize",
    "Protest",
    "Ratio",
    "ReadOut",
    "Shares",
    "Verdict",
    "check",
    "dump_experiment",
    "dump_plan",
    "guardrail",
    "load_experiment",
    "load_plan",
    "plan_size",
    "read_out",
]
