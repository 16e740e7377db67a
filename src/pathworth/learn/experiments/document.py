"""Experiments and their plans as the texts that the store keeps."""

from __future__ import annotations

import json
from dataclasses import replace

from pathworth.base.json import to_json
from pathworth.journeys import AsOf
from pathworth.learn.experiments.contracts import Experiment, PlanSize


def dump_experiment(experiment: Experiment) -> str:
    """Write an experiment as JSON with its fields in order."""
    return json.dumps(to_json(experiment), ensure_ascii=False)


def load_experiment(text: str) -> Experiment:
    """Read what ``dump_experiment`` wrote."""
    return Experiment(**json.loads(text))


def dump_plan(plan: PlanSize) -> str:
    """Write a plan as JSON."""
    return json.dumps(to_json(plan), ensure_ascii=False)


def load_plan(text: str) -> PlanSize:
    """Read what ``dump_plan`` wrote."""
    said = json.loads(text)
    interval = said["rate_interval"]
    said["from_"] = said.pop("from")
    plan = PlanSize(**{**said, "as_of": AsOf(**said["as_of"])})
    return replace(plan, rate_interval=None if interval is None else (interval[0], interval[1]))
