"""People who may log in, their sessions, how often a password was tried, and keys of programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from sqlalchemy import BigInteger, ForeignKey, Text, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.base.errors import Refused, UnknownName
from pathworth.store.records.database import Base, Setting, lock

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

Role = Literal["viewer", "editor", "sender", "admin"]
_TOUCH_US = 60_000_000
_BINDING = "binding"


class LoginRow(Base):
    """One person who may log in; of the password only its hash."""

    __tablename__ = "logins"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    password: Mapped[str] = mapped_column(Text)
    created_us: Mapped[int] = mapped_column(BigInteger)
    seen_us: Mapped[int | None] = mapped_column(BigInteger)


class LoginSessionRow(Base):
    """One browser that is logged in; of its token only the hash."""

    __tablename__ = "login_sessions"

    token: Mapped[str] = mapped_column(Text, primary_key=True)
    login: Mapped[str] = mapped_column(ForeignKey("logins.name"), index=True)
    begun_us: Mapped[int] = mapped_column(BigInteger)
    seen_us: Mapped[int] = mapped_column(BigInteger)


class LoginTryRow(Base):
    """How often something was tried lately and went wrong: a name, an address, or both together."""

    __tablename__ = "login_tries"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    tries: Mapped[int] = mapped_column(BigInteger)
    last_us: Mapped[int] = mapped_column(BigInteger)


class KeyRow(Base):
    """One key by which a program may do one thing; of the key only its hash."""

    __tablename__ = "keys"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    scope: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text, unique=True)
    created_us: Mapped[int] = mapped_column(BigInteger)
    used_us: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Login:
    """A person who may log in; ``seen_us`` is null before the first time, ``sessions`` counts browsers."""

    name: str
    role: Role
    created_us: int
    seen_us: int | None
    sessions: int


@dataclass(frozen=True)
class Key:
    """A key of a program, without its secret."""

    name: str
    scope: str
    created_us: int
    used_us: int | None


@dataclass(frozen=True)
class TryLimit:
    """So many wrong tries under a key are free; each further one doubles the wait."""

    key: str
    free: int


@dataclass(frozen=True)
class Logins:
    """The people who may log in to a workspace."""

    workspace: Workspace

    def exist(self) -> bool:
        """Return whether anybody has a login, so that everybody needs one."""
        with self.workspace.database.session() as session:
            return session.scalar(select(LoginRow.name).limit(1)) is not None

    def has_admin(self) -> bool:
        """Return whether there is an admin."""
        with self.workspace.database.session() as session:
            return _admins(session) > 0

    def add(self, name: str, *, role: Role, password: str, now_us: int) -> None:
        """Keep a new login; ``password`` is already a hash.

        Raises
        ------
        Refused
            ``LOGIN_EXISTS``; ``FIRST_LOGIN_ADMIN`` when nobody could make the next one.
        """
        try:
            with self.workspace.database.session() as session:
                if role != "admin" and _admins(session) == 0:
                    raise Refused(
                        "FIRST_LOGIN_ADMIN",
                        "The first login must be an admin's, or nobody could make the next one.",
                        "Give it the role admin.",
                    )
                session.add(LoginRow(name=name, role=role, password=password, created_us=now_us))
        except IntegrityError:
            raise Refused(
                "LOGIN_EXISTS",
                f"There is a login named {name!r} already.",
                "Choose another name, or change its password.",
            ) from None

    def password(self, name: str) -> str | None:
        """Return the hash of a login's password; null when there is no such login."""
        with self.workspace.database.session() as session:
            return session.scalar(select(LoginRow.password).where(LoginRow.name == name))

    def set_password(self, name: str, *, password: str, keep: str | None = None) -> None:
        """Change the hash of a password and end every session but the one whose token's hash is kept."""
        with self.workspace.database.session() as session:
            _row(session, name).password = password
            _end(session, name, keep)

    def set_role(self, name: str, *, role: Role) -> None:
        """Change a role.

        Raises
        ------
        Refused
            ``LAST_ADMIN``.
        """
        with self.workspace.database.session() as session:
            row = _row(session, name)
            row.role = role
            session.flush()
            _check_admin(session, name)

    def remove(self, name: str) -> None:
        """Forget a login and end its sessions; the last of all may go, the last admin before others may not."""
        with self.workspace.database.session() as session:
            row = _row(session, name)
            _end(session, name, None)
            session.delete(row)
            session.flush()
            if session.scalar(select(func.count()).select_from(LoginRow)):
                _check_admin(session, name)

    def all(self) -> tuple[Login, ...]:
        """Return every login by name."""
        counted = select(LoginSessionRow.login, func.count()).group_by(LoginSessionRow.login)
        with self.workspace.database.session() as session:
            held = {row[0]: int(row[1]) for row in session.execute(counted)}
            rows = session.scalars(select(LoginRow).order_by(LoginRow.name))
            return tuple(_login(row, held.get(row.name, 0)) for row in rows)

    def begin_session(self, name: str, *, token: str, now_us: int, since_us: int) -> None:
        """Remember a browser by the hash of its token; sessions begun before ``since_us`` are forgotten."""
        with self.workspace.database.session() as session:
            _row(session, name).seen_us = now_us
            session.execute(delete(LoginSessionRow).where(LoginSessionRow.begun_us < since_us))
            session.add(LoginSessionRow(token=token, login=name, begun_us=now_us, seen_us=now_us))

    def of_session(
        self, token: str, *, now_us: int, begun_after_us: int, seen_after_us: int
    ) -> Login | None:
        """Return whose session a token's hash is; null when it is none, too old, or was idle too long."""
        with self.workspace.database.session() as session:
            held = session.get(LoginSessionRow, token)
            if held is None or held.begun_us < begun_after_us or held.seen_us < seen_after_us:
                return None
            row = _row(session, held.login)
            if now_us - held.seen_us > _TOUCH_US:
                held.seen_us = row.seen_us = now_us
            return _login(row, 1)

    def end_session(self, token: str) -> None:
        """Forget one browser."""
        with self.workspace.database.session() as session:
            session.execute(delete(LoginSessionRow).where(LoginSessionRow.token == token))

    def end_sessions(self, name: str) -> int:
        """Forget every browser of a person and return how many there were."""
        with self.workspace.database.session() as session:
            _row(session, name)
            return _end(session, name, None)

    def take_try(
        self, limits: tuple[TryLimit, ...], *, now_us: int, forget_us: int, most_us: int
    ) -> int:
        """Count a try before it is judged, so that many at once are counted too.

        Parameters
        ----------
        limits
            Everything that the try counts for.
        forget_us
            Wrong tries longer ago than this no longer count.
        most_us
            The longest wait.

        Returns
        -------
        Microseconds to wait; 0 when it may be judged now, and only then was it counted.
        """
        with self.workspace.database.session() as session:
            rows = [_try_row(session, limit.key, now_us) for limit in limits]
            for row in rows:
                row.tries = 0 if now_us - row.last_us > forget_us else row.tries
            waits = [
                row.last_us + min(1_000_000 << min(row.tries - limit.free, 40), most_us) - now_us
                for row, limit in zip(rows, limits, strict=True)
                if row.tries >= limit.free
            ]
            if any(wait > 0 for wait in waits):
                return max(waits)
            for row in rows:
                row.tries, row.last_us = row.tries + 1, now_us
            return 0

    def forgive(self, keys: tuple[str, ...]) -> None:
        """Take back the try just counted under each key: it was right."""
        with self.workspace.database.session() as session:
            for row in session.scalars(select(LoginTryRow).where(LoginTryRow.key.in_(keys))):
                row.tries = max(row.tries - 1, 0)

    def forget_tries(self, keys: tuple[str, ...]) -> None:
        """Forget every try under these keys."""
        with self.workspace.database.session() as session:
            session.execute(delete(LoginTryRow).where(LoginTryRow.key.in_(keys)))

    def forget_tries_of(self, name: str) -> None:
        """Forget every try under a name, from wherever it came."""
        anywhere = LoginTryRow.key.startswith(f"name {name} at ", autoescape=True)
        with self.workspace.database.session() as session:
            session.execute(
                delete(LoginTryRow).where(or_(LoginTryRow.key == f"name {name}", anywhere))
            )

    def note_binding(self, text: str) -> None:
        """Remember where the server was last told to listen, for whoever checks it against the logins."""
        with self.workspace.database.session() as session:
            lock(session)
            held = session.get(Setting, _BINDING)
            if held is None or held.value != text:
                session.merge(Setting(key=_BINDING, value=text))

    def binding(self) -> str | None:
        """Return where the server was last told to listen; null before the first time."""
        with self.workspace.database.session() as session:
            held = session.get(Setting, _BINDING)
            return None if held is None else held.value


@dataclass(frozen=True)
class Keys:
    """The keys by which programs hand something to a workspace."""

    workspace: Workspace

    def add(self, name: str, *, scope: str, secret: str, now_us: int) -> None:
        """Keep a key by the hash of its secret.

        Raises
        ------
        Refused
            ``KEY_EXISTS`` when the name or the secret is taken.
        """
        try:
            with self.workspace.database.session() as session:
                session.add(KeyRow(name=name, scope=scope, secret=secret, created_us=now_us))
        except IntegrityError:
            raise Refused(
                "KEY_EXISTS",
                f"There is a key named {name!r}, or with this secret, already.",
                "Choose another name, or remove the old key first.",
            ) from None

    def of_secret(self, secret: str, *, now_us: int) -> Key | None:
        """Return the key with a secret's hash, noted as used; null when there is none."""
        with self.workspace.database.session() as session:
            row = session.scalar(select(KeyRow).where(KeyRow.secret == secret))
            if row is None:
                return None
            if row.used_us is None or now_us - row.used_us > _TOUCH_US:
                row.used_us = now_us
            return _key(row)

    def all(self) -> tuple[Key, ...]:
        """Return every key by name."""
        with self.workspace.database.session() as session:
            return tuple(_key(row) for row in session.scalars(select(KeyRow).order_by(KeyRow.name)))

    def remove(self, name: str) -> None:
        """Forget a key; what carries it is refused from now on."""
        with self.workspace.database.session() as session:
            row = session.get(KeyRow, name)
            if row is None:
                raise UnknownName.near("key", name, session.scalars(select(KeyRow.name)))
            session.delete(row)


def _row(session: Session, name: str) -> LoginRow:
    row = session.get(LoginRow, name)
    if row is None:
        raise UnknownName.near("login", name, session.scalars(select(LoginRow.name)))
    return row


def _admins(session: Session) -> int:
    asked = select(func.count()).select_from(LoginRow).where(LoginRow.role == "admin")
    return session.scalar(asked) or 0


def _check_admin(session: Session, name: str) -> None:
    if _admins(session) == 0:
        raise Refused(
            "LAST_ADMIN",
            f"{name!r} is the last admin; without one nobody could give roles.",
            "Make somebody else an admin first.",
        )


def _end(session: Session, name: str, keep: str | None) -> int:
    mine = delete(LoginSessionRow).where(LoginSessionRow.login == name)
    ended = session.execute(mine if keep is None else mine.where(LoginSessionRow.token != keep))
    return int(getattr(ended, "rowcount", 0))


def _try_row(session: Session, key: str, now_us: int) -> LoginTryRow:
    # Writing first takes the database's lock, so that tries at the same moment are counted one by one.
    same = update(LoginTryRow).where(LoginTryRow.key == key).values(tries=LoginTryRow.tries)
    session.execute(same, execution_options={"synchronize_session": False})
    row = session.get(LoginTryRow, key)
    if row is None:
        row = LoginTryRow(key=key, tries=0, last_us=now_us)
        session.add(row)
    return row


def _login(row: LoginRow, sessions: int) -> Login:
    return Login(row.name, cast("Role", row.role), row.created_us, row.seen_us, sessions)


def _key(row: KeyRow) -> Key:
    return Key(row.name, row.scope, row.created_us, row.used_us)
