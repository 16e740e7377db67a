"""Files of one source that tell no people, read whole and kept as one import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pathworth.base.money import from_micro
from pathworth.collect.contracts import FileGuess, MappedRow
from pathworth.collect.daily.reading import Batch, DailyReader
from pathworth.collect.importers import format_of
from pathworth.collect.map_rows import reject_batch
from pathworth.collect.tally import SHOWN, Tally, check_share
from pathworth.store import (
    DailyRead,
    DailyValue,
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
) -> list[list[Batch]]:
    """Read files whole, count what they hold, and judge each at its end.

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
    reader, found = DailyReader(currency), []
    for file in files:
        before, batches = (tally.accepted, tally.rejected), []
        for batch in reader.read(file):
            _count(tally, batch, file.path.name)
            batches.append(batch)
            see(batch.position, tally)
            if limit is not None and sum(one.rows + len(one.torn) for one in batches) >= limit:
                break
        found.append(batches)
        check_share(file.path.name, tally, accepted=before[0], rejected=before[1])
    return found


def import_group(
    workspace: Workspace, group: DailyGroup, *, see: See
) -> tuple[ImportResult, Tally]:
    """Keep what files say as one import; a file that was kept before, byte for byte, is not read again."""
    tally = Tally()
    again = [_again(workspace, group, place) for place in range(len(group.files))]
    fresh = [file for file, seen in zip(group.files, again, strict=True) if seen is None]
    read = iter(read_group(fresh, currency=workspace.currency, see=see, tally=tally))
    files: list[ImportedFile] = []
    values: list[DailyValue] = []
    rejects = []
    for place, (one, seen) in enumerate(zip(group.inputs, again, strict=True)):
        if seen is not None:
            files.append(ImportedFile(one.path, one.sha256, one.bytes, seen.rows, 0, skipped=True))
            continue
        batches = next(read)
        torn = [row for batch in batches for row in batch.torn]
        values += [value for batch in batches for value in batch.values]
        rows = sum(len(batch.values) for batch in batches)
        files.append(ImportedFile(one.path, one.sha256, one.bytes, rows, len(torn)))
        rejects.append(reject_batch(place, torn))
    said = DailyRead(group.source, tuple(files), values, rejects)
    return import_daily(workspace, said, author=group.author), tally


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
