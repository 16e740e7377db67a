"""Files become events: every row is read once, in batches, into a transaction of the store, or none is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathworth.base.threads import in_order
from pathworth.collect.contracts import (
    FileMapping,
    Guess,
    ImportAnswer,
    Mapping,
    Progress,
    ProgressCall,
)
from pathworth.collect.map_rows import Mapped, RowMapper
from pathworth.collect.readers import read_rows
from pathworth.collect.sniff import require_sure, sniff
from pathworth.collect.tally import Tally, check_share
from pathworth.store import ImportResult, InputFile, Workspace

FILES = "files"
"""The source of files for which none is named."""


def import_files(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    mapping: Mapping | FileMapping | None = None,
    dry_run: bool = False,
    limit: int | None = None,
    progress: ProgressCall | None = None,
    author: str | None = None,
) -> ImportAnswer:
    """Import files as one import.

    Parameters
    ----------
    workspace
        Where the events go.
    paths
        Files to read, in this order: CSV, JSONL or Parquet, plain or compressed.
    mapping
        What is known about their columns: one mapping for all, or a saved mapping with an entry for
        each; what it leaves open is guessed. Its declarations are kept.
    dry_run
        Read and count everything, write nothing.
    limit
        Rows of each file after which a dry run stops; null for all.
    progress
        Told after every batch how many bytes of the files have been read; what it raises ends the import, and
        nothing of it stays.
    author
        Who imports.

    Raises
    ------
    BadInput
        ``MAPPING_UNSURE`` (its hint confirms the guess), ``MOSTLY_REJECTED``, and those of ``sniff`` and the
        readers; the workspace is as it was.

    Notes
    -----
    Files of one source that go by message ids, or by the hashes of their rows, are one import. A
    mapping file that mixes them makes one import of each kind, after every file was read once to the
    end without writing.
    """
    guess = sniff([Path(path) for path in paths], mapping)
    require_sure(guess)
    reading = Reading(guess, workspace.timezone, progress, author)
    if dry_run:
        return _dry(reading, limit)
    groups = _groups(guess)
    if len(groups) > 1:
        # Several imports cannot be made true in one moment, so every refusal has to come first.
        for number in range(len(guess.files)):
            _exhaust(reading.batches(number, Tally()))
    done = [_import_group(workspace, reading, identity=key, numbers=groups[key]) for key in groups]
    if isinstance(mapping, Mapping) and mapping.declare is not None:
        workspace.save_declarations(mapping.declare)
    return _answer(done, guess)


@dataclass(frozen=True)
class Reading:
    """Files with their mappings, the zone of times without one, who is told how far it is, and who imports."""

    guess: Guess
    timezone: str
    progress: ProgressCall | None
    author: str | None = None

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.path.stat().st_size for file in self.guess.files)

    def batches(self, number: int, tally: Tally, *, place: int = 0) -> Iterator[Mapped]:
        """Read one of the files batch by batch, count and tell, and judge the file at its end."""
        before = sum(file.path.stat().st_size for file in self.guess.files[:number])
        file = self.guess.files[number]
        mapper = RowMapper(place, file.mapping, self.timezone, file.columns)
        taken, refused = tally.accepted, tally.rejected
        for looked in in_order(mapper.look, read_rows(file.path, file.shape)):
            mapped = mapper.settle(looked)
            tally.see(mapped, file.path.name)
            if self.progress is not None:
                done = before + looked.position
                self.progress(Progress(done, self.size, tally.accepted, tally.rejected))
            yield mapped
        check_share(file.path.name, tally, accepted=taken, rejected=refused)

    def tell_stage(self, tally: Tally) -> Callable[[str, float], None] | None:
        """Return who is told of the stages of the commit."""
        tell = self.progress
        if tell is None:
            return None
        size = self.size

        def stage(words: str, share: float) -> None:
            tell(Progress(round(share * size), size, tally.accepted, tally.rejected, words))

        return stage


def input_file(path: Path) -> InputFile:
    """Return a file with the SHA-256 of its bytes."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return InputFile(str(path), digest.hexdigest(), path.stat().st_size)


def _groups(guess: Guess) -> dict[tuple[str, bool], list[int]]:
    """Return the files of each source, those without message ids apart from those with."""
    groups: dict[tuple[str, bool], list[int]] = {}
    for number, file in enumerate(guess.files):
        key = (file.mapping.source or FILES, file.mapping.id is None)
        groups.setdefault(key, []).append(number)
    return groups


def _import_group(
    workspace: Workspace, reading: Reading, *, identity: tuple[str, bool], numbers: list[int]
) -> tuple[ImportResult, Tally]:
    """Import the files of one source in one transaction; a known file is not read again."""
    source, hashed = identity
    files = [input_file(reading.guess.files[number].path) for number in numbers]
    tally = Tally()
    with workspace.begin_import(
        files=files, source=source, hashed=hashed, author=reading.author
    ) as transaction:
        for place, number in enumerate(numbers):
            seen = workspace.seen_file(files[place].sha256, source=source)
            if seen is not None:
                transaction.skip_file(place, seen.rows)
                continue
            for mapped in reading.batches(number, tally, place=place):
                if mapped.events.num_rows:
                    transaction.add(mapped.events)
                if mapped.rejects.num_rows:
                    transaction.reject(mapped.rejects)
        return transaction.commit(reading.tell_stage(tally)), tally


def _exhaust(batches: Iterator[Mapped]) -> None:
    for _ in batches:
        continue


def _dry(reading: Reading, limit: int | None) -> ImportAnswer:
    tally = Tally()
    for number in range(len(reading.guess.files)):
        start = tally.accepted + tally.rejected
        for mapped in reading.batches(number, tally):
            tally.look(mapped)
            if limit is not None and tally.accepted + tally.rejected - start >= limit:
                break
    return ImportAnswer(
        import_=None,
        accepted=tally.accepted,
        rejected=tally.rejected,
        duplicates=0,
        conflicting=0,
        entities=len(tally.people),
        events=tally.accepted,
        from_us=tally.from_us,
        to_us=tally.to_us,
        reasons=tally.reasons,
        guess=reading.guess,
        notes=_notes(reading.guess),
        sample=tuple(tally.sample),
    )


def _answer(done: list[tuple[ImportResult, Tally]], guess: Guess) -> ImportAnswer:
    """Add up what the imports of a call did; what the workspace holds is said by the last of them."""
    last = done[-1][0]
    whole = Tally()
    for _, tally in done:
        whole.add_reasons(tally)
    return ImportAnswer(
        import_=last.import_id,
        accepted=sum(result.accepted for result, _ in done),
        rejected=sum(result.rejected for result, _ in done),
        duplicates=sum(result.duplicates for result, _ in done),
        conflicting=sum(result.conflicting for result, _ in done),
        entities=last.entities,
        events=last.events,
        from_us=last.from_us if last.events else None,
        to_us=last.to_us if last.events else None,
        imports=tuple(result.import_id for result, _ in done),
        reasons=whole.reasons,
        guess=guess,
        notes=_notes(guess),
    )


def _notes(guess: Guess) -> tuple[str, ...]:
    several = len(guess.files) > 1
    return tuple(
        f"{file.path.name}: {note}" if several else note
        for file in guess.files
        for note in file.notes
    )
