"""What the company plans to try: three programs, the experiments that read them, and the map they speak of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pathworth.atlas import MapDocument, MapStep
from pathworth.learn.company.live.reading import MUTED
from pathworth.learn.company.maps import true_map
from pathworth.learn.company.parameters import Company
from pathworth.learn.experiments import Experiment

MAP = "lanternbook"
PROTEST = f"event = '{MUTED}'"
USES = MapStep(
    "uses",
    "Works in the product",
    "phase = 'customer' and event in ('Reconciliation Completed', 'Report Exported', 'Rule Created')",
    "Use",
)
UPGRADES = MapStep("upgrades", "Upgrades the plan", "event = 'Plan Upgraded'", "Use")
EXPERIMENTS = (
    Experiment(
        id="security-kit",
        hypothesis="IT security is set off by inviting colleagues; answers at hand win the purchase.",
        program="security-kit",
        map=MAP,
        step="buys",
        trigger="team",
        horizon="60d",
        smallest=0.05,
        unit="account",
    ),
    Experiment(
        id="welcome-video",
        hypothesis="Whoever sees the founder's face buys more often.",
        program="welcome-video",
        map=MAP,
        step="buys",
        trigger="trial",
        horizon="45d",
        smallest=0.03,
        unit="account",
        protest=PROTEST,
    ),
    Experiment(
        id="weekly-tips",
        hypothesis="A nudge every week makes more accounts upgrade.",
        program="weekly-tips",
        map=MAP,
        step="upgrades",
        trigger="uses",
        horizon="28d",
        smallest=0.02,
        unit="account",
        protest=PROTEST,
    ),
)


def loop_map(company: Company) -> MapDocument:
    """Return the company's map with the daily use and the upgrades that its programs speak of."""
    whole = true_map(company)
    cut = [step.id for step in whole.steps].index("buys") + 1
    # A step before the others takes its events first: a moved plan is no seat limit here.
    steps = (*whole.steps[:cut], USES, UPGRADES, *whole.steps[cut:])
    return replace(whole, name=MAP, steps=steps)


def documents() -> dict[str, str]:
    """Return the three programs as texts."""
    here = Path(__file__).parent
    return {one.program: (here / f"{one.program}.yaml").read_text() for one in EXPERIMENTS}
