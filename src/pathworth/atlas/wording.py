"""Rules, names and ids of steps, made from the events that they hold and from nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from pathworth.atlas.counting import Counts, Kind, Moves
from pathworth.store import ColumnInfo

RESERVED = ("exit", "start")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATORS = {"and", "or", "not", "in", "like", "between", "is", "null", "true", "false"}


def rule_of(kinds: Sequence[Kind], columns: Mapping[str, ColumnInfo]) -> str:
    """Return the predicate that takes the events of some kinds."""
    held: dict[tuple[str, str], set[str | None]] = {}
    for kind in kinds:
        held.setdefault((kind.event, kind.property or ""), set()).update(kind.values or ())
    alike: dict[tuple[str, frozenset[str | None]], list[str]] = {}
    for (event, name), values in held.items():
        every = not name or values >= {None, *columns[name].values}
        key = ("", frozenset[str | None]()) if every else (name, frozenset(values))
        alike.setdefault(key, []).append(event)
    terms = []
    for (name, chosen), events in sorted(alike.items(), key=lambda one: (one[0][0], str(one[1]))):
        term = one_of("event", sorted(events))
        if name:
            term = f"{term} and {_values(name, chosen, columns[name])}"
        terms.append(term)
    return terms[0] if len(terms) == 1 else " or ".join(_bracketed(term) for term in terms)


def _values(name: str, chosen: Iterable[str | None], info: ColumnInfo) -> str:
    """Return the predicate for some values of a property, by the shorter list."""
    chosen = set(chosen)
    known = sorted(value for value in chosen if value is not None)
    if None not in chosen:
        return one_of(name, known)
    others = [value for value in info.values if value not in chosen]
    null = f"{column(name)} is null"
    if not known:
        return null
    shorter = one_of(name, known) if len(known) <= len(others) else f"not {one_of(name, others)}"
    return f"({null} or {shorter})"


def _bracketed(term: str) -> str:
    return f"({term})" if " and " in term else term


def one_of(name: str, values: Sequence[str]) -> str:
    """Return ``name = 'a'`` or ``name in ('a', 'b')``."""
    if len(values) == 1:
        return f"{column(name)} = {text(values[0])}"
    return f"{column(name)} in ({', '.join(map(text, values))})"


def column(name: str) -> str:
    """Return a column as the predicate language writes it."""
    if _PLAIN.fullmatch(name) and name.lower() not in _OPERATORS:
        return name
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text literal."""
    return "'" + value.replace("'", "''") + "'"


def name_of(kinds: Sequence[Kind], share: Sequence[float], *, siblings: Iterable[Kind]) -> str:
    """Return what to call a step: the event in most of its visits, or its two commonest.

    Parameters
    ----------
    kinds
        Its kinds of events, the best name first.
    share
        The share of the step's visits that hold each.
    siblings
        Kinds of other steps, to say by which value an event of two steps is meant.
    """
    elsewhere = {kind.event for kind in siblings}
    words: dict[str, set[str | None]] = {}
    for kind in kinds:
        words.setdefault(spoken(kind.event), set()).update(
            kind.values or () if kind.event in elsewhere else ()
        )
    labels = list(words.items())
    if share[0] >= 0.6 or len(labels) == 1:
        return labels[0][0] + _said(labels[0][1])
    (first, one), (second, other) = labels[:2]
    if one == other:
        return f"{first} and {second}{_said(one)}"
    return f"{first}{_said(one)} and {second}{_said(other)}"


def _said(values: set[str | None]) -> str:
    known = sorted(value for value in values if value is not None)
    if not values or len(known) > 2:
        return " (other)" if values else ""
    return f" ({', '.join(known)})" if known and None not in values else " (other)"


def spoken(event: str) -> str:
    """Return an event's name as words: ``add_to_cart`` is Add to cart."""
    words = event if " " in event else re.sub(r"[_\-./]+", " ", event)
    words = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).split()) or event
    return words[:1].upper() + words[1:]


def ids_of(names: Sequence[str]) -> list[str]:
    """Return a short word for each name, all different."""
    taken: list[str] = []
    for at, name in enumerate(names):
        ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        word = "-".join(re.findall(r"[a-z0-9]+", ascii_only))[:48].strip("-") or f"step-{at + 1}"
        word = f"{word}-step" if word in RESERVED else word
        same = sum(one == word or one.startswith(f"{word}-again-") for one in taken)
        taken.append(word if not same else f"{word}-again-{same}")
    return taken


def best_first(cluster: Sequence[int], moves: Moves, *, prefer: Counts) -> list[int]:
    """Return the kinds of a cluster, the one to name it by first.

    What is preferred comes first, then what most visits hold; among those that nearly all hold, what opens
    them.
    """
    opening = moves.events - moves.beside.sum(axis=0)
    most = max(int(moves.visits[list(cluster)].max()), 1)

    def rank(kind: int) -> tuple[bool, int, int, int]:
        common = round(float(moves.visits[kind]) / most * 20)
        wanted = bool(prefer[kind]) and 10 * int(moves.visits[kind]) >= 3 * most
        return (not wanted, -common, -int(opening[kind]), kind)

    return sorted(cluster, key=rank)


def spoken_kind(kind: Kind) -> str:
    """Return a kind of events as words: the event, and its value where it is split."""
    return kind.event + (_said(set(kind.values)) if kind.values else "")
