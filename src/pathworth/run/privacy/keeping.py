"""How long each class of data is kept: declared by a person, looked at before, kept to every night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pathworth import act, store
from pathworth.base.durations import DAY_US, spoken, to_us
from pathworth.base.errors import Refused, UnknownName, WrongUsage
from pathworth.base.instants import to_iso
from pathworth.run.intake.arrivals import number
from pathworth.run.workspace import Workspace

AS_OTHERS: Final = "as others"
_PROOF: Final = "consents"
_LONGEST_US: Final = 200 * 365 * DAY_US
_WHAT: Final = {
    store.EVENTS: "Events of every source that has no limit of its own, with the rows that imports hold twice.",
    store.DECISIONS: "Decisions of programs and messages, with address and answer; what is on its way stays.",
    store.REFUSED: "What could not be read: quarantine, rows that imports refused, imports that were cut short.",
    _PROOF: "Answers to purposes on channels are proof, and are kept for ever.",
    "backups": "Each is thrown away on the day that it was made for: pathworth backups",
}


@dataclass(frozen=True)
class KeptClass:
    """One class of data.

    Parameters
    ----------
    name, what
        By which it is named, and what it holds, in words.
    keep
        How long, as a duration; null for ever.
    own
        Whether that was said of this class itself.
    from_
        The moment from which on it is kept now, by whole days; null for ever.
    fixed
        Whether nobody can set it.
    """

    name: str
    what: str
    keep: str | None
    own: bool
    from_: str | None
    fixed: bool = False


@dataclass(frozen=True)
class KeepView:
    """Every class with its limit, and the last batches, the newest first."""

    classes: tuple[KeptClass, ...]
    batches: tuple[store.KeepBatch, ...]


@dataclass(frozen=True)
class KeepPreview:
    """What the next batch would remove by some limits: how much of which class, of which days."""

    rows: int
    classes: tuple[store.WouldGo, ...]


@dataclass(frozen=True)
class EventsKept:
    """From when on events are kept, by class, when the last batch was done, and what it removed of each class.

    A journey that began before that moment begins there now, and looks new.
    """

    since: dict[str, str]
    last: str | None
    removed: dict[str, int]


def keeping(workspace: Workspace) -> KeepView:
    """Return how long each class is kept, and what the last batches removed."""
    kept = store.Keeping(workspace.store)
    limits = kept.limits()
    since = {one.name: to_iso(one.first_us) for one in kept.since(limits)}
    classes = (
        KeptClass(
            name,
            _what(name),
            limits.of(name),
            name in limits.limits,
            _first(since, name, limits),
        )
        for name in _names(workspace)
    )
    fixed = (
        KeptClass(n, _WHAT[n], None, own=False, from_=None, fixed=True) for n in (_PROOF, "backups")
    )
    return KeepView((*classes, *fixed), kept.batches())


def keep(workspace: Workspace, name: str, *, duration: str) -> KeepView:
    """Declare how long a class is kept; what is older goes with the batch of the night, and is gone for good.

    Parameters
    ----------
    name
        ``events``, ``events:SOURCE``, ``decisions`` or ``refused``.
    duration
        Such as ``400d``; ``for ever``; of a source also ``as others``.

    Raises
    ------
    UnknownName
        ``UNKNOWN_CLASS``.
    Refused
        ``KEPT_AS_PROOF``.
    WrongUsage
        ``BAD_DURATION``, ``KEPT_TOO_SHORT``, ``KEPT_TOO_LONG``.
    """
    store.Keeping(workspace.store).save(_with(workspace, name, duration).limits)
    return keeping(workspace)


def preview_keep(
    workspace: Workspace, name: str | None = None, *, duration: str | None = None
) -> KeepPreview:
    """Say what the next batch would remove if a class had some limit, or as everything is declared.

    Raises as ``keep`` does.
    """
    given = None if name is None or duration is None else _with(workspace, name, duration)
    found = store.Keeping(workspace.store).preview(given)
    return KeepPreview(sum(one.rows for one in found), found)


def keep_files(
    workspace: Workspace,
    *,
    author: str = "",
    progress: Callable[[str, float], None] | None = None,
) -> store.KeepBatch | None:
    """Remove what is older than it is kept, from every file; null when everything is kept for ever.

    Raises
    ------
    StoreTrouble
        ``WORKSPACE_BUSY``, ``DATABASE_BUSY``, ``DISK_FULL``; the next call goes on.
    """
    kept = store.Keeping(workspace.store)
    if not kept.waits():
        return None
    # Batches that wait hold bytes as they came; once numbered those are gone.
    number(workspace)
    return kept.run(by=author or None, progress=progress)


def events_kept(workspace: Workspace) -> EventsKept | None:
    """Return from when on events are kept; null when all are kept for ever and nothing was ever removed."""
    kept = store.Keeping(workspace.store)
    since = {o.name: to_iso(o.first_us) for o in kept.since() if o.name.startswith(store.EVENTS)}
    last = next((one for one in kept.batches() if one.done_at), None)
    if not since and last is None:
        return None
    removed: Counter[str] = Counter()
    for one in last.removed if last else ():
        removed[one.name] += one.rows
    return EventsKept(since, None if last is None else last.done_at, dict(sorted(removed.items())))


def removed_in_words(batch: store.KeepBatch | None) -> str:
    """Return in a few words what a batch removed."""
    if batch is None:
        return "Everything is kept for ever."
    rows = sum(one.rows for one in batch.removed)
    return f"{rows:,} rows were older than they are kept." if rows else "Nothing was too old."


def _with(workspace: Workspace, name: str, duration: str) -> store.Kept:
    """Return the limits with another one among them."""
    limits = store.Keeping(workspace.store).limits()
    known = _names(workspace)
    if name in {_PROOF, "backups"}:
        raise Refused(
            "KEPT_AS_PROOF", f"No limit is set for {name}: {_WHAT[name]}", "Name another class."
        )
    if name not in known:
        raise UnknownName.near("class", name, known)
    said = duration.strip()
    left = {one: limit for one, limit in limits.limits.items() if one != name}
    source = name.startswith(store.OWN)
    if said == store.FOR_EVER:
        return store.Kept({**left, name: said} if source else left)
    if said == AS_OTHERS and source:
        return store.Kept(left)
    _refuse_odd(workspace, name, said)
    return store.Kept({**left, name: said})


def _refuse_odd(workspace: Workspace, name: str, said: str) -> None:
    if to_us(said) > _LONGEST_US:
        raise WrongUsage(
            "KEPT_TOO_LONG", f"{said} is longer than two hundred years.", "Say: for ever."
        )
    least = "1d"
    if name == store.DECISIONS:
        # How often somebody was written to is counted in the ledger.
        caps = (one.program.cap.within for one in act.programs(workspace.store))
        least = max((least, *caps), key=to_us)
    if to_us(said) < max(to_us(least), DAY_US):
        raise WrongUsage(
            "KEPT_TOO_SHORT",
            f"{name} cannot be kept for less than {spoken(least)}.",
            "Name a longer time: decisions are kept for as long as a program's cap looks back, all else for a day.",
        )


def _names(workspace: Workspace) -> tuple[str, ...]:
    own = (f"{store.OWN}{name}" for name in store.Keeping(workspace.store).sources())
    return (store.EVENTS, *own, store.DECISIONS, store.REFUSED)


def _what(name: str) -> str:
    return _WHAT.get(name) or f"Events of the source {name.removeprefix(store.OWN)}."


def _first(since: Mapping[str, str], name: str, limits: store.Kept) -> str | None:
    if limits.of(name) is None:
        return None
    return since.get(name) or since.get(store.EVENTS)
