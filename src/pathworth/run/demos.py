"""The whole way in one go: make or take data, import it, map it, price it, and say what was found."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pathworth import atlas, collect, store, value
from pathworth.base.errors import BadInput, WrongUsage
from pathworth.learn import company
from pathworth.run.answers import picture
from pathworth.run.intake.calendars import add_calendar
from pathworth.run.intake.exclusions import exclude
from pathworth.run.workspace import Workspace

PACKAGED = {"ecom": "ecom.csv", "cdnow": "cdnow.csv"}
DATA = Path(__file__).parent / "data"
MARK = "demo.json"
SOURCE = "source"
SAID, COUNTED, DATES = "others.yaml", "daily.yaml", "calendar.ics"
BOTS_SAY = "userAgent"
WEB = "source = 'web'"

Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class DemoQuestion:
    """What to show.

    Parameters
    ----------
    data
        ``company``, ``ecom``, ``cdnow``, or the path of a file.
    folder
        Folder of the workspace; made when it is not there.
    seed, people
        Of the company; null people for its default size.
    url
        Where the map will be served; null when it will not.
    mapping
        Saved mapping whose files are shown instead of ``data``.
    """

    data: str
    folder: Path
    seed: int = 1
    people: int | None = None
    url: str | None = None
    mapping: Path | None = None

    @property
    def made(self) -> bool:
        """Whether the data are the company's, which are made on the spot."""
        return self.mapping is None and self.data == "company"

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the files that a person named; none for data that come with the package."""
        if self.mapping is not None:
            return (
                self.mapping,
                *collect.files_of(collect.load_mapping(self.mapping), self.mapping.parent),
            )
        return () if self.made or self.data in PACKAGED else (Path(self.data),)


@dataclass(frozen=True)
class ImportCounts:
    """The counts of an import, under the keys that stay.

    ``daily`` are numbers of days or weeks, which are no events; ``marks`` are dates of a calendar.
    """

    import_: int | str | None
    accepted: int
    rejected: int
    duplicates: int
    entities: int
    events: int
    from_: str | None
    to: str | None
    daily: int = 0
    marks: int = 0


@dataclass(frozen=True)
class Demo:
    """What was done and found."""

    workspace: str
    url: str | None
    import_: ImportCounts
    headline: str
    map: atlas.MapDocument
    price: value.Price
    planted: tuple[company.Planted, ...]
    switched_off: tuple[str, ...]
    tried: tuple[company.Tried, ...] = ()
    identity: company.Identified | None = None


def demo(question: DemoQuestion, *, progress: Tell | None = None) -> Demo:
    """Walk the whole way from data to findings; a second time the import is taken as it stands.

    Parameters
    ----------
    question
        What to show, and where.
    progress
        Told what is being done and how far it is, from 0 to 1.

    Raises
    ------
    BadInput
        ``OTHER_DEMO`` when the folder holds something else.
    """
    tell: Tell = progress or (lambda _what, _done: None)
    workspace, counts = _known(question) or _imported(question, tell)
    tell("finding the steps", 0.7)
    # The company's map is drawn over its own events: what other tools say of people is no step of theirs.
    new = question.made and not workspace.store.maps()
    document, _ = workspace.discover(where=WEB) if new else workspace.map()
    tell("pricing the arrows", 0.8)
    shown = picture(workspace)
    planted: tuple[company.Planted, ...] = ()
    identity = None
    if question.made:
        source, held = workspace.store.path / SOURCE, workspace.store.whole_snapshot()
        planted = company.compare(shown.price, source)
        identity = company.compare_people(held.persons_by, source)
    tell("done", 1.0)
    return Demo(
        workspace=str(question.folder),
        url=question.url,
        import_=counts,
        headline=shown.headline,
        map=document,
        price=shown.price,
        planted=planted,
        switched_off=company.switched_off() if question.made else (),
        tried=_tried(question),
        identity=identity,
    )


def demo_loop(question: DemoQuestion, *, progress: Tell | None = None) -> Path:
    """Let the company live its year under its own programs, beside the demo, so that a demo shows what came of them.

    Parameters
    ----------
    question
        What to show; of the company only.
    progress
        Told which week is over and how far the year is, from 0 to 1: a year takes minutes.

    Returns
    -------
    The folder of the workspace that was lived in; one that is there already is taken as it stands.

    Raises
    ------
    WrongUsage
        ``NOT_THE_COMPANY`` for other data.
    BadInput
        ``OTHER_DEMO`` when the year of another company lies there.
    """
    if not question.made:
        raise WrongUsage(
            "NOT_THE_COMPANY",
            "Only the company answers to messages.",
            "Leave --data out, or leave --loop out.",
        )
    folder = _loop_folder(question)
    if folder.exists() and not _tried(question):
        raise _other(folder)
    if not folder.exists():
        aside = folder.with_name(f".{folder.name}.making")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        found = company.try_company(
            aside, seed=question.seed, people=question.people, tell=progress or _quiet
        )
        rows = [asdict(one) for one in found]
        (aside / MARK).write_text(json.dumps({"asked": _asked(question), "tried": rows}))
        aside.rename(folder)
    return folder / "workspace"


def _quiet(_what: str, _done: float) -> None:
    """Tell nobody."""


def _loop_folder(question: DemoQuestion) -> Path:
    return question.folder.with_name(f"{question.folder.name}-loop")


def _tried(question: DemoQuestion) -> tuple[company.Tried, ...]:
    """Return what came of the company's programs, when they were tried on the same company."""
    mark = _loop_folder(question) / MARK
    kept = json.loads(mark.read_text()) if mark.is_file() else None
    if kept is None or kept["asked"] != _asked(question):
        return ()
    return tuple(
        company.Tried(**{**row, "interval": row["interval"] and tuple(row["interval"])})
        for row in kept["tried"]
    )


def _asked(question: DemoQuestion) -> dict[str, object]:
    files = [(str(one), one.stat().st_size, one.stat().st_mtime_ns) for one in question.files]
    asked = {"data": question.data, "seed": question.seed, "people": question.people}
    return {**asked, "files": [list(one) for one in files]}


def _known(question: DemoQuestion) -> tuple[Workspace, ImportCounts] | None:
    """Return what an earlier demo of the same question left."""
    if not question.folder.exists() or not any(question.folder.iterdir()):
        return None
    mark = question.folder / MARK
    kept = json.loads(mark.read_text()) if mark.is_file() else None
    _check_file(question)
    if kept is None or kept["asked"] != _asked(question):
        raise _other(question.folder)
    return Workspace(store.Workspace.open(question.folder)), ImportCounts(**kept["import"])


def _other(folder: Path) -> BadInput:
    return BadInput(
        "OTHER_DEMO",
        f"{folder} already holds something else.",
        f"Choose another folder with --workspace, or remove {folder}.",
    )


def _imported(question: DemoQuestion, tell: Tell) -> tuple[Workspace, ImportCounts]:
    """Make the workspace beside its place and move it there whole, so that a cut short demo leaves nothing."""
    _check_file(question)
    aside = question.folder.with_name(f".{question.folder.name}.making")
    shutil.rmtree(aside, ignore_errors=True)
    timezone = company.TIMEZONE if question.made else "UTC"
    made = store.Workspace.create(aside, timezone=timezone)
    paths, mapping = _files(question, aside / SOURCE, tell)
    tell("importing", 0.4)
    # Every import writes the journeys of everybody: what is small costs least before what is large.
    first = _of_tools(made, aside / SOURCE / SAID) if question.made else []
    answer = collect.import_files(
        made, paths, mapping=mapping, progress=told(tell, low=0.45, high=0.65)
    )
    counts = _counts([*first, answer])
    if question.made:
        _leave_out(made, aside / SOURCE)
        daily = sum(one.accepted for one in _of_tools(made, aside / SOURCE / COUNTED))
        marks = add_calendar(Workspace(made), aside / SOURCE / DATES)
        counts = replace(counts, daily=daily, marks=len(marks))
    (aside / MARK).write_text(json.dumps({"asked": _asked(question), "import": asdict(counts)}))
    if question.folder.exists():
        question.folder.rmdir()
    aside.rename(question.folder)
    return Workspace(store.Workspace.open(question.folder)), counts


def _of_tools(made: store.Workspace, file: Path) -> list[collect.ImportAnswer]:
    """Import what other tools say, each by itself: files of several in one call are all read before one is written."""
    mapping = collect.load_mapping(file)
    tools: dict[str | None, list[collect.FileMapping]] = {}
    for one in mapping.files:
        tools.setdefault(one.source or one.format, []).append(one)
    parts = [replace(mapping, files=tuple(files)) for files in tools.values()]
    return [
        collect.import_files(made, collect.files_of(part, file.parent), mapping=part)
        for part in parts
    ]


def _counts(answers: list[collect.ImportAnswer]) -> ImportCounts:
    """Return the counts of the last import, rows of all of them added up."""
    counts = {_field(key): value for key, value in answers[-1].counts().items()}
    for name in ("accepted", "rejected", "duplicates"):
        counts[name] = sum(getattr(one, name) for one in answers)
    return ImportCounts(**counts)  # type: ignore[arg-type]


def _leave_out(made: store.Workspace, folder: Path) -> None:
    """Leave out whom the company knows to be no people of its market: its own, its tests, and bots."""
    for kind, ids in company.excluded(folder).items():
        exclude(made, f"{kind}s", ids=ids)
    if BOTS_SAY in made.whole_snapshot().columns:
        exclude(made, "bots", who=f"{BOTS_SAY} like '%bot%'")


def _field(key: str) -> str:
    return f"{key}_" if key in {"import", "from"} else key


def _check_file(question: DemoQuestion) -> None:
    missing = next((one for one in question.files if not one.is_file()), None)
    if missing is not None:
        raise BadInput(
            "NO_FILE",
            f"There is no file {missing}.",
            "Name company, ecom, cdnow, or a CSV, JSONL or Parquet file.",
        )


def _files(
    question: DemoQuestion, folder: Path, tell: Tell
) -> tuple[list[Path], collect.Mapping | None]:
    """Return the files to import and what is known about their columns."""
    if question.mapping is not None:
        return list(question.files[1:]), collect.load_mapping(question.mapping)
    if question.made:
        tell("making a company", 0.0)
        company.write_company(folder, seed=question.seed, people=question.people)
        mapping = collect.load_mapping(folder / "mapping.yaml")
        return list(collect.files_of(mapping, folder)), mapping
    if question.data in PACKAGED:
        folder.mkdir(parents=True)
        target = folder / PACKAGED[question.data]
        packed = DATA / f"{PACKAGED[question.data]}.gz"
        with gzip.open(packed, "rb") as source, target.open("wb") as out:
            shutil.copyfileobj(source, out)
        return [target], None
    return list(question.files), None


def told(tell: Tell | None, *, low: float = 0.0, high: float = 1.0) -> collect.ProgressCall | None:
    """Return a listener for imports that tells how far between two shares of the whole they are."""
    if tell is None:
        return None

    def listen(step: collect.Progress) -> None:
        tell(step.stage, low + (high - low) * step.done / max(step.total, 1))

    return listen
