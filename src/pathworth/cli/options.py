"""Options that several commands share, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[
    Path,
    typer.Option(
        "--workspace", "-w", help="Folder of the workspace.", envvar="PATHWORTH_WORKSPACE"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Where = Annotated[str | None, typer.Option(help="Keeps events: channel = 'ads'.")]
Who = Annotated[str | None, typer.Option(help="Keeps people by their traits: plan = 'Team'.")]
From = Annotated[str | None, typer.Option("--from", help="First day or instant of the period.")]
To = Annotated[str | None, typer.Option("--to", help="Day or instant at which the period ends.")]
By = Annotated[str | None, typer.Option(help="Breaks the answer down by a property.")]
AgainstWhere = Annotated[
    str | None, typer.Option("--against-where", help="Compare: events that B keeps.")
]
AgainstWho = Annotated[
    str | None, typer.Option("--against-who", help="Compare: people that B keeps.")
]
AgainstFrom = Annotated[
    str | None, typer.Option("--against-from", help="Compare: first day of B's period.")
]
AgainstTo = Annotated[
    str | None, typer.Option("--against-to", help="Compare: day at which B's period ends.")
]
