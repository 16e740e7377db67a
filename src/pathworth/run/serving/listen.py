"""Starts the web app: on this machine alone, or, once an admin can log in, for others too."""

from __future__ import annotations

import ipaddress
import json
import os
import threading
import webbrowser
from dataclasses import asdict, dataclass
from pathlib import Path

from pathworth import store
from pathworth.base.errors import Refused, UnknownName, WrongUsage
from pathworth.run.serving.process import hold_little, take_turns

PORT = 8710
WORKSPACE_VARIABLE = "PATHWORTH_WORKSPACE"
BINDING_VARIABLE = "PATHWORTH_BINDING"
GRACE_S = 20
"""So long answers that are being made may take once the server is told to stop; then jobs end."""
_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104


@dataclass(frozen=True)
class Binding:
    """Where a server listens, and the names by which others reach it, through a proxy perhaps."""

    host: str = "127.0.0.1"
    hosts: tuple[str, ...] = ()

    @property
    def loopback(self) -> bool:
        """Return whether only this machine reaches it, under its own names."""
        return _is_loopback(self.host) and not self.hosts

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names beside loopback's that requests may carry."""
        return self.hosts if self.host in _ANYWHERE else (self.host, *self.hosts)

    def to_text(self) -> str:
        """Return it as text for a variable of the environment."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str | None) -> Binding:
        """Read what ``to_text`` wrote; loopback when null."""
        if text is None:
            return cls()
        held = json.loads(text)
        return cls(held["host"], tuple(held["hosts"]))


def check_binding(workspace: Path, binding: Binding) -> None:
    """Refuse to be reached from beyond this machine while nobody has to log in.

    Raises
    ------
    Refused
        ``LOGIN_REQUIRED`` when the host is not a loopback address, or names are allowed, without an admin.
    WrongUsage
        ``BAD_HOST`` when a name is not one.
    """
    for name in binding.hosts:
        if not name or "/" in name or " " in name or _port(name):
            raise WrongUsage(
                "BAD_HOST",
                f"{name!r} is not a name of a host.",
                "Write the name alone, without http:// and without a port: journeys.example.com",
            )
    if binding.loopback or _has_admin(workspace):
        return
    raise Refused(
        "LOGIN_REQUIRED",
        f"Listening on {binding.host}{_known_as(binding)} would show every journey to whoever reaches "
        "this machine.",
        f"Make an admin first: pathworth login add NAME --role admin -w {workspace}",
    )


def listen(
    workspace: Path, *, binding: Binding | None = None, port: int = PORT, show: str | None = None
) -> None:
    """Serve a workspace until the process is told to stop.

    Parameters
    ----------
    workspace
        Its folder.
    binding, port
        Where to listen; loopback only when null.
    show
        Path of the page that a browser opens once the app answers; null opens none.
    """
    import uvicorn

    bound = binding or Binding()
    check_binding(workspace, bound)
    store.Logins(store.Workspace.open(workspace)).note_binding(bound.to_text())
    os.environ[WORKSPACE_VARIABLE] = str(workspace)
    os.environ[BINDING_VARIABLE] = bound.to_text()
    if show is not None:
        threading.Timer(1.0, webbrowser.open, [f"http://{bound.host}:{port}{show}"]).start()
    as_server()
    # The app is named, not imported: faces stand above the composition root.
    uvicorn.run(
        "pathworth.web:app",
        factory=True,
        host=bound.host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_S,
    )


def as_server() -> None:
    """Let this process be one in which threads serve and jobs run beside each other."""
    hold_little()
    take_turns(found=0)


def _has_admin(workspace: Path) -> bool:
    try:
        return store.Logins(store.Workspace.open(workspace)).has_admin()
    except UnknownName:
        # A workspace that is not there yet has nobody who could log in.
        return False


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _port(name: str) -> bool:
    return ":" in name and not name.count(":") > 1


def _known_as(binding: Binding) -> str:
    return f" as {', '.join(binding.hosts)}" if binding.hosts else ""
