"""Questions and messages on pages are saved, started and stopped."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from pathworth.act.contracts import ProgramFinding
from pathworth.act.document import dump, known_keys, load_yaml
from pathworth.act.pages.contracts import KeptAsk, OnPage, PageAsk
from pathworth.act.pages.rules import bad_ask_id, check_ask
from pathworth.act.pages.told import on_page
from pathworth.act.programs import maps_of, now
from pathworth.base.errors import BadInput, Refused
from pathworth.store import Asks, Workspace


def load_ask(text: str) -> PageAsk:
    """Read a question or message from YAML; raises ``BAD_YAML`` or ``BAD_ASK`` with the place in the document."""
    return ask_of(load_yaml(text, what="ask"))


def ask_of(given: object) -> PageAsk:
    """Return the question or message of plain mappings; raises ``BAD_ASK`` with the place in the document."""
    hint = "Texts stand in quotes; `pathworth ask show` prints one that is right."
    if not isinstance(given, dict):
        raise BadInput("BAD_ASK", "The document is not a list of keys.", hint)
    strange = known_keys(given, PageAsk)
    if strange is not None:
        raise BadInput("BAD_ASK", f"There is no key {strange[0]}.", strange[1])
    try:
        return msgspec.convert(given, PageAsk)
    except msgspec.ValidationError as error:
        what = str(error).replace("`$.", "`").replace("`", "")
        raise BadInput("BAD_ASK", f"{what}.", hint) from error


def asks(workspace: Workspace) -> tuple[KeptAsk, ...]:
    """Return every question and message, by id."""
    return tuple(KeptAsk(_read(one.document), one) for one in Asks(workspace).all())


def ask(workspace: Workspace, id_: str) -> KeptAsk:
    """Return one; raises ``UNKNOWN_ASK`` with near names."""
    record = Asks(workspace).get(id_)
    return KeptAsk(_read(record.document), record)


def faults_of_ask(workspace: Workspace, given: PageAsk) -> tuple[ProgramFinding, ...]:
    """Return what is wrong with a question or message; empty when nothing is."""
    return check_ask(given, maps_of(workspace))


def save_ask(workspace: Workspace, given: PageAsk, *, author: str = "") -> KeptAsk:
    """Keep a question or message as its next revision; one that runs is shown so from then on.

    Raises
    ------
    Refused
        ``BAD_ASK_ID``, ``NO_ASK_NAME``; ``ASK_NOT_READY`` for one that runs and would have an error.
    """
    for found in bad_ask_id(given):
        raise Refused(found.code, found.message, found.hint)
    kept = Asks(workspace)
    if any(one.id == given.id and one.state == "running" for one in kept.all()):
        _check(workspace, given)
    kept.save(given.id, dump(given), author=author)
    return ask(workspace, given.id)


def start_ask(workspace: Workspace, id_: str, *, now_us: int | None = None) -> KeptAsk:
    """Show a question or message from now on; raises ``ASK_NOT_READY`` with its first error."""
    _check(workspace, ask(workspace, id_).ask)
    Asks(workspace).start(id_, at_us=now() if now_us is None else now_us)
    return ask(workspace, id_)


def stop_ask(
    workspace: Workspace, id_: str, *, why: str = "", now_us: int | None = None
) -> KeptAsk:
    """Show a question or message no more; its answers stay."""
    at_us = now() if now_us is None else now_us
    Asks(workspace).stop(id_, at_us=at_us, why=why or "A person stopped it.")
    return ask(workspace, id_)


def heard(workspace: Workspace, given: PageAsk) -> tuple[OnPage, ...]:
    """Return the events of a page on which it is shown; empty for when the page opens, or where no page can tell."""
    document = maps_of(workspace).get(given.map or "")
    steps = () if document is None else document.steps
    rule = next((one.rule for one in steps if one.id == given.step), None)
    return () if rule is None else on_page(rule) or ()


def _check(workspace: Workspace, given: PageAsk) -> None:
    errors = [one for one in faults_of_ask(workspace, given) if one.level == "error"]
    if errors:
        first = errors[0]
        more = f" {len(errors) - 1} more." if len(errors) > 1 else ""
        why = f"{given.name} cannot be shown: {first.message}{more}"
        raise Refused("ASK_NOT_READY", why, first.hint)


_read = lru_cache(256)(load_ask)
