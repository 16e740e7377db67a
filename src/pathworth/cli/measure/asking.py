"""Commands of the questions in measure's table, made from their parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from pathworth import measure, run
from pathworth.cli import options, show

AskType = type[measure.Ask]
Of = Annotated[
    str,
    typer.Option(help="Whose journeys: person, session, session(gap=1h), or a declared entity."),
]
Holding = Annotated[str | None, typer.Option(help="Property whose value a unit keeps: cart_id.")]
Cell = Annotated[
    str | None, typer.Option("--people", help="List the people behind this cell of the answer.")
]
MapName = Annotated[str | None, typer.Option("--map", help="Steps are names of this map.")]
_CHOOSE = {
    "where": (options.Where, None),
    "who": (options.Who, None),
    "from_": (options.From, None),
    "to": (options.To, None),
    "of": (Of, "person"),
    "holding": (Holding, None),
}
_AGAINST = {
    "against_where": (options.AgainstWhere, None),
    "against_who": (options.AgainstWho, None),
    "against_from": (options.AgainstFrom, None),
    "against_to": (options.AgainstTo, None),
}


def command_of(ask: AskType) -> Callable[..., None]:
    """Return the command of a question."""

    def command(
        workspace: Path, map_: str | None, people: str | None, json: bool, **said: Any
    ) -> None:
        opened = run.open_workspace(workspace)
        chosen = run.Selection(**{name: said.pop(name) for name in _CHOOSE})
        second = {name: said.pop(name) for name in _AGAINST if name in said}
        asked = run.question(opened, ask, values=said, map_name=map_)
        other = None
        if any(second.values()):
            other = run.Selection(
                **{name.removeprefix("against_"): v for name, v in _named(second)}
            )
        if people is not None:

            def listed() -> run.PeoplePage:
                return run.people_of_cell(
                    opened, asked, cell=people, selection=chosen, against=other, map_name=map_
                )

            show.people(show.asking(opened, listed), as_json=json, owners=run.owners(chosen.of))
            return

        def found() -> measure.Answer:
            if isinstance(asked, measure.Compares) and other is not None:
                return run.difference_of(opened, asked, pair=(chosen, other), map_name=map_)
            return run.answer_of(opened, asked, selection=chosen, map_name=map_)

        show.answer(show.asking(opened, found), as_json=json, owners=run.owners(chosen.of))

    return _signed(command, ask)


def _named(second: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the second selection with the names of a selection's fields."""
    return [(f"{name}_" if name == "against_from" else name, one) for name, one in second.items()]


def _signed(command: Any, ask: AskType) -> Callable[..., None]:
    """Give a command the options of its question."""
    hints = get_type_hints(ask)
    steps: dict[str, tuple[Any, Any]] = {}
    own: dict[str, tuple[Any, Any]] = {}
    for one in run.parameters(ask):
        says = one.metadata["says"]
        if one.metadata["kind"] == "steps":
            steps[one.name] = (
                Annotated[list[str] | None, typer.Argument(help=says)],
                None,
            )
        elif one.metadata["kind"] == "pattern":
            steps[one.name] = Annotated[str, typer.Argument(help=says)], inspect.Parameter.empty
        else:
            hint = str | None if one.metadata["kind"] == "step" else hints[one.name]
            own[one.name] = (_option(hint, one.name, says), _default(one.default))
    compared = _AGAINST if issubclass(ask, measure.Compares) else {}
    every = {
        **steps,
        "workspace": (options.Folder, Path()),
        **own,
        "map_": (MapName, None),
        **_CHOOSE,
        **compared,
        "people": (Cell, None),
        "json": (options.AsJson, False),
    }
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    command.__signature__ = inspect.Signature(
        [inspect.Parameter(name, kind, annotation=a, default=d) for name, (a, d) in every.items()]
    )
    command.__annotations__ = {name: a for name, (a, _) in every.items()}
    command.__doc__ = inspect.getdoc(ask)
    found: Callable[..., None] = command
    return found


def _option(hint: Any, name: str, says: str) -> Any:
    """Return an option as typer reads it; several values are given by repeating it."""
    plain = list[str] | None if getattr(hint, "__origin__", None) is tuple else hint
    word = "--" + name.removesuffix("_").replace("_", "-")
    return Annotated[plain, typer.Option(word, help=says)]


def _default(value: Any) -> Any:
    return None if value == () else value


commands = {ask.word: command_of(ask) for ask in measure.ASKS}
