"""The web app and the API: thin, no logic."""

from __future__ import annotations

import os
import threading

from fastapi import FastAPI

from pathworth import run
from pathworth.web.app import build_app


def app() -> FastAPI:
    """Return the application for the workspace that the environment names."""
    workspace = run.open_workspace(os.environ[run.WORKSPACE_VARIABLE])
    threading.Thread(target=run.warm, args=(workspace,), daemon=True, name="warm").start()
    return build_app(workspace)


__all__ = ["app", "build_app"]
