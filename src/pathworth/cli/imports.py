"""Import files, and see what was imported and what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from pathworth import collect, run
from pathworth.base.errors import BadInput, WrongUsage
from pathworth.cli import data, show
from pathworth.cli.options import AsJson, Folder

Column = Annotated[str | None, typer.Option(help="Column of the file.")]


def import_(
    files: Annotated[
        list[Path] | None, typer.Argument(help="CSV, JSONL, Parquet or a known export.")
    ] = None,
    workspace: Folder = Path(),
    entity: Annotated[str | None, typer.Option(help="Column with whose event it is.")] = None,
    event: Annotated[
        str | None, typer.Option(help="Column with the event's name, or =NAME.")
    ] = None,
    time: Annotated[
        str | None, typer.Option(help="Column with when it happened; =DAY for a file of one day.")
    ] = None,
    time_format: Annotated[
        str | None, typer.Option(help="auto, s, ms, us, days:DATE or a pattern.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of times without one.")] = None,
    value: Annotated[str | None, typer.Option(help="Column with money received.")] = None,
    cost: Annotated[str | None, typer.Option(help="Column with money paid.")] = None,
    currency: Annotated[str | None, typer.Option(help="Code, or column with codes.")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="Column with the message's id.")] = None,
    source: Annotated[str | None, typer.Option(help="Name of the source.")] = None,
    anonymous: Annotated[
        str | None, typer.Option(help="Column with an id from before somebody was known.")
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option("--format", help="Name of the export that it is, a format file, or plain."),
    ] = None,
    formats: Annotated[
        bool, typer.Option("--formats", help="List the exports that are known.")
    ] = False,
    mapping: Annotated[Path | None, typer.Option(help="Saved mapping of several files.")] = None,
    save: Annotated[
        Path | None, typer.Option("--save-mapping", help="Write the mapping used.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read everything, write nothing.")
    ] = False,
    warehouse: Annotated[
        str | None,
        typer.Option(help="Ask a database: env:NAME or file:PATH, which hold its address."),
    ] = None,
    query: Annotated[str, typer.Option(help="What to ask it: a SELECT.")] = "",
    json: AsJson = False,
) -> None:
    """Import event files; known exports, columns and time formats are sniffed, and confirmed when unsure."""
    if formats:
        _list_formats(json=json)
        return
    opened = run.open_workspace(workspace)
    given = collect.FileMapping(
        entity=entity, event=event, time=time, time_format=time_format, timezone=timezone,
        value=value, cost=cost, currency=currency, id=id_, source=source, format=format_,
        anonymous=anonymous,
    )  # fmt: skip
    with _asked(opened, warehouse, query=query) as asked:
        paths, chosen = _chosen([*asked, *(files or [])], mapping, given)
        if mapping is None:
            chosen = _confirmed(paths, given, workspace=workspace, json=json)
        answer = _imported(opened, paths, chosen, dry_run=dry_run)
    if save is not None and answer.guess is not None:
        collect.save_mapping(answer.guess.mapping(), save)
    _answer(answer, dry_run=dry_run, json=json)


@contextmanager
def _asked(opened: run.Workspace, warehouse: str | None, *, query: str) -> Iterator[list[Path]]:
    """Give a file with what a warehouse answers; none where none is named."""
    if warehouse is None:
        yield []
        return
    if not query:
        raise WrongUsage(
            "NO_QUERY",
            "Nothing is asked.",
            "Say it: --query 'SELECT customer, event, at FROM log'.",
        )
    with collect.asked_file(opened.store, warehouse, query=query) as path:
        try:
            yield [path]
        except BadInput as error:
            # The hint is a command to copy, and the file will be gone.
            asked = f"--warehouse {quote(warehouse)} --query {quote(query)}"
            hint = error.hint.replace(str(path), asked)
            raise BadInput(error.code, error.message, hint) from None


def _imported(
    opened: run.Workspace,
    paths: list[Path],
    chosen: collect.Mapping | collect.FileMapping,
    *,
    dry_run: bool,
) -> collect.ImportAnswer:
    answer: collect.ImportAnswer = show.with_progress(
        lambda tell: collect.import_files(
            opened.store,
            paths,
            mapping=chosen,
            dry_run=dry_run,
            progress=run.told(tell),
            notice=lambda words: show.log.print(words, markup=False),
            author=data.author(),
        )
    )
    return answer


def _list_formats(*, json: bool) -> None:
    found = collect.formats()
    if json:
        show.json({"formats": {name: one.told() for name, one in found.items()}})
        return
    rows = ((name, one.title, ", ".join(one.kinds)) for name, one in found.items())
    show.table("Known exports", ("format", "what", "files"), rows)


def _chosen(
    files: list[Path], mapping: Path | None, given: collect.FileMapping
) -> tuple[list[Path], collect.Mapping | collect.FileMapping]:
    if mapping is not None:
        loaded = collect.load_mapping(mapping)
        return files or list(collect.files_of(loaded, mapping.parent)), loaded
    if not files:
        raise WrongUsage(
            "NO_FILES", "No file was named.", "Name the files, or a --mapping that lists them."
        )
    return files, given


def _confirmed(
    paths: list[Path], given: collect.FileMapping, *, workspace: Path, json: bool
) -> collect.Mapping:
    """Print the guess; on a terminal a person may take an unsure one, elsewhere it is refused."""
    guess = collect.sniff(paths, given)
    if not json:
        _tell_guess(guess)
    if guess.sure or (
        show.log.is_terminal and typer.confirm("Import with these columns?", err=True)
    ):
        return guess.mapping()
    try:
        collect.require_sure(guess)
    except BadInput as error:
        # The hint is a command to copy; only the command line knows the workspace it belongs to.
        hint = error.hint.replace("pathworth import ", f"pathworth import -w {workspace} ", 1)
        raise BadInput(error.code, error.message, hint) from None
    return guess.mapping()


def _tell_guess(guess: collect.Guess) -> None:
    for file in guess.files:
        show.log.print(f"{file.path.name}", style="bold")
        for role in file.roles:
            sure = "sure" if role.sure else "unsure"
            line = f"  {role.name}: {role.column or '-'} ({role.because}; {sure})"
            show.log.print(line, markup=False)
        for note in file.notes:
            show.log.print(f"  {note}", markup=False)


def _answer(answer: collect.ImportAnswer, *, dry_run: bool, json: bool) -> None:
    if json:
        show.json(answer.counts())
        return
    verb = "would be imported" if dry_run else "imported"
    what = "numbers by the day" if answer.daily else "events"
    show.out.print(
        f"{answer.accepted:,} {what} {verb}, {answer.duplicates:,} were there already, {answer.rejected:,} refused."
    )
    for reason in answer.reasons:
        show.out.print(f"  {reason.rows:,} {reason.code}: {reason.first}", markup=False)
    for row in answer.sample:
        show.out.print(f"  {row.time}  {row.entity}  {row.event}", markup=False)
    if not dry_run:
        show.out.print(
            f"{answer.events:,} events of {answer.entities:,} people in all, peak memory {run.peak_text()}."
        )


def imports(workspace: Folder = Path(), json: AsJson = False) -> None:
    """List what was imported."""
    found = run.open_workspace(workspace).store.imports()
    if json:
        show.json({"imports": found})
        return
    rows = (
        (
            one.result.import_id,
            ", ".join(Path(file.path).name for file in one.files),
            one.result.accepted,
            one.result.rejected,
            one.result.duplicates,
            one.undone_at,
        )
        for one in found
    )
    heads = ("import", "files", "accepted", "rejected", "duplicates", "undone")
    show.table("Imports", heads, rows)


def rejects(
    id_: Annotated[int, typer.Argument(metavar="ID", help="Number of the import.")],
    workspace: Folder = Path(),
    json: AsJson = False,
) -> None:
    """Show the rows that an import refused, with their reasons."""
    rows = run.open_workspace(workspace).store.rejects(id_).to_pylist()
    if json:
        show.json({"rejects": rows})
        return
    show.table(
        "Refused rows",
        ("file", "row", "code", "reason"),
        ((r["path"], r["row"], r["code"], r["reason"]) for r in rows[:100]),
    )


def export(
    file: Annotated[Path, typer.Argument(help="Where: NAME.xes, NAME.jsonocel, .gz behind it.")],
    workspace: Folder = Path(),
    format_: Annotated[
        str | None, typer.Option("--format", help="xes or ocel; else by the file's name.")
    ] = None,
    having: Annotated[
        list[str] | None, typer.Option("--with", help="A property that is no column yet.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Write all journeys as an event log: XES, or OCEL 2.0 with declared entities as objects."""
    opened = run.open_workspace(workspace)
    done = run.export_log(opened, file, form=format_, having=tuple(having or ()))
    if json:
        show.json(done)
        return
    show.out.print(f"{done.events:,} events of {done.entities:,} people written to {done.file}.")
    if done.left_out:
        names = ", ".join(done.left_out[:20])
        show.out.print(f"Not in it, unless asked for by --with: {names}.", markup=False)
