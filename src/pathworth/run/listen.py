"""Starts the web app on this machine."""

from __future__ import annotations

import ipaddress
import os
import threading
import webbrowser
from pathlib import Path

from pathworth.base.errors import Refused

PORT = 8710
WORKSPACE_VARIABLE = "PATHWORTH_WORKSPACE"


def check_binding(host: str) -> None:
    """Refuse to listen beyond this machine while nobody has to log in.

    Raises
    ------
    Refused
        ``LOGIN_REQUIRED`` when the host is not a loopback address.
    """
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise Refused(
        "LOGIN_REQUIRED",
        f"Listening on {host} would show every journey to whoever reaches this machine.",
        "Listen on 127.0.0.1, and put an SSH tunnel in front to see it from elsewhere.",
    )


def listen(
    workspace: Path, *, host: str = "127.0.0.1", port: int = PORT, show: str | None = None
) -> None:
    """Serve a workspace until the process is told to stop.

    Parameters
    ----------
    workspace
        Its folder.
    host, port
        Where to listen; loopback only.
    show
        Path of the page that a browser opens once the app answers; null opens none.
    """
    import uvicorn

    check_binding(host)
    os.environ[WORKSPACE_VARIABLE] = str(workspace)
    if show is not None:
        threading.Timer(1.0, webbrowser.open, [f"http://{host}:{port}{show}"]).start()
    # The app is named, not imported: faces stand above the composition root.
    uvicorn.run("pathworth.web:app", factory=True, host=host, port=port, log_level="warning")
