"""What import is asked and what it answers: mappings, guesses with their reasons, the counts of an import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pathworth.base.declarations import Declarations
from pathworth.collect.readers import Shape

ROLES = ("entity", "event", "time", "value", "cost", "currency", "id")
"""What a column can mean, apart from being a property."""
NO_MONEY = "none"
"""Said of ``value``: the file's money is left out, since another source tells the same."""


@dataclass(frozen=True)
class FileMapping:
    """What the columns of a file mean; null is "not said", to be guessed.

    Parameters
    ----------
    file
        Name or glob of the files it is for.
    entity, time
        Columns with whose event it is and when; ``a|b`` takes the first of them that holds something.
    event
        Column with the event's name, or ``=order`` for a name that every row gets.
    time_format
        ``auto``, ``iso``, ``s``, ``ms``, ``us``, ``ns``, ``days:2013-10-01`` or a ``strptime`` pattern.
    timezone
        Zone of times without one; null for the workspace's.
    value, cost
        Columns with money received and paid, in units of the currency; ``value`` may be ``none``.
    currency
        Three-letter code, or a column with such codes.
    id
        Column with the message's id.
    source
        Name of the source.
    format
        Name of the export that it is, which says all the rest; ``plain`` for none.
    anonymous
        Column with an id from before somebody was known: where a row has both, it says that the two are one person.
    """

    file: str = "*"
    entity: str | None = None
    event: str | None = None
    time: str | None = None
    time_format: str | None = None
    timezone: str | None = None
    value: str | None = None
    cost: str | None = None
    currency: str | None = None
    id: str | None = None
    source: str | None = None
    format: str | None = None
    anonymous: str | None = None

    def command(self, paths: tuple[Path, ...]) -> str:
        """Return the command that imports these files with this mapping."""
        words = ["pathworth import", *(quoted(str(path)) for path in paths)]
        for name in ("entity", "event", "time", "time_format", "timezone", "value", "cost"):
            words += self._option(name)
        for name in ("currency", "id", "source", "format", "anonymous"):
            words += self._option(name)
        return " ".join(words)

    def _option(self, name: str) -> list[str]:
        value = getattr(self, name)
        plain = value is None or (name == "time_format" and value in {"auto", "iso"})
        return [] if plain else [f"--{name.replace('_', '-')} {quoted(value)}"]


def is_code(text: str) -> bool:
    """Return whether a text is a three-letter currency code."""
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()


def quoted(word: str) -> str:
    """Return a word as a shell takes it."""
    safe = all(c.isalnum() or c in "_-./:=,@+" for c in word)
    return word if safe and word else "'" + word.replace("'", "'\\''") + "'"


@dataclass(frozen=True)
class Mapping:
    """A saved mapping: its files, each with its own columns, and what was declared about the data."""

    files: tuple[FileMapping, ...]
    declare: Declarations | None = None


@dataclass(frozen=True)
class Role:
    """The guess for one meaning.

    ``column`` is null when no column carries it; ``because`` says why; an unsure guess waits for a person.
    """

    name: str
    column: str | None
    because: str
    sure: bool
    given: bool = False


@dataclass(frozen=True)
class FileGuess:
    """What a file seems to be.

    Parameters
    ----------
    path, shape
        The file and how to read it.
    mapping
        The mapping as far as it was given or guessed.
    roles
        The guesses behind it, each with its reason.
    columns
        Names of the columns seen.
    notes
        What a person should know: columns left out on purpose, rows that all get one name.
    kept
        The columns that become properties, where a format says so; null for all that have no other meaning.
    """

    path: Path
    shape: Shape
    mapping: FileMapping
    roles: tuple[Role, ...]
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kept: tuple[str, ...] | None = None

    @property
    def sure(self) -> bool:
        """Whether the mapping can be taken without asking."""
        return all(role.sure for role in self.roles)


@dataclass(frozen=True)
class Guess:
    """What the files of one import seem to be."""

    files: tuple[FileGuess, ...]

    @property
    def sure(self) -> bool:
        """Whether every mapping can be taken without asking."""
        return all(file.sure for file in self.files)

    def mapping(self) -> Mapping:
        """Return the guess as a mapping that can be saved; files go by their names where those differ."""
        names = [file.path.name for file in self.files]
        plain = len(set(names)) == len(names)
        return Mapping(
            tuple(
                replace(file.mapping, file=file.path.name if plain else str(file.path))
                for file in self.files
            )
        )


@dataclass(frozen=True)
class Progress:
    """How far an import is: ``done`` of ``total`` bytes of its files, rows accepted and rejected so far."""

    done: int
    total: int
    rows: int
    rejected: int
    stage: str = "reading"


ProgressCall = Callable[[Progress], None]
NoticeCall = Callable[[str], None]


@dataclass(frozen=True)
class Reason:
    """A kind of rejected row: its code, how many, and what the first one looked like."""

    code: str
    rows: int
    first: str


@dataclass(frozen=True)
class ImportAnswer:
    """What an import did, or what a dry run saw.

    Parameters
    ----------
    import_
        Number of the import, of the last one where there were several; null for a dry run.
    accepted, rejected, duplicates, conflicting
        Rows that became events, that could not be read, that were there already, and of the latter those that
        differ from the event that was there.
    entities, events
        Entities and events in the workspace afterwards; in a dry run those of the files, where duplicates
        are not looked for.
    from_us, to_us
        First and last time among the accepted rows; both null without any.
    imports
        Numbers of all of them: files of different sources are imported one source after the other.
    reasons
        Why rows were rejected, the commonest first.
    guess
        The mapping that was used, with its reasons.
    notes
        What a person should know about the files.
    sample
        First rows as mapped, for a dry run.
    daily
        Whether these are numbers by the day, which are no events and tell no people.
    """

    import_: int | None
    accepted: int
    rejected: int
    duplicates: int
    conflicting: int
    entities: int
    events: int
    from_us: int | None
    to_us: int | None
    imports: tuple[int, ...] = ()
    reasons: tuple[Reason, ...] = ()
    guess: Guess | None = None
    notes: tuple[str, ...] = ()
    sample: tuple[MappedRow, ...] = field(default=())
    daily: bool = False

    def counts(self) -> dict[str, int | str | None]:
        """Return the answer of the command ``import``, under the keys that stay."""
        return {
            "import": self.import_,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "duplicates": self.duplicates,
            "entities": self.entities,
            "events": self.events,
            "from": iso_text(self.from_us),
            "to": iso_text(self.to_us),
        }


@dataclass(frozen=True)
class MappedRow:
    """One row as it would be stored; money in units of its currency."""

    entity: str
    event: str
    time: str
    value: float | None
    cost: float | None
    currency: str | None
    properties: tuple[tuple[str, str], ...]


def iso_text(us: int | None) -> str | None:
    """Return microseconds since 1970 as ISO 8601 in UTC with Z."""
    if us is None:
        return None
    time = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
    return time.replace(tzinfo=None).isoformat() + "Z"
