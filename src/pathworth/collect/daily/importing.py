"""Files of one source that tell no people, read block by block and kept as one import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pathworth.base.money import from_micro
from pathworth.collect.contracts import FileGuess, MappedRow
from pathworth.collect.daily.aside import Aside
from pathworth.collect.daily.reading import Batch, DailyReader
from pathworth.collect.importers import format_of
from pathworth.collect.tally import SHOWN, Tally, check_share
from pathworth.store import (
    DailyRead,
    ImportedFile,
    ImportResult,
    InputFile,
    Workspace,
    import_daily,
)

KIND = "daily"
See = Callable[[int, Tally], None]


@dataclass(frozen=True)
class DailyGroup:
    """Files of one source, each with what is known of it."""

    source: str
    files: tuple[FileGuess, ...]
    inputs: tuple[InputFile, ...]
    author: str | None = None


def is_daily(file: FileGuess) -> bool:
    """Return whether a file tells no people, but numbers by the day."""
    form = format_of(file.mapping)
    return form is not None and form.daily is not None


def read_group(
    files: Sequence[FileGuess], *, currency: str, see: See, tally: Tally, limit: int | None = None
) -> int:
    """Read files to their end, count what they hold, and judge each; return how many numbers they say.

    Parameters
    ----------
    currency
        Of money without one.
    see
        Told after every batch how many bytes of its file have been read.
    tally
        Counts rows.
    limit
        Rows of each file after which reading stops; null for all.

    Raises
    ------
    BadInput
        ``MOSTLY_REJECTED``, ``EMPTY_FILE``, and those of the readers.
    """
    said = 0
    with Aside() as aside:
        reader = DailyReader(currency, aside)
        for file in files:
            rows = 0
            for batch in _read(reader, file, see=see, tally=tally):
                said += len(batch.values)
                rows += batch.rows + len(batch.torn)
                if limit is not None and rows >= limit:
                    break
    return said


def import_group(
    workspace: Workspace, group: DailyGroup, *, see: See
) -> tuple[ImportResult, Tally]:
    """Keep what files say as one import; a file that was kept before, byte for byte, is not read again."""
    tally, files, said = Tally(), [], 0
    with Aside() as aside:
        reader = DailyReader(workspace.currency, aside)
        for place, one in enumerate(group.inputs):
            seen = _again(workspace, group, place)
            if seen is not None:
                known = ImportedFile(one.path, one.sha256, one.bytes, seen.rows, 0, skipped=True)
                files.append(known)
                continue
            rows = refused = 0
            for batch in _read(reader, group.files[place], see=see, tally=tally):
                aside.keep(batch.values)
                aside.refuse(place, batch.torn)
                rows, refused = rows + len(batch.values), refused + len(batch.torn)
            files.append(ImportedFile(one.path, one.sha256, one.bytes, rows, refused))
            said += rows
        read = DailyRead(group.source, tuple(files), aside.values(), aside.refused(), said)
        return import_daily(workspace, read, author=group.author), tally


def _read(reader: DailyReader, file: FileGuess, *, see: See, tally: Tally) -> Iterator[Batch]:
    """Read a file batch by batch, count and tell, and judge it at its end."""
    before = (tally.accepted, tally.rejected)
    for batch in reader.read(file):
        _count(tally, batch, file.path.name)
        see(batch.position, tally)
        yield batch
    check_share(file.path.name, tally, accepted=before[0], rejected=before[1])


def _again(workspace: Workspace, group: DailyGroup, place: int) -> ImportedFile | None:
    file = group.files[place]
    if (file.mapping.time or "").startswith("="):
        return None  # the same bytes may be of another day
    return workspace.seen_file(group.inputs[place].sha256, source=group.source, kind=KIND)


def _count(tally: Tally, batch: Batch, name: str) -> None:
    tally.accepted += batch.rows
    tally.rejected += len(batch.torn)
    for torn in batch.torn:
        tally.codes[torn.code] = tally.codes.get(torn.code, 0) + 1
        tally.first.setdefault(torn.code, f"{name}, row {torn.row}: {torn.reason}")
    for one in batch.values[: max(SHOWN - len(tally.sample), 0)]:
        value = from_micro(one.micro)
        said = (("of", one.dimensions), ("days", str(one.days)))
        tally.sample.append(MappedRow("", one.measure, one.day, value, None, one.currency, said))
