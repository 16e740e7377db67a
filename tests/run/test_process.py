"""Turns follow how much jobs find, what a server loaded is no garbage to be looked through, and free memory goes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from pathworth.run.serving.process import LONG_S, MANY, SHORT_S, take_turns


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


def test_turns_are_short_until_jobs_are_behind_and_again_once_they_are_not() -> None:
    for found, turn_s in ((0, SHORT_S), (MANY - 1, SHORT_S), (MANY, LONG_S), (10, SHORT_S)):
        take_turns(found=found)
        assert sys.getswitchinterval() == pytest.approx(turn_s, abs=1e-6)


def test_a_search_for_garbage_passes_over_what_stays_and_finds_what_came_later() -> None:
    said = """
import gc, sys, weakref, duckdb
gc.set_threshold(500_000)
from pathworth.run.serving.process import stay
class Ring: pass
stay()
left = len(gc.get_objects())
one = Ring(); one.self = one; seen = weakref.ref(one); del one
gc.collect()
two = Ring(); two.self = two; unasked = weakref.ref(two); del two
held = [[] for _ in range(30_000)]
print(left < 100, seen() is None, unasked() is None)
"""
    done = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["True", "True", "True"]
    assert done.stderr == ""


def test_free_memory_between_what_is_held_is_given_back() -> None:
    said = """
from pathworth.run.serving.process import give_back, hold_little

def resident():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / 1024

hold_little()
pieces = [b"x" * 12_000 for _ in range(16_000)]
kept = pieces[::100]
full = resident()
del pieces
before = resident()
give_back()
print(full - before < 20, before - resident() > 150, len(kept))
"""
    ran = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.split() == ["True", "True", "160"]


def test_libraries_of_a_server_give_memory_back_where_nobody_says_otherwise() -> None:
    said = """
import sys
from pathworth.cli import main
sys.argv = ["pathworth", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
import os, pyarrow
print(pyarrow.default_memory_pool().backend_name, os.environ.get("_RJEM_MALLOC_CONF", "nothing said"))
"""

    def pool(*words: str, **environment: str) -> tuple[str, str]:
        ran = subprocess.run(
            [sys.executable, "-c", said, *words],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env={**os.environ, **environment},
        )
        arrow, _, lake = ran.stdout.splitlines()[-1].partition(" ")
        return arrow, lake

    arrow, lake = pool("serve", "--help")
    assert arrow == "system"
    assert "narenas:1" in lake
    own = {"ARROW_DEFAULT_MEMORY_POOL": "mimalloc", "_RJEM_MALLOC_CONF": "narenas:2"}
    assert pool("serve", "--help", **own) == ("mimalloc", "narenas:2")
    arrow, lake = pool("rebuild", "--help")
    assert arrow != "system"
    assert lake == "nothing said"
