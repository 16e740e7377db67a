"""Begin a workspace, see the demo, serve, look it over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathworth import run
from pathworth.cli import show, value
from pathworth.cli.options import AsJson, Folder

Host = Annotated[
    str, typer.Option(help="Address to listen on; others than loopback need an admin's login.")
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option("--allow-host", help="Name by which others reach this server; may be repeated."),
]
Port = Annotated[int, typer.Option(help="Port to listen on.")]


def init(
    folder: Annotated[
        Path, typer.Argument(help="Folder to make; it must not hold a workspace yet.")
    ],
    timezone: Annotated[
        str, typer.Option(help="IANA zone that times without one are read in.")
    ] = "UTC",
    currency: Annotated[str, typer.Option(help="Currency of money without one.")] = "EUR",
    database: Annotated[
        str | None,
        typer.Option(help="Empty database on a server: postgresql+psycopg://NAME@HOST/DATABASE."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Begin a workspace: one folder with one company's journeys."""
    made = run.init(folder, timezone=timezone, currency=currency, database=database)
    if json:
        show.json({"workspace": str(made.store.path)})
    else:
        show.out.print(
            f"{made.store.path} is ready. Next: pathworth import FILE -w {folder}, "
            f"or pathworth serve -w {folder} and a file on its page Data"
        )


def demo(
    data: Annotated[
        str, typer.Option(help="company, ecom, cdnow, or a file of yours.")
    ] = "company",
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="Folder of the demo.")
    ] = Path("demo"),
    seed: Annotated[int, typer.Option(help="Seed of the company.")] = 1,
    people: Annotated[
        int | None, typer.Option(help="About how many people the company has.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Saved mapping; its files are shown instead of --data.")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the web app afterwards.")
    ] = True,
    loop: Annotated[
        bool,
        typer.Option(
            "--loop",
            help="First let the company live its year under three programs of its own: minutes.",
        ),
    ] = False,
    host: Host = "127.0.0.1",
    port: Port = run.PORT,
    json: AsJson = False,
) -> None:
    """Import, map and price a company in one go, say what was found, and serve it."""
    run.check_binding(workspace, run.Binding(host))
    url = f"http://{host}:{port}/map" if serve else None
    asked = run.DemoQuestion(
        data=data, folder=workspace, seed=seed, people=people, url=url, mapping=mapping
    )
    if loop:
        lived = show.with_progress(lambda tell: run.demo_loop(asked, progress=tell))
        show.log.print(f"The company lived its year in {lived}.", markup=False)
    answer = show.with_progress(lambda tell: run.demo(asked, progress=tell))
    if json:
        show.json(answer)
    else:
        _report(answer)
    if serve:
        show.log.print(f"{url} is up; Ctrl-C stops it.")
        run.listen(Path(answer.workspace), binding=run.Binding(host), port=port, show="/map")


def serve(
    workspace: Folder = Path(),
    host: Host = "127.0.0.1",
    port: Port = run.PORT,
    allow_host: AllowHost = None,
) -> None:
    """Serve the web app and the API on this machine, or to others once an admin can log in."""
    binding = run.Binding(host, tuple(allow_host or ()))
    run.open_workspace(workspace)
    run.check_binding(workspace, binding)
    show.log.print(f"http://{host}:{port} is up; Ctrl-C stops it.")
    run.listen(workspace, binding=binding, port=port)


def _report(answer: run.Demo) -> None:
    taken = answer.import_
    show.out.print(
        f"{taken.accepted:,} events of {taken.entities:,} people imported, "
        f"{taken.duplicates:,} duplicates left out, {taken.rejected:,} rows refused."
    )
    if taken.daily:
        show.out.print(
            f"{taken.daily:,} numbers by the day or week beside them, and {taken.marks} dates of the calendar as marks."
        )
    show.out.print(answer.headline, markup=False)
    show.out.print()
    value.tell(answer.price)
    if answer.planted:
        show.table(
            "What was planted, and what was found",
            ("id", "truth", "found", "rank"),
            ((row.id, row.truth, row.found, row.rank) for row in answer.planted),
        )
    _tell_identity(answer)
    if answer.tried:
        show.table(
            "What was tried, and what its read-out says",
            ("id", "true change", "of", "found", "verdict", "sent", "stopped after days"),
            (
                (
                    row.id,
                    f"{row.truth:+.1%}",
                    row.outcome,
                    "" if row.found is None else f"{row.found:+.1%} {row.metric}",
                    row.verdict,
                    row.sent,
                    "" if row.stopped is None else f"{row.stopped:.0f}",
                )
                for row in answer.tried
            ),
        )
    elif answer.planted:
        show.log.print("pathworth demo --loop shows what came of the company's three programs.")
    for line in answer.switched_off:
        show.log.print(line, markup=False)


def _tell_identity(answer: run.Demo) -> None:
    found = answer.identity
    if found is None:
        return
    show.out.print(
        f"{found.ids:,} raw ids of {found.people:,} people were put together to {found.found:,}: "
        f"{found.precision:.2%} of the pairs found are right, {found.recall:.2%} of the true pairs were found; "
        f"{found.merged:,} mix people, {found.kiosks_apart} of {found.kiosks} kiosks stand alone."
    )
    show.out.print(
        f"Of {found.pairs - found.both:,} pairs that were missed {found.missed_nowhere:,} have a device where nobody "
        f"ever logged in, {found.missed_kiosk:,} one whose owner logged in at a kiosk instead, "
        f"{found.missed_otherwise:,} neither."
    )


_COLOURS = {"ok": "green", "look": "yellow", "broken": "red"}


def doctor(workspace: Folder = Path(), json: AsJson = False) -> None:
    """Look a workspace over; leaves with 1 when something is broken."""
    report = run.doctor(workspace)
    if json:
        show.json(report)
    else:
        for one in report.checks:
            show.out.print(f"[{_COLOURS[one.state]}]{one.state:<7}[/]", end="")
            show.out.print(f"{one.name:<12}{one.says}", markup=False, soft_wrap=True)
            if one.remedy is not None:
                show.out.print(f"{'':<19}{one.remedy}", markup=False, soft_wrap=True)
    if report.state == "broken":
        raise typer.Exit(1)
