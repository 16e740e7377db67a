"""Children that begin at once and may be killed: forked from a process that has loaded all they need.

``python -m tests.forked MODULE``: for each line on standard input, a list of arguments, a child runs ``main`` of the
module with them.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OVER = "over"


class Forks:
    """One child at a time, what it says, and how it ends.

    Parameters
    ----------
    process
        The one that children are forked from.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.child = process, 0

    def begin(self, *words: Any) -> int:
        """Let a child begin, and return its number, which stays its own until it was ended here."""
        self._write(json.dumps([str(one) if isinstance(one, Path) else one for one in words]))
        self.child = int(self._read())
        return self.child

    def line(self) -> str:
        """Return the next line that the child says, who must not be at its end yet."""
        said = self._read()
        assert said != OVER, "the child is at its end"
        return said

    def kill(self) -> tuple[list[str], bool]:
        """Kill the child wherever it is; return what it had said, and whether it was not at its end before."""
        os.kill(self.child, signal.SIGKILL)
        said, ended = self.end()
        assert ended in {0, -signal.SIGKILL}
        return said, ended != 0

    def end(self) -> tuple[list[str], int]:
        """Wait for the end of the child; return what it had still said, and how it ended."""
        self._write("")
        said = [self._read()]
        while not said[-1].startswith("ended "):
            said.append(self._read())
        ended = int(said.pop().split()[1])
        return [one for one in said if one != OVER], ended

    def run(self, *words: Any) -> tuple[list[str], int]:
        """Let a child do what it does, and return what it said and how it ended."""
        self.begin(*words)
        return self.end()

    def _write(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def _read(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the process that forks is gone"
        return line.strip()


@contextmanager
def forks(module: str) -> Iterator[Forks]:
    """Yield what children of a module are made with."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.forked", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
    ) as process:
        yield Forks(process)


def say(words: object) -> None:
    """Write a line; whole or not at all, since a pipe takes so little at once."""
    os.write(1, f"{words}\n".encode())


def main(module: str) -> None:
    """Load, and then fork for each line."""
    gc.set_threshold(500_000)  # as the command line does before it loads anything
    from pathworth.kernels.compile import compile_all

    run = importlib.import_module(module).main
    compile_all()
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            say(os.getpid())
            code = 1
            try:
                run(*json.loads(line))
                code = 0
            except BaseException:
                traceback.print_exc()
            say(OVER)
            os._exit(code)
        sys.stdin.readline()
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main(sys.argv[1])
