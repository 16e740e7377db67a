"""Who may come in: passwords, sessions of browsers, tries that wait, and keys of programs."""

from __future__ import annotations

import functools
import hashlib
import secrets
import threading
import time
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pathworth import store
from pathworth.base.errors import Refused, WrongUsage
from pathworth.base.instants import to_iso
from pathworth.run.workspace import Workspace

ROLES: Final[tuple[store.Role, ...]] = ("viewer", "editor", "sender", "admin")
"""Each role may do what the one before it may, and more."""
SCOPES: Final = ("ingest", "metrics")
SESSION_DAYS: Final = 14
_DAY_US = 86_400_000_000
_IDLE_US = _DAY_US
_LONGEST_US = SESSION_DAYS * _DAY_US
_FORGET_US = 3_600_000_000
_MOST_US = 900_000_000
_SHORTEST, _LONGEST = 8, 1_000
_NAME = 100
# OWASP's second choice of memory and passes; verifying is bounded below, so that tries cannot fill the memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=47_104, parallelism=1)
_verifying = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class LoginRow:
    """A person who may log in, for the list of them; ``sessions`` counts the browsers that are logged in."""

    name: str
    role: str
    created: str
    seen: str | None
    sessions: int


@dataclass(frozen=True)
class KeyRow:
    """A key of a program, for the list of them; its secret is not kept."""

    name: str
    scope: str
    created: str
    used: str | None


@dataclass(frozen=True)
class NewKey:
    """A key just made: the only time that it is shown."""

    key: str


@dataclass(frozen=True)
class Me:
    """Who is asking: ``needed`` says whether a login is needed at all; name and role are null without one."""

    needed: bool
    name: str | None
    role: str | None


@dataclass(frozen=True)
class Entered:
    """A login that went well; ``token`` goes into the browser and is kept nowhere else."""

    token: str
    me: Me


def rank(role: str | None) -> int:
    """Return how much a role may do; nobody's is 0."""
    return 0 if role is None else ROLES.index(role) + 1


def add_login(workspace: Workspace, name: str, *, role: str, password: str) -> LoginRow:
    """Make a login.

    Raises
    ------
    WrongUsage
        ``UNKNOWN_ROLE``, ``BAD_LOGIN_NAME``.
    Refused
        ``WEAK_PASSWORD``, ``LOGIN_EXISTS``, ``FIRST_LOGIN_ADMIN``.
    """
    checked, name = _role(role), _name(name)
    kept = _hashed(name, password)
    now = _now()
    store.Logins(workspace.store).add(name, role=checked, password=kept, now_us=now)
    return LoginRow(name, checked, to_iso(now), None, 0)


def logins(workspace: Workspace) -> tuple[LoginRow, ...]:
    """Return everybody who may log in, by name."""
    return tuple(
        LoginRow(one.name, one.role, to_iso(one.created_us), _iso(one.seen_us), one.sessions)
        for one in store.Logins(workspace.store).all()
    )


def set_role(workspace: Workspace, name: str, *, role: str) -> None:
    """Give somebody another role."""
    store.Logins(workspace.store).set_role(name, role=_role(role))


def set_password(workspace: Workspace, name: str, *, password: str) -> None:
    """Give somebody a new password; every browser of theirs has to log in again."""
    kept = _hashed(name, password)
    held = store.Logins(workspace.store)
    held.set_password(name, password=kept)
    # Whoever waits because of wrong tries need not wait with the new password.
    held.forget_tries_of(name)


def remove_login(workspace: Workspace, name: str, *, by: str | None = None) -> None:
    """Let somebody log in no more.

    Parameters
    ----------
    by
        Who asks for it in a browser: nobody locks themself out there.

    Raises
    ------
    Refused
        ``OWN_LOGIN``, ``LAST_ADMIN``.
    """
    if name == by:
        raise Refused(
            "OWN_LOGIN",
            "Nobody can remove the login with which they are here.",
            f"Another admin can, or: pathworth login remove {name}",
        )
    store.Logins(workspace.store).remove(name)


def end_sessions(workspace: Workspace, name: str) -> int:
    """Log somebody out everywhere and return from how many browsers."""
    return store.Logins(workspace.store).end_sessions(name)


def change_password(
    workspace: Workspace, name: str, *, old: str, new: str, token: str | None, address: str
) -> None:
    """Change one's own password; other browsers have to log in again, this one does not.

    Raises
    ------
    Refused
        ``WRONG_PASSWORD``, ``TOO_MANY_TRIES``, ``WEAK_PASSWORD``.
    """
    _check(workspace, name, password=old, address=address)
    kept = None if token is None else digest(token)
    store.Logins(workspace.store).set_password(name, password=_hashed(name, new), keep=kept)


def enter(workspace: Workspace, name: str, *, password: str, address: str) -> Entered:
    """Log in.

    Parameters
    ----------
    address
        Where the try comes from; wrong tries wait per name and per address.

    Raises
    ------
    Refused
        ``WRONG_PASSWORD``, the same for a wrong name; ``TOO_MANY_TRIES``.
    """
    name = name.strip()
    _check(workspace, name, password=password, address=address)
    token, now = secrets.token_urlsafe(32), _now()
    held = store.Logins(workspace.store)
    held.begin_session(name, token=digest(token), now_us=now, since_us=now - _LONGEST_US)
    return Entered(token, who(workspace, token))


def who(workspace: Workspace, token: str | None) -> Me:
    """Return who a browser's token stands for."""
    held = store.Logins(workspace.store)
    if token is None or len(token) > _LONGEST:
        return Me(held.exist(), None, None)
    now = _now()
    found = held.of_session(
        digest(token), now_us=now, begun_after_us=now - _LONGEST_US, seen_after_us=now - _IDLE_US
    )
    return (
        Me(held.exist(), None, None)
        if found is None
        else Me(needed=True, name=found.name, role=found.role)
    )


def leave(workspace: Workspace, token: str) -> None:
    """Log a browser out."""
    store.Logins(workspace.store).end_session(digest(token))


def create_key(
    workspace: Workspace, name: str, *, scope: str = "ingest", key: str | None = None
) -> NewKey:
    """Make a key for a program; only its hash is kept.

    Parameters
    ----------
    scope
        What it may do: ``ingest``.
    key
        The key itself; one is drawn when null.

    Raises
    ------
    WrongUsage
        ``UNKNOWN_SCOPE``, ``BAD_KEY``.
    Refused
        ``KEY_EXISTS``.
    """
    if scope not in SCOPES:
        raise WrongUsage(
            "UNKNOWN_SCOPE", f"{scope!r} is not a scope.", f"Write one of: {', '.join(SCOPES)}."
        )
    made = secrets.token_urlsafe(32) if key is None else key
    if not made.isascii() or not made.isprintable() or made != made.strip() or not made:
        raise WrongUsage(
            "BAD_KEY",
            "The key would not survive in a header.",
            "Use printable ASCII letters without spaces at the ends.",
        )
    keys = store.Keys(workspace.store)
    keys.add(_name(name), scope=scope, secret=digest(made), now_us=_now())
    return NewKey(made)


def keys(workspace: Workspace) -> tuple[KeyRow, ...]:
    """Return every key by name, without secrets."""
    return tuple(
        KeyRow(one.name, one.scope, to_iso(one.created_us), _iso(one.used_us))
        for one in store.Keys(workspace.store).all()
    )


def remove_key(workspace: Workspace, name: str) -> None:
    """Forget a key; what carries it is refused from now on."""
    store.Keys(workspace.store).remove(name)


def key_scope(workspace: Workspace, key: str) -> str | None:
    """Return what a key may do; null when it is none."""
    found = store.Keys(workspace.store).of_secret(digest(key), now_us=_now())
    return None if found is None else found.scope


def digest(token: str) -> str:
    """Return the hash under which a token is kept: tokens are long and random, so one pass is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _check(workspace: Workspace, name: str, *, password: str, address: str) -> None:
    held = store.Logins(workspace.store)
    pair, place, everywhere = f"name {name} at {address}", f"address {address}", f"name {name}"
    limits = (store.TryLimit(pair, 5), store.TryLimit(place, 20), store.TryLimit(everywhere, 50))
    wait = held.take_try(limits, now_us=_now(), forget_us=_FORGET_US, most_us=_MOST_US)
    if wait > 0:
        seconds = -(-wait // 1_000_000)
        raise Refused(
            "TOO_MANY_TRIES",
            f"Too many wrong tries. The next one counts in {seconds} seconds.",
            "Wait, or ask an admin for a new password: pathworth login password NAME",
        )
    if not _is_right(held.password(name), password):
        raise Refused(
            "WRONG_PASSWORD",
            "Name and password do not belong together.",
            "Check both; an admin can give you a new password.",
        )
    held.forgive((place, everywhere))
    held.forget_tries((pair,))


def _is_right(kept: str | None, password: str) -> bool:
    """Compare a password; for a name that nobody has just as long, so that an answer tells no names."""
    spare = _nobody()
    with _verifying:
        try:
            return _hasher.verify(kept or spare, password[:_LONGEST]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


@functools.cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def _hashed(name: str, password: str) -> str:
    if not _SHORTEST <= len(password) <= _LONGEST or password.strip().lower() == name.lower():
        raise Refused(
            "WEAK_PASSWORD",
            f"A password has {_SHORTEST} to {_LONGEST:,} characters and is not the name.",
            "Three or four random words are easy to keep in mind and hard to guess.",
        )
    with _verifying:
        return _hasher.hash(password)


def _role(role: str) -> store.Role:
    for one in ROLES:
        if one == role:
            return one
    raise WrongUsage(
        "UNKNOWN_ROLE", f"{role!r} is not a role.", f"Write one of: {', '.join(ROLES)}."
    )


def _name(name: str) -> str:
    text = name.strip()
    if not 0 < len(text) <= _NAME or not text.isprintable():
        raise WrongUsage(
            "BAD_LOGIN_NAME",
            f"{name!r} is not a name.",
            f"Write one to {_NAME} letters, for example ann.",
        )
    return text


def _now() -> int:
    return time.time_ns() // 1_000


def _iso(instant_us: int | None) -> str | None:
    return None if instant_us is None else to_iso(instant_us)
