"""Who holds a lease: a process of a machine, written so that another one there can tell that it is dead."""

from __future__ import annotations

import os
import re
import secrets
import socket
from pathlib import Path

_WRITTEN = re.compile(r"process (?P<pid>\d+) \w+ of (?P<machine>\S+) since (?P<born>\d+)")
_PROC = Path("/proc")


def this_process() -> str:
    """Return a name for this process that no other one ever has, in words; with its machine and birth where known."""
    words = f"{socket.gethostname()} process {os.getpid()} {secrets.token_hex(4)}"
    machine, born = _machine(), _birth(os.getpid())
    return words if machine is None or born is None else f"{words} of {machine} since {born}"


def is_dead(holder: str) -> bool:
    """Return whether a holder is certainly dead: a process of this very machine that is not there any more.

    Of other machines, and wherever anything is unsure, nobody is.
    """
    found = _WRITTEN.search(holder)
    machine = _machine()
    if found is None or machine is None or found["machine"] != machine:
        return False
    pid = int(found["pid"])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        # It is there and belongs to somebody else; who it is may still be told below.
        pass
    born = _birth(pid)
    return born is not None and born != int(found["born"])


def _machine() -> str | None:
    """Return what processes have in common that can see each other: one boot, one table of processes, one clock."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        spaces = [(_PROC / "self/ns" / name).stat().st_ino for name in ("pid", "time")]
    except OSError:
        return None
    return "/".join([boot, *map(str, spaces)])


def _birth(pid: int) -> int | None:
    """Return when a process began, in ticks of this boot, and 0 when it has ended and waits to be buried.

    Null when that cannot be read.
    """
    try:
        # The name of the program stands in brackets and may hold anything, brackets too.
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        alone = len(list((_PROC / str(pid) / "task").iterdir())) <= 1
        return 0 if fields[0] in "ZX" and alone else int(fields[19])
    except (OSError, IndexError, ValueError):
        return None
