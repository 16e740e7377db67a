"""How long a process takes from its start to its first answer: ``python -m bench.first --events 20000000``.

Each question is asked by a command of its own, again and again, of a workspace made for it, with the kernels
compiled before. Beside the whole stands what Python takes to start and to load the command without asking.
``--python`` names the interpreter of an install as users have it: some libraries load what they find beside them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.cases import FUNNEL
from bench.fresh import write_workspace

MOST_S = 2.0
"""No first answer is to take longer."""
QUESTIONS = {
    "transitions": ("transitions",),
    "retention": ("retention", "--period", "month"),
    "funnel": ("funnel", *FUNNEL),
    "transitions where": ("transitions", "--where", "word > 'w50000'"),
}


def main() -> int:
    """Measure and print; 1 when a question takes longer than it may."""
    asked = arguments()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        place = Path(folder) / "shop"
        write_workspace(place, asked.events)
        rows = {"(nothing asked)": [took(asked.python, "--version") for _ in range(asked.times)]}
        for name, words in QUESTIONS.items():
            command = (*words, "-w", str(place), "--json")
            took(asked.python, *command)
            rows[name] = [took(asked.python, *command) for _ in range(asked.times)]
    print(f"{asked.events:,} events; seconds from the start of a process to its end")
    print(f"{'question':18s} {'median':>7s} {'most':>7s} {'of the bar':>11s}")
    for name, times in rows.items():
        middle = statistics.median(times)
        print(f"{name:18s} {middle:7.2f} {max(times):7.2f} {middle / MOST_S:11.2f}")
    return int(any(statistics.median(times) > MOST_S for times in rows.values()))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.first", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=None, help="where the workspace may lie")
    parser.add_argument("--python", default=sys.executable)
    return parser.parse_args()


def took(python: str, *words: str) -> float:
    """Return how long a command takes, its whole process counted."""
    # Installed packages bring their bytecode; where Python is told to write none, sources would be compiled anew.
    around = {name: it for name, it in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [python, "-m", "pathworth.cli", *words]
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=around)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
