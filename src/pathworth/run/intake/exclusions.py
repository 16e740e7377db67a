"""Whom no answer counts: the rules of the workspace, held against every snapshot that is handed out."""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth import store
from pathworth.base.errors import BadInput, NotSupported, PathworthError, StoreTrouble
from pathworth.base.segments import Segment
from pathworth.journeys import Names, asked_of_past, entity_mask
from pathworth.run.privacy.sensitive import warnings

_Mask = NDArray[np.uint8]
_known: dict[tuple[object, ...], tuple[weakref.ref[NDArray], _Mask]] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class ExclusionRow:
    """A rule with how many people it leaves out now.

    Parameters
    ----------
    people
        People whom no earlier rule leaves out already.
    matches
        All people whom it speaks of.
    trouble
        Why it leaves nobody out, when it can no longer be read.
    warnings
        What its author should know of the columns that it reads.
    """

    name: str
    who: str | None
    ids: int
    author: str
    created: str
    active: bool
    people: int
    matches: int
    trouble: str | None
    warnings: tuple[str, ...] = ()


class LeavingOut:
    """Hides the people of the active rules in the snapshots of a store.

    Parameters
    ----------
    held
        The store.
    """

    def __init__(self, held: store.Workspace) -> None:
        self._store = held
        self._lock = threading.Lock()
        self._rules: tuple[object, tuple[store.Exclusion, ...]] | None = None
        self._made: tuple[store.Snapshot, tuple[store.Exclusion, ...], store.Snapshot] | None = None

    def __call__(self, snapshot: store.Snapshot) -> store.Snapshot:
        """Return the snapshot as answers see it; the same object for as long as nothing changes."""
        rules = self._active()
        if not rules or not snapshot.shards:
            return snapshot
        with self._lock:
            made = self._made
            if made is None or made[0] is not snapshot or made[1] != rules:
                made = self._made = (snapshot, rules, hide(snapshot, rules))
            return made[2]

    def _active(self) -> tuple[store.Exclusion, ...]:
        stamp = store.stamp_of(self._store)
        if self._rules is not None and stamp is not None and self._rules[0] == stamp:
            return self._rules[1]
        rules = tuple(one for one in store.Exclusions(self._store).all() if one.active)
        self._rules = None if stamp is None else (stamp, rules)
        return rules


def hide(snapshot: store.Snapshot, rules: Sequence[store.Exclusion]) -> store.Snapshot:
    """Return a snapshot whose answers leave out the people of some rules, each counted with the first of them."""
    masks = [np.zeros(shard.entities, np.uint8) for shard in snapshot.shards]
    counts: dict[str, int] = {}
    for rule in rules:
        try:
            found = matches(snapshot, rule)
        except StoreTrouble:
            # Whom it leaves out may be known in a moment; until then no answer may count them.
            raise
        except PathworthError:
            # A trait that no event carries any more: the page says so, and no answer fails for it.
            found = [np.zeros(shard.entities, np.uint8) for shard in snapshot.shards]
        new = [one & (mask == 0) for one, mask in zip(found, masks, strict=True)]
        counts[rule.name] = sum(int(np.count_nonzero(one)) for one in new)
        masks = [mask | one for one, mask in zip(new, masks, strict=True)]
    events = sum(
        int(np.diff(shard.offset)[mask != 0].sum())
        for shard, mask in zip(snapshot.shards, masks, strict=True)
    )
    said = [(r.name, r.who, r.ids) for r in rules]
    told = next((told for told in (_told(snapshot, one) for one in rules) if told), ())
    key = hashlib.sha256(repr((said, told)).encode()).hexdigest()[:16]
    hidden = store.Hidden(tuple(masks), sum(counts.values()), events, key)
    return replace(snapshot, excluded=counts, hidden=hidden)


def matches(snapshot: store.Snapshot, rule: store.Exclusion) -> list[NDArray[np.uint8]]:
    """Return uint8[n_entity] per shard: 1 for the people whom a rule speaks of.

    Raises
    ------
    UnknownName
        ``UNKNOWN_TRAIT`` and whatever else the predicate does not find.
    """
    return [
        _matches(snapshot, shard, rule) & snapshot.live(place).view(np.uint8)
        for place, shard in enumerate(snapshot.shards)
    ]


def _matches(snapshot: store.Snapshot, shard: store.Shard, rule: store.Exclusion) -> _Mask:
    """Return uint8[n_entity] of one shard, kept for the snapshots that hold the same shard."""
    told = _told(snapshot, rule)
    # What somebody did within a time counts back from the last event of all.
    end = snapshot.last_us if told or "did" in (rule.who or "").lower() else None
    # An id speaks of its person, whatever other ids that person has.
    ids = snapshot.persons_of(rule.ids)
    links = snapshot.links if told or "person" in (rule.who or "").lower() else 0
    key = (id(shard.offset), rule.who, ids, told, end, links)
    held = _known.get(key)
    if held is not None and held[0]() is shard.offset:
        return held[1]
    if rule.who is not None:
        made = entity_mask(snapshot, shard, who=rule.who)
    else:
        made = np.zeros(shard.entities, np.uint8)
        places = store.places_in(shard, ids)
        made[places[places >= 0]] = 1
    with _lock:
        for old in [old for old, (there, _) in _known.items() if there() is None]:
            del _known[old]
        _known[key] = (weakref.ref(shard.offset), made)
    return made


def _told(snapshot: store.Snapshot, rule: store.Exclusion) -> tuple[Segment, ...]:
    """Return the segments of a snapshot when a rule may name one."""
    return snapshot.segments if "in_segment" in (rule.who or "").lower() else ()


def exclude(
    held: store.Workspace,
    name: str,
    *,
    who: str | None = None,
    ids: Sequence[str] = (),
    author: str = "",
) -> tuple[ExclusionRow, ...]:
    """Leave people out of every answer from now on, and return all rules.

    Parameters
    ----------
    held
        The store.
    name
        What they are, for example ``employees``.
    who
        Predicate over traits and ``person``, the raw id.
    ids
        Raw ids; one of the two is given.
    author
        Who says so.

    Raises
    ------
    BadInput
        ``EMPTY_EXCLUSION``, ``NO_EXCLUSION_NAME``.
    NotSupported
        ``EXCLUDES_EVERYBODY``, ``DEED_TOO_OFTEN``.
    WrongUsage, UnknownName
        Whatever is wrong with the predicate.
    """
    listed = sorted({one.strip() for one in ids} - {""})
    if not name.strip():
        raise BadInput("NO_EXCLUSION_NAME", "The rule has no name.", "Name it: employees.")
    if (who is None) == (not listed):
        raise BadInput(
            "EMPTY_EXCLUSION",
            "A rule speaks of people either by a predicate or by a list of ids.",
            "Write one of the two, for example: person like '%@example.com'.",
        )
    rule = store.Exclusion(name.strip(), who, tuple(listed), author, "")
    snapshot = held.whole_snapshot()
    if who is not None:
        # Programs ask it of every event: what cannot be remembered cannot be asked.
        tuple(asked_of_past(who, Names.of(snapshot)))
    found = sum(int(np.count_nonzero(mask)) for mask in matches(snapshot, rule))
    if found and found == snapshot.entities:
        raise NotSupported(
            "EXCLUDES_EVERYBODY",
            f"This speaks of all {found:,} people, so nothing would be left to count.",
            "Say more exactly who is meant.",
        )
    store.Exclusions(held).save(rule.name, who=who, ids=listed, author=author)
    return exclusions(held)


def exclusions(held: store.Workspace) -> tuple[ExclusionRow, ...]:
    """Return every rule with how many people it leaves out."""
    snapshot, rules = held.whole_snapshot(), store.Exclusions(held).all()
    counts = hide(snapshot, [one for one in rules if one.active]).excluded
    told = {one.name: warnings(held, one.who, of=f"the rule {one.name!r}") for one in rules}
    return tuple(
        _row(snapshot, one, people=counts.get(one.name, 0), told=told[one.name]) for one in rules
    )


def switch_exclusion(held: store.Workspace, name: str, *, active: bool) -> tuple[ExclusionRow, ...]:
    """Switch a rule on or off, and return all rules; raises ``UNKNOWN_EXCLUSION``."""
    store.Exclusions(held).switch(name, active=active)
    return exclusions(held)


def drop_exclusion(held: store.Workspace, name: str) -> tuple[ExclusionRow, ...]:
    """Forget a rule, and return those that are left; raises ``UNKNOWN_EXCLUSION``."""
    store.Exclusions(held).remove(name)
    return exclusions(held)


def _row(
    snapshot: store.Snapshot, rule: store.Exclusion, *, people: int, told: tuple[str, ...]
) -> ExclusionRow:
    trouble, count = None, 0
    try:
        count = sum(int(np.count_nonzero(mask)) for mask in matches(snapshot, rule))
    except PathworthError as error:
        trouble = error.message
    return ExclusionRow(
        name=rule.name,
        who=rule.who,
        ids=len(rule.ids),
        author=rule.author,
        created=rule.created_at,
        active=rule.active,
        people=people,
        matches=count,
        trouble=trouble,
        warnings=told,
    )
