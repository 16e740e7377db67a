"""Experiments for the faces: written, locked, begun, read as they stand, and ended by a person or a guardrail."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pathworth import atlas, learn, store
from pathworth.base.errors import PathworthError, Refused
from pathworth.base.instants import to_iso
from pathworth.run.workspace import Workspace

KEPT = 64
LEFT = "left_audience"
GUARDRAIL = "The guardrail stopped it"
State = Literal["draft", "locked", "running", "ended"]


@dataclass(frozen=True)
class ExperimentView:
    """An experiment as it stands; ``plan_why`` and ``reading_why`` say why there is no plan or read-out."""

    experiment: learn.Experiment
    state: State
    author: str
    written: str
    locked: str | None
    begun: str | None
    ended: str | None
    ended_by: str | None
    ended_why: str | None
    step_name: str
    trigger_name: str
    goal_name: str | None
    plan: learn.PlanSize | None
    plan_why: str | None
    reading: learn.ReadOut | None
    reading_why: str | None


@dataclass(frozen=True)
class ExperimentLine:
    """An experiment in the list: what it asks, and what can be said now; ``word`` is null before it begins."""

    id: str
    hypothesis: str
    program: str
    state: State
    written: str
    begun: str | None
    ended: str | None
    ended_why: str | None
    word: str | None
    sentence: str


def now_us() -> int:
    """Return this moment in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


def write_experiment(
    workspace: Workspace, experiment: learn.Experiment, *, author: str, at_us: int | None = None
) -> ExperimentView:
    """Write an experiment down, or anew while it is not locked.

    Parameters
    ----------
    workspace
        Where.
    experiment
        What is asked.
    author
        Who writes.
    at_us
        When; now unless said.
    """
    document, _ = workspace.map(experiment.map)
    learn.check(experiment, document)
    text = learn.dump_experiment(experiment)
    kept = store.Experiments(workspace.store)
    kept.write(experiment.id, text, author=author, at_us=at_us or now_us())
    return experiment_view(workspace, experiment.id)


def lock_experiment(workspace: Workspace, name: str, *, at_us: int | None = None) -> ExperimentView:
    """Plan an experiment from the workspace's own history and lock it with that plan."""
    records = store.Experiments(workspace.store)
    record = records.get(name)
    if record.locked_us is None:
        asked = learn.load_experiment(record.document)
        plan = learn.dump_plan(_plan(workspace, asked))
        records.lock(name, document=record.document, plan=plan, at_us=at_us or now_us())
        return experiment_view(workspace, name)
    raise Refused(
        "EXPERIMENT_LOCKED",
        f"The experiment {name} is locked; nothing of it can be changed.",
        "Begin it, or end it with a reason.",
    )


def begin_experiment(
    workspace: Workspace, name: str, *, at_us: int | None = None
) -> ExperimentView:
    """Begin a locked experiment: decisions of its program count from here on.

    Raises
    ------
    UnknownName
        ``UNKNOWN_EXPERIMENT``, ``UNKNOWN_PROGRAM``.
    Refused
        ``EXPERIMENT_NOT_LOCKED``, ``EXPERIMENT_BEGUN``, ``EXPERIMENT_ENDED``.
    """
    records = store.Experiments(workspace.store)
    asked = learn.load_experiment(records.get(name).document)
    store.Programs(workspace.store).get(asked.program)
    records.begin(name, at_us=at_us or now_us())
    return experiment_view(workspace, name)


def end_experiment(
    workspace: Workspace, name: str, *, why: str, author: str, at_us: int | None = None
) -> ExperimentView:
    """End an experiment for a reason; it can still be read."""
    records = store.Experiments(workspace.store)
    records.end(name, why=why, author=author, at_us=at_us or now_us())
    return experiment_view(workspace, name)


def programs_to_test(workspace: Workspace) -> tuple[str, ...]:
    """Return the ids of the programs whose decisions an experiment can read."""
    return tuple(one.id for one in store.Programs(workspace.store).all())


def drop_experiment(workspace: Workspace, name: str) -> tuple[ExperimentLine, ...]:
    """Forget a draft and return what is left; a locked experiment stays for ever."""
    store.Experiments(workspace.store).drop(name)
    return experiments(workspace)


def experiments(workspace: Workspace) -> tuple[ExperimentLine, ...]:
    """Return every experiment, the newest first, with what can be said of it now."""
    return tuple(_line(workspace, one) for one in store.Experiments(workspace.store).all())


def experiment_view(workspace: Workspace, name: str) -> ExperimentView:
    """Return one experiment with its plan and its read-out.

    Raises
    ------
    UnknownName
        ``UNKNOWN_EXPERIMENT``.
    """
    record = store.Experiments(workspace.store).get(name)
    asked = learn.load_experiment(record.document)
    plan, plan_why = _plan_of(workspace, record, asked)
    reading, reading_why = _reading_of(workspace, record)
    names = _names(workspace, record, asked)
    return ExperimentView(
        experiment=asked,
        state=state_of(record),
        author=record.author,
        written=to_iso(record.written_us),
        locked=_iso(record.locked_us),
        begun=_iso(record.begun_us),
        ended=_iso(record.ended_us),
        ended_by=record.ended_by,
        ended_why=record.ended_why,
        step_name=names.get(asked.step, asked.step),
        trigger_name=names.get(asked.trigger, asked.trigger),
        goal_name=None if asked.goal is None else names.get(asked.goal, asked.goal),
        plan=plan,
        plan_why=plan_why,
        reading=reading,
        reading_why=reading_why,
    )


def watch_experiments(
    workspace: Workspace, *, at_us: int | None = None, until_us: int | None = None
) -> tuple[str, ...]:
    """Stop every running experiment, and its program, whose guardrail says so; meant for every day.

    Parameters
    ----------
    workspace
        Whose experiments.
    at_us
        Now.
    until_us
        Nothing from here on is known; null for the end of the data.

    Returns
    -------
    Ids of those stopped.
    """
    stopped = []
    for record in store.Experiments(workspace.store).all():
        if state_of(record) != "running" or not record.sound:
            continue
        reading = read_experiment(workspace, record, until_us=until_us)
        if not reading.guardrail.stop:
            continue
        moment, said = at_us or now_us(), reading.guardrail.sentence
        program = learn.load_experiment(record.document).program
        store.Programs(workspace.store).stop(program, at_us=moment, why=said)
        store.Experiments(workspace.store).end(
            record.id, why=f"{GUARDRAIL}. {said}", author="guardrail", at_us=moment
        )
        stopped.append(record.id)
    return tuple(stopped)


def read_experiment(
    workspace: Workspace, record: store.ExperimentRecord, *, until_us: int | None = None
) -> learn.ReadOut:
    """Read an experiment that has begun, with the map and the plan that were locked.

    Raises
    ------
    Refused
        ``EXPERIMENT_NOT_LOCKED`` before it has begun, ``LOCK_BROKEN`` when what was locked was changed since.
    """
    if record.plan is None or record.begun_us is None:
        raise Refused(
            "EXPERIMENT_NOT_BEGUN",
            f"The experiment {record.id} has not begun.",
            "Lock it, then begin it.",
        )
    if not record.sound:
        raise Refused(
            "LOCK_BROKEN",
            f"What was locked of the experiment {record.id} was changed in the database.",
            "Do not believe it; put the workspace back from a backup.",
        )
    decisions = _decisions(workspace, record)
    return _read(
        _Now(workspace, workspace.store.snapshot()),
        record,
        decisions,
        _withdrawn(workspace, decisions),
        until_us,
    )


def state_of(record: store.ExperimentRecord) -> State:
    """Return where an experiment stands on its way."""
    if record.ended_us is not None:
        return "ended"
    if record.begun_us is not None:
        return "running"
    return "draft" if record.locked_us is None else "locked"


class _Now:
    """A workspace at a snapshot, that compares by both."""

    def __init__(self, workspace: Workspace, snapshot: store.Snapshot) -> None:
        self.workspace = workspace
        self.key = (str(Path(workspace.store.path).resolve()), snapshot.id, snapshot.seq)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Now) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)


@functools.lru_cache(maxsize=KEPT)
def _read(
    now: _Now,
    record: store.ExperimentRecord,
    decisions: tuple[store.Decision, ...],
    withdrawn: tuple[learn.Protest, ...],
    until_us: int | None,
) -> learn.ReadOut:
    plan = learn.load_plan(record.plan or "")
    asked = learn.load_experiment(record.document)
    kept = now.workspace.store.map(asked.map, plan.revision)
    return learn.read_out(
        asked,
        decisions,
        journeys=now.workspace.journeys(),
        document=atlas.load_map(kept.document),
        planned_units=plan.units,
        protests=withdrawn,
        until_us=until_us,
        usual=plan.usual_protests,
    )


def _decisions(workspace: Workspace, record: store.ExperimentRecord) -> tuple[store.Decision, ...]:
    """Return the program's decisions whose occasion came while the experiment ran.

    Whoever was not in the audience any more when it was decided is left out: both arms are asked alike, before
    anything is sent.
    """
    program = learn.load_experiment(record.document).program
    begun, ended = record.begun_us or 0, record.ended_us
    rows = store.Ledger(workspace.store).rows(program=program)
    return tuple(
        one
        for one in rows
        if LEFT not in one.reasons
        and one.trigger_us >= begun
        and (ended is None or one.trigger_us < ended)
    )


def _withdrawn(
    workspace: Workspace, decisions: Sequence[store.Decision]
) -> tuple[learn.Protest, ...]:
    """Return the consents that people of the experiment took back."""
    unit = {one.entity: one.unit for one in decisions}
    answers = store.Consents(workspace.store).now(sorted(unit))
    return tuple(
        learn.Protest(unit[one.entity], one.at_us, f"Withdrew consent: {one.channel}")
        for _, one in sorted(answers.items())
        if not one.given
    )


def _plan(workspace: Workspace, asked: learn.Experiment) -> learn.PlanSize:
    document, revision = workspace.map(asked.map)
    return learn.plan_size(asked, workspace.journeys(), document=document, revision=revision)


def _plan_of(
    workspace: Workspace, record: store.ExperimentRecord, asked: learn.Experiment
) -> tuple[learn.PlanSize | None, str | None]:
    """Return the plan that was locked, before that the one that a lock would keep."""
    if record.plan is not None:
        return learn.load_plan(record.plan), None
    try:
        return _plan(workspace, asked), None
    except PathworthError as error:
        return None, f"{error.message} {error.hint}"


def _reading_of(
    workspace: Workspace, record: store.ExperimentRecord
) -> tuple[learn.ReadOut | None, str | None]:
    try:
        return read_experiment(workspace, record), None
    except PathworthError as error:
        return None, f"{error.message} {error.hint}"


def _names(
    workspace: Workspace, record: store.ExperimentRecord, asked: learn.Experiment
) -> dict[str, str]:
    revision = None if record.plan is None else learn.load_plan(record.plan).revision
    document = atlas.load_map(workspace.store.map(asked.map, revision).document)
    return {step.id: step.name for step in document.steps}


def _line(workspace: Workspace, record: store.ExperimentRecord) -> ExperimentLine:
    asked, state = learn.load_experiment(record.document), state_of(record)
    word, sentence = None, _before(record, state)
    if record.begun_us is not None:
        reading, why = _reading_of(workspace, record)
        word = None if reading is None else reading.verdict.word
        sentence = why or "" if reading is None else reading.verdict.sentence
    return ExperimentLine(
        id=record.id,
        hypothesis=asked.hypothesis,
        program=asked.program,
        state=state,
        written=to_iso(record.written_us),
        begun=_iso(record.begun_us),
        ended=_iso(record.ended_us),
        ended_why=record.ended_why,
        word=word,
        sentence=sentence,
    )


def _before(record: store.ExperimentRecord, state: State) -> str:
    if state == "ended":
        return "It never began."
    if record.plan is None:
        return "Not locked yet: everything can still be changed."
    return learn.load_plan(record.plan).sentence


def _iso(at_us: int | None) -> str | None:
    return None if at_us is None else to_iso(at_us)
