"""Files become events: every row is read once, in batches, into a transaction of the store, or none is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from pathworth.base.threads import in_order
from pathworth.collect.contracts import (
    FileMapping,
    Guess,
    ImportAnswer,
    Mapping,
    NoticeCall,
    Progress,
    ProgressCall,
)
from pathworth.collect.daily import DailyGroup, import_group, is_daily, read_group
from pathworth.collect.importers import format_of, meaning_of, rows_of, words_of
from pathworth.collect.map_rows import Mapped, RowMapper
from pathworth.collect.sniff import require_sure, sniff
from pathworth.collect.standing import Standing
from pathworth.collect.tally import Tally, check_share
from pathworth.store import BlindSpots, ImportResult, ImportTransaction, InputFile, Workspace

FILES = "files"
"""The source of files for which none is named."""
FORMAT = 1
"""Another number whenever the same file would be set aside in another way."""


def import_files(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    mapping: Mapping | FileMapping | None = None,
    dry_run: bool = False,
    limit: int | None = None,
    progress: ProgressCall | None = None,
    notice: NoticeCall | None = None,
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
    notice
        Told in words, before files are read, what became of an import of them that was cut short.
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
    reading = Reading(guess, workspace.timezone, progress, notice, author)
    if dry_run:
        return _dry(reading, limit, currency=workspace.currency)
    groups = _groups(guess)
    if len(groups) > 1:
        # Several imports cannot be made true in one moment, so every refusal has to come first.
        for numbers in groups.values():
            _read_only(reading, numbers, currency=workspace.currency)
    done = [_import_group(workspace, reading, identity=key, numbers=groups[key]) for key in groups]
    _say_blind_spots(workspace, guess)
    if isinstance(mapping, Mapping) and mapping.declare is not None:
        workspace.save_declarations(mapping.declare)
    return _answer(done, guess)


@dataclass(frozen=True)
class Reading:
    """Files with their mappings, the zone of times without one, who is told how far it is, and who imports."""

    guess: Guess
    timezone: str
    progress: ProgressCall | None
    notice: NoticeCall | None = None
    author: str | None = None

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.path.stat().st_size for file in self.guess.files)

    def mapper(self, number: int, standing: Standing, *, place: int = 0) -> RowMapper:
        """Turn to one of the files, and return what maps its rows.

        Parameters
        ----------
        number, place
            The file's place among all, and in its import.
        standing
            Where reading stands.
        """
        file = self.guess.files[number]
        standing.turn_to(place)
        meaning, words = meaning_of(file.mapping), words_of(file.mapping)
        names, seen = dict(standing.names), dict(standing.seen)
        known = file.columns if file.kept is None else file.kept
        return RowMapper(place, meaning, self.timezone, known, names, seen, words=words)

    def batches(self, number: int, standing: Standing, *, mapper: RowMapper) -> Iterator[Mapped]:
        """Read one of the files batch by batch, count and tell, and judge the file at its end."""
        before = sum(file.path.stat().st_size for file in self.guess.files[:number])
        file, tally = self.guess.files[number], standing.tally
        raw = rows_of(file.path, file.shape, mapping=file.mapping, after=standing.place)
        for looked in in_order(mapper.look, raw):
            mapped = mapper.settle(looked)
            tally.see(mapped, file.path.name)
            standing.place = looked.place
            if self.progress is not None:
                done = before + looked.position
                self.progress(Progress(done, self.size, tally.accepted, tally.rejected))
            yield mapped
        accepted, rejected = standing.before
        check_share(file.path.name, tally, accepted=accepted, rejected=rejected)

    def see_daily(self, position: int, tally: Tally) -> None:
        """Tell how far reading a file is that tells no people."""
        if self.progress is not None:
            done = min(position, self.size)
            self.progress(Progress(done, self.size, tally.accepted, tally.rejected))

    def words(self, numbers: Sequence[int], skipped: Sequence[int]) -> str:
        """Return as text all that decides what is read from files, apart from their bytes."""
        files = [self.guess.files[number] for number in numbers]
        said = [
            (replace(file.mapping, file="*"), file.shape, file.columns, format_of(file.mapping))
            for file in files
        ]
        return msgspec.json.encode((FORMAT, self.timezone, said, skipped)).decode()

    def tell_notice(self, transaction: ImportTransaction, *, row: int, path: Path) -> None:
        """Say in words what became of an import of these files that was cut short, if there was one."""
        words = transaction.notice
        if transaction.kept:
            words = f"An import was cut short; going on from row {row:,} of {path.name}."
        if words and self.notice is not None:
            self.notice(words)

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


def _groups(guess: Guess) -> dict[tuple[str, bool | None], list[int]]:
    """Return the files of each source, those without message ids apart from those with, and from those of no events."""
    groups: dict[tuple[str, bool | None], list[int]] = {}
    for number, file in enumerate(guess.files):
        meaning = meaning_of(file.mapping)
        key = (meaning.source or FILES, None if is_daily(file) else meaning.id is None)
        groups.setdefault(key, []).append(number)
    return groups


def _read_only(reading: Reading, numbers: Sequence[int], *, currency: str) -> None:
    """Read files to their end without writing; raises what stands in the way of them."""
    files = [reading.guess.files[number] for number in numbers]
    if is_daily(files[0]):
        read_group(files, currency=currency, see=reading.see_daily, tally=Tally())
        return
    for number in numbers:
        standing = Standing()
        mapper = reading.mapper(number, standing)
        for _ in reading.batches(number, standing, mapper=mapper):
            continue


def _say_blind_spots(workspace: Workspace, guess: Guess) -> None:
    """Keep what formats say of what their sources do not see."""
    for file in guess.files:
        form = format_of(file.mapping)
        if form is not None and (sees := form.sees) is not None:
            shows, because = (sees.least, sees.most), sees.because
            BlindSpots(workspace).say(
                form.source, shows=shows, because=because, said_by=form.title, by_hand=False
            )


def _import_group(
    workspace: Workspace, reading: Reading, *, identity: tuple[str, bool | None], numbers: list[int]
) -> tuple[ImportResult, Tally]:
    """Import the files of one source in one transaction; a known file is not read again."""
    source, hashed = identity
    paths = [reading.guess.files[number].path for number in numbers]
    files = [input_file(path) for path in paths]
    if hashed is None:
        mine = tuple(reading.guess.files[number] for number in numbers)
        group = DailyGroup(source, mine, tuple(files), reading.author)
        return import_group(workspace, group, see=reading.see_daily)
    again = [workspace.seen_file(file.sha256, source=source) for file in files]
    words = reading.words(numbers, [k for k, seen in enumerate(again) if seen is not None])
    with workspace.begin_import(
        files=files, source=source, hashed=hashed, author=reading.author, reading=words
    ) as transaction:
        standing = Standing.after(transaction.marks)
        next_row = standing.place.rows + 1
        reading.tell_notice(transaction, row=next_row, path=paths[standing.file])
        for place, seen in enumerate(again):
            if seen is not None:
                transaction.skip_file(place, seen.rows)
            elif place >= standing.file:
                mapper = reading.mapper(numbers[place], standing, place=place)
                for mapped in reading.batches(numbers[place], standing, mapper=mapper):
                    if mapped.rejects.num_rows:
                        transaction.reject(mapped.rejects)
                    transaction.link(place, mapped.links)
                    transaction.add(mapped.events, partial(standing.mark, mapper))
        result = transaction.commit(reading.tell_stage(standing.tally))
        return result, standing.tally


def _dry(reading: Reading, limit: int | None, *, currency: str) -> ImportAnswer:
    standing = Standing()
    tally = standing.tally
    daily = [file for file in reading.guess.files if is_daily(file)]
    read = read_group(
        daily, currency=currency, see=reading.see_daily, tally=(said := Tally()), limit=limit
    )
    tally.sample += said.sample
    tally.add_reasons(said)
    tally.rejected += said.rejected
    tally.accepted += read
    for number, file in enumerate(reading.guess.files):
        if is_daily(file):
            continue
        start = tally.accepted + tally.rejected
        mapper = reading.mapper(number, standing, place=number)
        for mapped in reading.batches(number, standing, mapper=mapper):
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
        daily=len(daily) == len(reading.guess.files),
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
        daily=all(is_daily(file) for file in guess.files),
    )


def _notes(guess: Guess) -> tuple[str, ...]:
    several = len(guess.files) > 1
    return tuple(
        f"{file.path.name}: {note}" if several else note
        for file in guess.files
        for note in file.notes
    )
