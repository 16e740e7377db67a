"""Everything that a workspace holds, to be compared with what another one does."""

from __future__ import annotations

from deltalake import DeltaTable
from tests.store.made import bytes_of

from pathworth.store import Workspace

SHOWN = {"snapshots", "fingerprints", "rejects", "shadowed", "current"}


def told(workspace: Workspace) -> tuple:
    """Everything that the workspace holds, apart from the moment at which it was written."""
    lake = DeltaTable(workspace.path / "lake").to_pyarrow_table().sort_by("seq")
    every = bytes_of(workspace.path)
    files = {name: held for name, held in every.items() if name.split("/")[0] in SHOWN}
    lakes = {name: held for name, held in every.items() if name.startswith("lake/zone=")}
    imports = [(one.result, one.files) for one in workspace.imports()]
    return lake.select(sorted(lake.column_names)).to_pylist(), files, lakes, imports
