"""Compiles every kernel, on all processors: before many processes that each would."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from pathworth import kernels
from pathworth.kernels.compile import Kernel


def compile_share(share: int, shares: int) -> int:
    """Compile every so many-th kernel, and return how many those were."""
    for found in pkgutil.walk_packages(kernels.__path__, f"{kernels.__name__}."):
        importlib.import_module(found.name)
    mine = Kernel.all[share::shares]
    for one in mine:
        one.compiled()
    return len(mine)


def main() -> int:
    """Compile them; one that was compiled before is only read."""
    shares = os.cpu_count() or 1
    with ProcessPoolExecutor(shares, mp_context=get_context("spawn")) as pool:
        done = sum(pool.map(compile_share, range(shares), [shares] * shares))
    print(f"{done} kernels are compiled.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
