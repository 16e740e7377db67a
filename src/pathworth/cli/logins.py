"""Who may log in, and the keys of programs: add, list, change, remove."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.base.errors import WrongUsage
from pathworth.cli import show
from pathworth.cli.options import AsJson, Folder

app = typer.Typer(help="Who may log in, and in which role.", no_args_is_help=True)
keys = typer.Typer(help="Keys by which programs hand in events.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name that the person logs in with.")]
ROLE_HELP = f"One of {', '.join(run.ROLES)}; each may do what the one before it may."


@app.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option(help=ROLE_HELP)] = "viewer",
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Let somebody log in; the password is asked for, or read from a pipe, or PATHWORTH_PASSWORD."""
    opened = run.open_workspace(workspace)
    made = run.add_login(opened, name, role=role, password=_password())
    if json:
        show.json(made)
        return
    show.out.print(f"{made.name} may log in as {made.role}.", markup=False)


@app.command("list")
def list_(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List everybody who may log in."""
    rows = run.logins(run.open_workspace(workspace))
    if json:
        show.json({"logins": rows})
        return
    if not rows:
        show.out.print("No logins: on this machine everybody is an admin.")
        return
    show.table(
        "Logins",
        ("name", "role", "made", "last here", "browsers"),
        ((row.name, row.role, row.created, row.seen, row.sessions) for row in rows),
    )


@app.command()
def role(
    name: Name,
    role: Annotated[str, typer.Argument(help=ROLE_HELP)],
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Give somebody another role."""
    run.set_role(run.open_workspace(workspace), name, role=role)
    _done(f"{name} is {role} now.", {"name": name, "role": role}, json=json)


@app.command()
def remove(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Let somebody log in no more, and log them out everywhere."""
    run.remove_login(run.open_workspace(workspace), name)
    _done(f"{name} may no longer log in.", {"removed": name}, json=json)


@app.command()
def password(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Give somebody a new password, and log them out everywhere."""
    run.set_password(run.open_workspace(workspace), name, password=_password())
    _done(f"{name} logs in with the new password from now on.", {"changed": name}, json=json)


@app.command()
def end(name: Name, workspace: Folder = Path(), json: AsJson = False) -> None:
    """Log somebody out everywhere."""
    ended = run.end_sessions(run.open_workspace(workspace), name)
    _done(f"{name} was logged in in {ended} browsers, now in none.", {"ended": ended}, json=json)


def _password() -> str:
    if held := os.environ.get("PATHWORTH_PASSWORD"):
        return held
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise WrongUsage(
            "NO_PASSWORD",
            "No password was given.",
            "Run it on a terminal, pipe the password in, or set PATHWORTH_PASSWORD.",
        )
    return line


def _done(words: str, answer: dict[str, str | int], *, json: bool) -> None:
    if json:
        show.json(answer)
    else:
        show.out.print(words, markup=False)


KeyName = Annotated[str, typer.Option("--name", help="What the key is for.")]
_SHORT = 20


@keys.command("create")
def create_key(
    name: KeyName,
    scope: Annotated[str, typer.Option(help="What it may do: ingest, metrics.")] = "ingest",
    key: Annotated[str | None, typer.Option(help="The key itself; drawn unless given.")] = None,
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Make a key and print it, once: only its hash is kept."""
    made = run.create_key(run.open_workspace(workspace), name, scope=scope, key=key)
    if len(made.key) < _SHORT:
        show.log.print(f"A key of {len(made.key)} letters can be guessed; leave --key away.")
    if json:
        show.json(made)
    else:
        show.out.print(made.key, markup=False)


@keys.command("list")
def list_keys(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List every key, without its secret."""
    rows = run.keys(run.open_workspace(workspace))
    if json:
        show.json({"keys": rows})
        return
    heads = ("name", "scope", "made", "last used")
    show.table("Keys", heads, ((row.name, row.scope, row.created, row.used) for row in rows))


@keys.command("remove")
def remove_key(
    name: Annotated[str, typer.Argument(help="Name of the key.")],
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Forget a key: what carries it is refused from now on."""
    run.remove_key(run.open_workspace(workspace), name)
    if json:
        show.json({"removed": name})
    else:
        show.out.print(f"{name} opens nothing any more.", markup=False)
