"""Checks a map file, or a kept map, against the data of a workspace."""

from __future__ import annotations

from pathlib import Path

from pathworth import atlas
from pathworth.run.workspace import Workspace, text_of


def check_map(workspace: Workspace, file: Path | None = None) -> tuple[atlas.Finding, ...]:
    """Return what is wrong with a map; empty when nothing is.

    Parameters
    ----------
    workspace
        Whose events the rules are held against.
    file
        A map file; null for the workspace's newest map.
    """
    document = workspace.map()[0] if file is None else atlas.load_map(text_of(file))
    return tuple(atlas.check_map(document, workspace.store.snapshot(), engine=workspace.engine))
