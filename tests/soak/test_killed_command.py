"""`pathworth import` of a large file, killed at 50 random moments and run again: the long form of the crash tests."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pathworth.learn import company

KILLS = 50
QUESTIONS = (("transitions",), ("retention", "--period", "month"), ("sessions",))

pytestmark = pytest.mark.soak


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "pathworth.cli", *words]


def made(folder: Path, *, people: int, seed: int) -> tuple[str, ...]:
    """Write a company and return the words that bring it in."""
    company.write(company.history(company.load_company(), people=people, seed=seed), folder)
    events, mapping = folder / "events.jsonl", folder / "mapping.yaml"
    return "import", str(events), "--mapping", str(mapping)


def asked(folder: Path) -> list[dict]:
    """Every question's answer, without the snapshot it was asked of."""
    answers = []
    for words in QUESTIONS:
        told = subprocess.run(
            command(*words, "-w", str(folder), "--json"), capture_output=True, check=True
        )
        answer = json.loads(told.stdout)
        del answer["as_of"]
        answers.append(answer)
    return answers


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below the snapshots; the lake's files have random names and are asked through the answers."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted((folder / "snapshots").rglob("*"))
        if path.is_file()
    }


def test_the_command_killed_at_random_moments_and_run_again_is_one_clean_import(
    tmp_path: Path,
) -> None:
    first, second = (
        made(tmp_path / name, people=people, seed=seed)
        for name, people, seed in (("first", 300, 1), ("second", 2000, 2))
    )
    before, clean, shop = (tmp_path / name for name in ("before", "clean", "shop"))
    subprocess.run(command("init", str(before)), check=True, capture_output=True)
    bring_in = command(*first, "-w", str(before), "--json")
    subprocess.run(bring_in, check=True, capture_output=True)
    shutil.copytree(before, clean)
    begun = time.monotonic()
    bring_in = command(*second, "-w", str(clean), "--json")
    subprocess.run(bring_in, check=True, capture_output=True)
    whole = time.monotonic() - begun
    at_first, at_last = (asked(folder) for folder in (before, clean))
    bytes_first, bytes_last = (files_of(folder) for folder in (before, clean))
    rng = random.Random(50)
    killed = finished = 0
    for trial in range(KILLS):
        shutil.rmtree(shop, ignore_errors=True)
        shutil.copytree(before, shop)
        bring_in = command(*second, "-w", str(shop), "--json")
        process = subprocess.Popen(bring_in, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.1, 1.0) * whole)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        answers = asked(shop)
        assert answers in (at_first, at_last), f"kill {trial}"
        assert files_of(shop) == (bytes_first if answers == at_first else bytes_last)
        finished += answers == at_last
        again = json.loads(subprocess.run(bring_in, capture_output=True, check=True).stdout)
        assert (again["accepted"] == 0) == (answers == at_last)
        assert asked(shop) == at_last
        if again["accepted"]:
            assert files_of(shop) == bytes_last
    sys.stdout.write(f"{killed} of {KILLS} imports killed; {finished} had committed before\n")
    assert killed >= KILLS // 2
