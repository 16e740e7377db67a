"""What is pulled from other tools by itself, as people see it, add it and take it away."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pathworth import collect, store
from pathworth.base.durations import DAY_US, HOUR_US, MINUTE_US, to_us
from pathworth.base.errors import BadInput, PathworthError
from pathworth.base.instants import to_iso
from pathworth.run.workspace import Workspace

_LOOK_S = 2.0
_RAREST_US = 366 * DAY_US
_log = logging.getLogger("pathworth.pulls")


@dataclass(frozen=True)
class PullRow:
    """Something that is pulled.

    Parameters
    ----------
    name, connector, title, settings
        What it is called, how it is pulled, and what was said of that.
    secret
        Whether its secret is in a variable, in a file or kept here; empty where it needs none.
    every_seconds, next, paused
        How often, and when next: null while it is paused.
    since
        Up to when everything was pulled; null where the tool itself keeps that.
    started, ended
        The last start and the last end.
    result, code, error
        What the last run said: one of the first and the last is null, or all before the first run.
    author
        Who added it.
    """

    name: str
    connector: str
    title: str
    settings: dict[str, str]
    secret: str
    every_seconds: float
    next: str | None
    paused: bool
    since: str | None
    started: str | None
    ended: str | None
    result: str | None
    code: str | None
    error: str | None
    author: str


@dataclass(frozen=True)
class ConnectorRow:
    """A list of a tool that can be pulled: what its secret is, and what a person should know.

    Parameters
    ----------
    settings, more
        What it needs to know, each with what that is; and the names of what may be said beside.
    """

    name: str
    title: str
    format: str
    secret: str
    settings: dict[str, str]
    more: tuple[str, ...]
    every: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class HandedIn:
    """A secret itself, from somebody who may not say where on this machine one is; never shown."""

    text: str = field(repr=False)


def connectors() -> tuple[ConnectorRow, ...]:
    """Return every connector by name."""
    return tuple(
        ConnectorRow(
            name=one.name,
            title=one.title,
            format=one.format,
            secret=one.secret,
            settings=one.settings,
            more=collect.may_be_said(one),
            every=one.every,
            notes=one.notes,
        )
        for one in collect.connectors().values()
    )


def pulls(workspace: Workspace) -> tuple[PullRow, ...]:
    """Return everything that is pulled, by name."""
    return tuple(_row(one) for one in store.Pulls(workspace.store).all())


def add_pull(
    workspace: Workspace,
    name: str,
    *,
    connector: str,
    secret: str | HandedIn = "",
    settings: Mapping[str, str] | None = None,
    every: str | None = None,
    since: str | None = None,
    author: str = "",
) -> tuple[PullRow, ...]:
    """Let something be pulled from now on, and return everything that is.

    Parameters
    ----------
    name
        What to call it.
    connector
        How it is pulled.
    secret
        Where its secret is: ``env:NAME`` or ``file:PATH``; or the secret itself, handed in.
    settings
        What the connector leaves open; also ``address``, ``entity``, ``source``, ``currency``, ``timezone``, ``value``.
    every, since
        How often, such as ``6h``; and from which day on.
    author
        Who says so.

    Raises
    ------
    BadInput
        ``BAD_PULL_NAME``, ``BAD_SECRET_PLACE``, ``BAD_SECRET``, ``NO_SETTING``, ``PULL_NOT_SAFE``,
        ``PULL_TOO_OFTEN``, ``PULL_TOO_SELDOM``, ``BAD_DAY``, ``PULL_KNOWN``.
    UnknownName
        ``UNKNOWN_CONNECTOR``, ``UNKNOWN_SETTING``.
    """
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,59}", name):
        raise BadInput(
            "BAD_PULL_NAME",
            f"{name!r} is no name for what is pulled.",
            "Use small letters, digits and dashes: stripe-charges.",
        )
    chosen = collect.connector_named(connector)
    every_us = to_us(every or chosen.every)
    if every_us < MINUTE_US:
        raise BadInput(
            "PULL_TOO_OFTEN", "Nothing is pulled more often than once a minute.", "Say: --every 1h."
        )
    if every_us > _RAREST_US:
        raise BadInput(
            "PULL_TOO_SELDOM",
            "Nothing is pulled less often than once a year.",
            "Say --every 30d, or pull it by hand while it is paused.",
        )
    now = _now()
    said = collect.check_settings(chosen, settings or {})
    cursor = collect.first_cursor(chosen, since, now_us=now)
    place = "" if chosen.auth == "none" else _place(workspace, secret)
    made = store.PullRecord(
        name=name,
        connector=chosen.name,
        settings=said,
        secret=place,
        every_us=every_us,
        cursor=cursor,
        author=author,
        next_us=now,
    )
    try:
        store.Pulls(workspace.store).add(made)
    except BaseException:
        collect.forget_secret(workspace.store.path, place)
        raise
    return pulls(workspace)


def run_pull(
    workspace: Workspace,
    name: str,
    *,
    wait: Callable[[float], None] = time.sleep,
    now: datetime | None = None,
) -> PullRow:
    """Pull what is new now.

    Parameters
    ----------
    name
        What is pulled.
    wait, now
        What waits some seconds, and the time.

    Raises
    ------
    UnknownName
        ``UNKNOWN_PULL``.
    PathworthError
        Whatever stands in the way; it is noted, and what came before stays.
    """
    table, begun = store.Pulls(workspace.store), _now()
    known = table.of(name)
    soon = begun + min(known.every_us, HOUR_US)
    record = table.begin(name, now_us=begun, next_us=soon)
    one = collect.Pull(collect.connector_named(record.connector), record)
    result, error, following = None, None, begun + record.every_us
    try:
        done = collect.pull(
            workspace.store,
            one,
            note=lambda cursor: table.move(name, cursor=cursor),
            now=now or datetime.now(UTC),
            wait=wait,
        )
        result = _words(done)
    except collect.Later as later:
        following = begun + round(later.seconds * 1e6)
        result = f"{later} It is asked again then."
    except PathworthError as trouble:
        error, following = (trouble.code, f"{trouble.message} {trouble.hint}"), soon
        raise
    except BaseException as trouble:
        error, following = ("PULL_BROKE", f"It broke off: {type(trouble).__name__}."), soon
        raise
    finally:
        table.end(name, at_us=_now(), next_us=following, result=result, error=error)
    return _row(table.of(name))


def ask_pull(workspace: Workspace, name: str) -> tuple[PullRow, ...]:
    """Make a pull due now, and return all; whoever serves the workspace runs it within seconds.

    Raises
    ------
    UnknownName
        ``UNKNOWN_PULL``.
    Refused
        ``PULL_PAUSED``.
    """
    store.Pulls(workspace.store).ask(name, now_us=_now())
    return pulls(workspace)


def pause_pull(workspace: Workspace, name: str) -> tuple[PullRow, ...]:
    """Let a pull wait until it is resumed, and return all; one that runs ends first. Raises ``UNKNOWN_PULL``."""
    store.Pulls(workspace.store).pause(name)
    return pulls(workspace)


def resume_pull(workspace: Workspace, name: str) -> tuple[PullRow, ...]:
    """Let a paused pull go on where it stood, from now on, and return all. Raises ``UNKNOWN_PULL``."""
    store.Pulls(workspace.store).resume(name, now_us=_now())
    return pulls(workspace)


def remove_pull(workspace: Workspace, name: str) -> tuple[PullRow, ...]:
    """Pull something no more, and return what is left: its secret goes, what came stays. Raises ``UNKNOWN_PULL``."""
    gone = store.Pulls(workspace.store).remove(name)
    collect.forget_secret(workspace.store.path, gone.secret)
    return pulls(workspace)


class Pulling:
    """Pulls what is due, one after the other; looks for it every other second."""

    def __init__(self) -> None:
        self._looked = 0.0

    def ready(self, workspace: Workspace) -> bool:
        """Return whether something is due."""
        if time.monotonic() - self._looked < _LOOK_S:
            return False
        self._looked = time.monotonic()
        return bool(store.Pulls(workspace.store).due(now_us=_now()))

    def work(self, workspace: Workspace) -> str:
        """Pull what is due; what stands in the way of one is noted with it and stops no other."""
        done, failed = [], []
        for name in store.Pulls(workspace.store).due(now_us=_now()):
            try:
                run_pull(workspace, name)
                done.append(name)
            except PathworthError:
                failed.append(name)
            except Exception:  # noqa: BLE001 - said with the pull, and the others still have their turn
                _log.exception("The pull %r broke off.", name)
                failed.append(name)
        words = [f"Pulled: {', '.join(done)}."] if done else []
        words += [f"Could not: {', '.join(failed)}."] if failed else []
        return " ".join(words) or "Nothing was due any more."


def _place(workspace: Workspace, secret: str | HandedIn) -> str:
    if isinstance(secret, HandedIn):
        return collect.keep_secret(workspace.store.path, secret.text)
    return collect.check_secret(secret)


def _words(done: collect.Pulled) -> str:
    rows = f"{done.accepted:,} new, {done.duplicates:,} there already, {done.rejected:,} refused"
    return f"{rows}, in {done.requests:,} requests." if done.imports else "Nothing new."


def _row(one: store.PullRecord) -> PullRow:
    known = collect.connectors().get(one.connector)
    held = {"env": "in a variable", "file": "in a file", "kept": "kept here"}
    return PullRow(
        name=one.name,
        connector=one.connector,
        title=known.title if known else one.connector,
        settings=dict(one.settings),
        secret=held.get(one.secret.partition(":")[0], ""),
        every_seconds=one.every_us / 1e6,
        next=None if one.paused else to_iso(one.next_us),
        paused=one.paused,
        since=collect.pulled_until(one.cursor),
        started=_iso(one.started_us),
        ended=_iso(one.ended_us),
        result=one.result,
        code=one.code,
        error=one.error,
        author=one.author,
    )


def _iso(instant_us: int | None) -> str | None:
    return None if instant_us is None else to_iso(instant_us)


def _now() -> int:
    return time.time_ns() // 1_000
