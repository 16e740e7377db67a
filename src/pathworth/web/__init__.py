"""The web app and the API: thin, no logic."""

from __future__ import annotations

import os

from fastapi import FastAPI

from pathworth import run
from pathworth.web.app import build_app


def app() -> FastAPI:
    """Return the application for the workspace that the environment names."""
    workspace = run.open_workspace(os.environ[run.WORKSPACE_VARIABLE])
    run.compile_all()  # while nobody waits yet
    binding = run.Binding.from_text(os.environ.get(run.BINDING_VARIABLE))
    built = build_app(workspace, binding, runner=run.runner(workspace))
    run.stay()
    return built


__all__ = ["app", "build_app"]
