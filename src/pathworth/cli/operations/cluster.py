"""Say where a cluster is, see whether it can do the work, and build shards on it."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathworth import run
from pathworth.base.errors import BadInput
from pathworth.cli import show
from pathworth.cli.data import author
from pathworth.cli.options import AsJson, Folder

if TYPE_CHECKING:
    from pathworth.store import Cluster

app = typer.Typer(
    help="A Spark cluster for what outgrows one machine (pip install 'pathworth[spark]').",
    no_args_is_help=True,
)


@app.command("set")
def set_(
    master: Annotated[
        str | None, typer.Argument(help="Its address: spark://HOST:7077, yarn, local[4].")
    ] = None,
    workspace: Folder = Path(),
    shared: Annotated[
        str | None,
        typer.Option(help="Where all machines find files: a folder, or s3://bucket/shop."),
    ] = None,
    python: Annotated[
        str | None, typer.Option(help="The interpreter on the cluster's machines.")
    ] = None,
    archives: Annotated[
        str | None, typer.Option(help="A packed environment that is sent along: env.tar.gz.")
    ] = None,
    from_events: Annotated[
        int | None, typer.Option(help="Smaller data is asked on this machine.", min=0)
    ] = None,
    wait: Annotated[
        float | None,
        typer.Option(help="Seconds a question waits for a free core before it says so.", min=0),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(
            help="GiB of the lake that stay here once it lies at the shared address; all for all of it."
        ),
    ] = None,
    conf: Annotated[
        list[str] | None,
        typer.Option(
            help="A setting of Spark: spark.executor.memory=8g, or KEY=env:NAME for a variable."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say where the cluster is and how it is used; what is not said stays as it was."""
    pairs = dict(_pair(one) for one in conf or ())
    said = {
        "master": master,
        "shared": shared,
        "python": python,
        "archives": archives,
        "from_events": from_events,
        "wait_s": wait,
        "keep_gib": None if keep is None else _gib(keep),
        "conf": pairs or None,
    }
    _show(run.set_cluster(run.open_workspace(workspace), **said), json)


@app.command("show")
def show_(workspace: Folder = Path(), json: AsJson = False) -> None:
    """Show what is said about the cluster."""
    _show(run.cluster_of(run.open_workspace(workspace)), json)


@app.command()
def forget(workspace: Folder = Path()) -> None:
    """Have no cluster any more, and no copies of files for its machines."""
    run.forget_cluster(run.open_workspace(workspace))
    show.out.print("No cluster is used any more.")


@app.command()
def check(
    master: Annotated[
        str | None, typer.Argument(help="Its address; the one that is set, unless given.")
    ] = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Ask every machine of the cluster what it has and what it sees."""
    found = run.check_cluster(run.open_workspace(workspace), master)
    if json:
        show.json(found)
    else:
        rows = [
            (one.host, one.python, one.version or "", one.trouble or "ready")
            for one in found.machines
        ]
        show.table(found.master, ("machine", "Python", "Pathworth", "state"), rows)
    raise typer.Exit(0 if found.ready else 1)


@app.command()
def build(workspace: Folder = Path(), json: AsJson = False) -> None:
    """Build the shards of the whole lake on the cluster."""
    opened = run.open_workspace(workspace)
    done = show.with_progress(lambda tell: run.build_on_cluster(opened, tell=tell, author=author()))
    if json:
        show.json({"shown": done})
        return
    show.out.print(
        "The cluster's shards are shown now."
        if done
        else "Nothing is shown: there were no shards yet, or others came in between."
    )


@app.command("try")
def try_(
    folder: Annotated[
        Path, typer.Argument(help="Where its processes work and what they say is kept.")
    ] = Path("cluster"),
    workers: Annotated[int, typer.Option(help="How many workers.", min=1)] = 2,
) -> None:
    """Run a cluster of one master and some workers on this machine until Ctrl-C."""
    # Whoever ends this process with a signal means its cluster too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with run.trial_cluster(folder, workers=workers) as master:
        show.out.print(f"{master} is up; Ctrl-C stops it.", markup=False)
        signal.pause()


def _show(cluster: Cluster, json: bool) -> None:
    if json:
        show.json(cluster)
        return
    rows = [
        ("master", cluster.master),
        ("shared", cluster.shared or "the workspace's own folder, on every machine"),
        ("python", cluster.python or ("the archive's" if cluster.archives else "this one's path")),
        ("archives", cluster.archives or ""),
        ("from events", f"{cluster.from_events:,}"),
        ("keeps here", _kept(cluster)),
        ("waits", f"{cluster.wait_s:g} s for a free core"),
        *cluster.conf.items(),
    ]
    show.table("Cluster", ("what", "said"), rows)


def _kept(cluster: Cluster) -> str:
    kept = cluster.keep_gib
    return "all of the lake" if kept is None else f"{kept:g} GiB of the lake's files"


def _gib(said: str) -> float:
    with suppress(ValueError):
        gib = run.ALL_STAY if said == "all" else float(said)
        if gib >= 0:
            return gib
    raise BadInput(
        "BAD_CLUSTER_SETTING",
        f"{said!r} is no room for files.",
        "Say it in GiB, such as 200, or all.",
    )


def _pair(said: str) -> tuple[str, str]:
    key, equals, value = said.partition("=")
    if not equals:
        raise BadInput(
            "BAD_CLUSTER_SETTING",
            f"{said!r} is no setting of Spark.",
            "Write it as KEY=VALUE, such as spark.executor.memory=8g.",
        )
    return key, value
