"""What a backup says of itself, and what a workspace remembers of the backups that were made of it."""

from __future__ import annotations

from dataclasses import dataclass

LIST = "pathworth-backup.json"
"""Last but one in the file: what it is, and every other file with its size and digest."""
SEAL = "pathworth-backup.sha256"
"""Last in the file: the digest of the list."""
FORMAT = 1


@dataclass(frozen=True)
class PackedFile:
    """One file of a workspace, by its path in it, its size and its SHA-256."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """What a backup holds.

    Parameters
    ----------
    format, tables
        In which form it is written, and of which version its database's tables are.
    id
        Under which the workspace remembers it.
    taken_at
        When, as text.
    seq
        Number of the last event that it holds; 0 when it holds none.
    files
        Every file.
    """

    format: int
    tables: str
    id: str
    taken_at: str
    seq: int
    files: tuple[PackedFile, ...] = ()


@dataclass(frozen=True)
class BackupNote:
    """A backup as its workspace remembers it.

    Parameters
    ----------
    path
        Where it was written.
    seq
        Number of the last event that it holds.
    throw_away_at
        When nobody needs it any more; null when it is kept until somebody removes it.
    bytes
        Its size; null when writing it was cut short.
    salted
        Whether it holds what the digests of erased ids are made with.
    """

    id: str
    path: str
    taken_at: str
    seq: int
    throw_away_at: str | None
    bytes: int | None = None
    salted: bool = False


@dataclass(frozen=True)
class PutBack:
    """What restoring did beside putting files back.

    Parameters
    ----------
    stopped
        Programs that ran, and send nothing until somebody starts them again.
    unknown
        Messages that waited to be sent: nobody knows whether the server that was backed up has sent them since.
    erased
        How many people were erased after the backup and are masked again; null where no list of them was found.
    """

    contents: Contents
    stopped: tuple[str, ...]
    unknown: int
    erased: int | None
