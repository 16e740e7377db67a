"""What a process of a cluster says about itself; sent as it is, so that nothing of this package need be there."""

from __future__ import annotations

import importlib
import importlib.metadata
import platform
import socket
import time
from typing import Any


def look_around(found: str, size: int) -> dict[str, Any]:
    """Return the machine's name, its Python, this package's version there, and whether it reads a file.

    Parameters
    ----------
    found, size
        What finds a file that every machine should see, and its bytes.
    """
    time.sleep(0.2)
    said: dict[str, Any] = {
        "host": socket.gethostname(),
        "python": platform.python_version(),
        "version": None,
        "trouble": None,
    }
    try:
        said["version"] = importlib.metadata.version("pathworth")
        store = importlib.import_module("pathworth.store")
        if store.find(found).stat().st_size != size:
            said["trouble"] = f"reads another file than {found}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was asked
        said["trouble"] = f"{type(error).__name__}: {error}"
    return said
