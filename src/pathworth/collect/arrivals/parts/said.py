"""What clients write as ids, amounts and objects within objects, read in one way for all of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

Scalar = str | int | float | bool | None
"""A value that is one thing; ids and names come as any of them."""
NOTHING = Raw(b"")
"""Stands where a key is missing."""
EMPTY = Raw(b"{}")
_ACCOUNTS = ("account", "company", "organization", "organisation", "customer")
"""Kinds of groups that are accounts before any other kind is."""
DEPTH = 3
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# A cubot is a telephone.
_BOT = re.compile(
    r"(?<!cu)bot(\b|_)|crawl|spider|slurp|headless|phantomjs|lighthouse|pingdom|uptime|prerender|"
    r"facebookexternalhit|mediapartners|selenium|puppeteer|playwright",
    re.IGNORECASE,
)

encode = msgspec.json.Encoder().encode
read_object = msgspec.json.Decoder(dict[str, Raw]).decode
read_any = msgspec.json.Decoder().decode
_read_list = msgspec.json.Decoder(list[Raw]).decode


def text_of(said: Scalar) -> str:
    """Return an id or a name as text; empty where nothing is said."""
    if isinstance(said, str):
        return said.strip()
    if said is None or isinstance(said, bool):
        return ""
    # A whole number that a client wrote as 17.0 is the id 17.
    return str(int(said)) if isinstance(said, float) and said.is_integer() else str(said)


def is_there(raw: Raw) -> bool:
    """Return whether a key holds something."""
    return bytes(raw) not in {b"", b"null"}


def is_object(raw: Raw) -> bool:
    """Return whether a key holds an object."""
    return bytes(raw).startswith(b"{")


def object_of(raw: Raw) -> dict[str, Raw]:
    """Return the keys of an object; none where it is no object."""
    return read_object(raw) if is_object(raw) else {}


def list_of(raw: Raw) -> list[Raw]:
    """Return the parts of an array; none where it is no array."""
    return _read_list(raw) if bytes(raw).startswith(b"[") else []


def scalar_of(raw: Raw) -> Scalar:
    """Return a value that is one thing; null for anything else."""
    found = read_any(raw) if is_there(raw) else None
    return found if isinstance(found, str | int | float | bool) else None


def decoded_text(raw: Raw) -> str:
    """Return an id or a name that was left undecoded as text; empty where nothing of the kind is said."""
    return text_of(scalar_of(raw)) if raw is not NOTHING else ""


def is_bot(agent: str) -> bool:
    """Return whether a program calls itself a robot, or a browser that nobody looks at."""
    return bool(agent) and _agent_is_bot(agent)


@functools.lru_cache(maxsize=4096)
def _agent_is_bot(agent: str) -> bool:
    return _BOT.search(agent) is not None


def flat(name: str, held: Any) -> dict[str, Any]:
    """Return what an object holds under names that no other object of a batch can take from it.

    ``{"page": {"url": "/"}}`` named ``context`` is ``{"context_page_url": "/"}``, as the tables of warehouses have
    it. Objects more than three levels deep, and arrays, stay what they are.
    """
    found: dict[str, Any] = {}
    _spread(found, snake(name), held, depth=0)
    return found


def _spread(found: dict[str, Any], path: str, held: Any, *, depth: int) -> None:
    if isinstance(held, Mapping) and depth < DEPTH:
        for key in held:
            _spread(found, f"{path}_{snake(key)}", held[key], depth=depth + 1)
    elif held is not None and held != "":
        found[path] = held


@functools.lru_cache(maxsize=4096)
def snake(word: str) -> str:
    """Return a key as words with underscores: ``userAgent`` is ``user_agent``."""
    return _HUMP.sub("_", word).replace(" ", "_").replace(".", "_").lower()


def keys_of(held: Mapping[str, Any]) -> bytes:
    """Return keys and values as JSON without braces, to stand beside others."""
    return encode(held)[1:-1] if held else b""


class _OfAccount(msgspec.Struct):
    account_id: Raw = NOTHING


_read_account = msgspec.json.Decoder(_OfAccount).decode


def account_of(properties: Raw) -> str | None:
    """Return the account that an event's own properties name."""
    if b'"account_id"' not in bytes(properties):
        return None
    found = _read_account(properties).account_id
    return text_of(scalar_of(found)) or None


class Groups(NamedTuple):
    """The groups that an event names: which of them is its account, of what kind, and all as keys ``group_KIND``."""

    account: str | None
    kind: str
    beside: bytes


def groups_of(raw: Raw) -> Groups:
    """Return the groups that an event names by their kind.

    A group may be a list of ids; the first of them counts.
    """
    found = {}
    for kind, held in object_of(raw).items():
        first = next(iter(list_of(held)), held)
        key = decoded_text(first)
        if key:
            found[kind] = key
    kind = next((kind for kind in _ACCOUNTS if kind in found), next(iter(found), ""))
    beside = keys_of({f"group_{snake(kind)}": key for kind, key in found.items()})
    return Groups(found.get(kind), kind, beside)


def traits_of(raw: Raw) -> dict[str, Raw]:
    """Return what is said of somebody, whether plainly or by operations.

    What is set is a trait of its name, what was there before wins over what is set once, and any other operation is
    told as ``add_logins``.
    """
    said = object_of(raw)
    once, plain, other = dict[str, Raw](), dict[str, Raw](), dict[str, Raw]()
    for key, held in said.items():
        if key in {"$setOnce", "$set_once"}:
            once |= object_of(held)
        elif key == "$set":
            plain |= object_of(held)
        elif key.startswith("$") and is_object(held):
            other |= {f"{key[1:]}_{name}": value for name, value in object_of(held).items()}
        else:
            plain[key] = held
    return {**once, **other, **plain}
