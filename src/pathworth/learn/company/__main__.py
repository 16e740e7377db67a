"""`python -m pathworth.learn.company truth`: recompute every truth figure; `effects`: those of messages alone."""

from __future__ import annotations

import argparse
import sys
import time

from pathworth.learn.company.live.parameters import load_interventions
from pathworth.learn.company.live.truths import PLACE as EFFECTS, compute_effects, write_effects
from pathworth.learn.company.parameters import load_company
from pathworth.learn.company.truths.figures import PLACE, compute_truth, write_truth

PEOPLE = 2_400_000
PEOPLE_OF_EFFECTS = 1_200_000
SEED = 20_250_929


def main() -> int:
    """Compute and write the truth figures; print each part as it is done."""
    parser = argparse.ArgumentParser(prog="python -m pathworth.learn.company")
    parser.add_argument("what", choices=["truth", "effects"])
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    begun = time.monotonic()

    def told(part: str) -> None:
        sys.stdout.write(f"{time.monotonic() - begun:7.0f} s  {part}\n")
        sys.stdout.flush()

    company = load_company()
    if asked.what == "truth":
        write_truth(compute_truth(company, people=asked.people, seed=asked.seed, told=told))
        told(f"written to {PLACE}")
    plan, people = load_interventions(), min(asked.people, PEOPLE_OF_EFFECTS)
    write_effects(compute_effects(company, plan, people=people, seed=asked.seed, told=told))
    told(f"written to {EFFECTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
