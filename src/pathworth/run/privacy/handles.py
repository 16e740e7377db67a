"""Ids of people that are addresses, as low roles get them: masked, with a digest by which the person can be opened."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final

from pathworth import store
from pathworth.base import predicate as p
from pathworth.base.errors import PathworthError, Refused
from pathworth.base.seeing import handle_key, sees_plainly
from pathworth.run.privacy.veil import DOTS, mask

_ADDRESS: Final = re.compile(r"[\w.+%-]+@[\w.-]+\w")
_ID: Final = p.Column("person")
_HANDLE: Final = re.compile(rf"(.?){DOTS}@{DOTS}~([0-9a-f]{{16}})")
_IDS: Final = frozenset(["id", "person", "entity", "one", "other", "unit", "some", "account"])
"""Fields of answers that hold ids of people or accounts."""
_SAID: Final = frozenset(["sentence", "words", "others", "why", "key", "subject"])
"""Fields of texts in which such an id may stand."""
_MOST: Final = 50_000
_known: OrderedDict[str, str] = OrderedDict()


def shown_id(id_: str) -> str:
    """Return an id as whoever asks may see it."""
    return id_ if sees_plainly() or _ADDRESS.fullmatch(id_) is None else _handle(id_)


def with_handles(plain: Any, *, field: str = "") -> Any:
    """Return an answer as JSON in which no id is an address, where whoever asks may not see those."""
    if sees_plainly():
        return plain
    if isinstance(plain, dict):
        return {name: with_handles(said, field=name) for name, said in plain.items()}
    if isinstance(plain, list):
        return [with_handles(one, field=field) for one in plain]
    if not isinstance(plain, str):
        return plain
    if field in _IDS:
        return shown_id(plain)
    return _ADDRESS.sub(lambda found: _handle(found[0]), plain) if field in _SAID else plain


def check_ids(snapshot: store.Snapshot, rules: Iterable[str | None]) -> None:
    """Refuse to whoever may not see addresses a rule that would tell letter by letter what an id is.

    Raises
    ------
    Refused
        ``PRIVATE_COLUMN``.
    """
    if sees_plainly() or not any(rule and _asks_for_letters(rule) for rule in rules):
        return
    if any(re.search(b"@", shard.id_bytes.data) for shard in snapshot.shards):
        raise Refused(
            "PRIVATE_COLUMN",
            "Ids of people are addresses here, and your role may not ask for parts of them.",
            "Ask for one whole id: person = 'ID'.",
        )


def _asks_for_letters(rule: str) -> bool:
    """Return whether a rule compares ids with a pattern, a range or a column; one that cannot be read does not."""
    try:
        found = list(p.leaves(p.parse(rule)))
    except PathworthError:
        return False
    return any(_of_letters(one) for one in found)


def _of_letters(leaf: p.Leaf) -> bool:
    if isinstance(leaf, p.CompareColumns):
        return _ID in (leaf.left, leaf.right)
    if isinstance(leaf, p.Compare):
        return leaf.operand == _ID and leaf.operator not in {"=", "!=", "<>"}
    return isinstance(leaf, p.Like | p.Between) and leaf.operand == _ID


def opened(held: store.Workspace, said: str) -> str:
    """Return a text of a request with the ids that its handles stand for; a handle of nobody stays."""
    if DOTS not in said:
        return said
    return _HANDLE.sub(lambda found: _find(held, found[0]) or found[0], said)


def _handle(id_: str) -> str:
    handle = _handle_of(handle_key(), id_)
    _known[handle] = id_
    if len(_known) > _MOST:
        _known.popitem(last=False)
    return handle


def _handle_of(key: bytes, id_: str) -> str:
    return f"{mask(id_)}~{store.digest_of(key, id_).hex()[:16]}"


def _find(held: store.Workspace, handle: str) -> str | None:
    """Return the id of a handle: one that was given out before, or else that of somebody in the data."""
    if handle in _known:
        return _known[handle]
    key, first = store.digest_key(held), handle.partition(DOTS)[0]
    snapshot = held.whole_snapshot()
    for shard in snapshot.shards:
        for entity in range(shard.entities):
            id_ = shard.id_of(entity)
            if "@" in id_ and id_.startswith(first) and _handle_of(key, id_) == handle:
                return id_
    return None
