"""The composition root: opens a workspace and wires what stands above the store to it."""

from __future__ import annotations

from pathlib import Path

from pathworth import store
from pathworth.run.act import (
    ActSettings,
    CalendarDay,
    FeedRow,
    ProgramLine,
    ProgramView,
    Tally,
    act_program,
    act_programs,
    act_settings,
    calendar,
    decide,
    decisions,
    deliver,
    let_rest,
    rehearse,
    save_program,
    settle_unknown,
    unknown_messages,
    why,
)
from pathworth.run.answers import picture, price, warm
from pathworth.run.demo import Demo, DemoQuestion, demo, demo_loop, told
from pathworth.run.intake.arrivals import (
    Arrived,
    Rebuilt,
    Waiting,
    arrive,
    number,
    rebuild,
    waiting,
)
from pathworth.run.intake.exclusions import (
    ExclusionRow,
    drop_exclusion,
    exclude,
    exclusions,
    switch_exclusion,
)
from pathworth.run.intake.told import (
    ImportRow,
    QuarantineRow,
    Rejects,
    ReleaseRow,
    SourceRow,
    add_release,
    imports,
    quarantined,
    rejects,
    releases,
    remove_release,
    sources,
)
from pathworth.run.intake.uploads import (
    Running,
    Seen,
    begin_upload,
    cancel,
    drop_upload,
    keep_upload,
    look_at,
    running,
)
from pathworth.run.learn import (
    ExperimentLine,
    ExperimentView,
    begin_experiment,
    drop_experiment,
    end_experiment,
    experiment_view,
    experiments,
    lock_experiment,
    programs_to_test,
    watch_experiments,
    write_experiment,
)
from pathworth.run.maps import (
    MapDraft,
    SavedMap,
    check_map,
    draft_map,
    keep_map,
    personas_for,
)
from pathworth.run.memory import peak_bytes, peak_text
from pathworth.run.overview import Choices, ColumnRow, Overview, choices, columns, overview
from pathworth.run.people import (
    Head,
    Listed,
    ListedPerson,
    Moment,
    Moments,
    MomentsAsked,
    PeoplePage,
    Search,
    Subject,
    head,
    listed,
    moments,
    people,
    search,
)
from pathworth.run.people.of_question import NumberOf, people_of
from pathworth.run.plan import (
    Opportunity,
    accept_opportunity,
    change_opportunity,
    opportunities,
)
from pathworth.run.selection import Selection
from pathworth.run.serving.doctor import Report, check_stored, doctor
from pathworth.run.serving.jobs import Job, JobRow, Lease, Runner, ask_job, job_rows
from pathworth.run.serving.listen import (
    BINDING_VARIABLE,
    PORT,
    WORKSPACE_VARIABLE,
    Binding,
    check_binding,
    listen,
)
from pathworth.run.serving.logins import (
    ROLES,
    SCOPES,
    SESSION_DAYS,
    KeyRow,
    LoginRow,
    Me,
    NewKey,
    add_login,
    change_password,
    create_key,
    end_sessions,
    enter,
    key_scope,
    keys,
    leave,
    logins,
    rank,
    remove_key,
    remove_login,
    set_password,
    set_role,
    who,
)
from pathworth.run.serving.registered import registered, runner
from pathworth.run.today import Today, TodayLine, today
from pathworth.run.words import WORDS, Word
from pathworth.run.workspace import Workspace
from pathworth.store import Upload


def init(folder: str | Path, *, timezone: str = "UTC", currency: str = "EUR") -> Workspace:
    """Begin a workspace in a new folder.

    Parameters
    ----------
    folder
        Where; it must not hold a workspace yet.
    timezone
        IANA name; times without a zone are read in it, days and weeks are its days and weeks.
    currency
        Three-letter code of money without one.
    """
    return Workspace(store.Workspace.create(folder, timezone=timezone, currency=currency))


def open_workspace(folder: str | Path) -> Workspace:
    """Open the workspace in a folder."""
    return Workspace(store.Workspace.open(folder))


__all__ = [
    "BINDING_VARIABLE",
    "PORT",
    "ROLES",
    "SCOPES",
    "SESSION_DAYS",
    "WORDS",
    "WORKSPACE_VARIABLE",
    "ActSettings",
    "Arrived",
    "Binding",
    "CalendarDay",
    "Choices",
    "ColumnRow",
    "Demo",
    "DemoQuestion",
    "ExclusionRow",
    "ExperimentLine",
    "ExperimentView",
    "FeedRow",
    "Head",
    "ImportRow",
    "Job",
    "JobRow",
    "KeyRow",
    "Lease",
    "Listed",
    "ListedPerson",
    "LoginRow",
    "MapDraft",
    "Me",
    "Moment",
    "Moments",
    "MomentsAsked",
    "NewKey",
    "NumberOf",
    "Opportunity",
    "Overview",
    "PeoplePage",
    "ProgramLine",
    "ProgramView",
    "QuarantineRow",
    "Rebuilt",
    "Rejects",
    "ReleaseRow",
    "Report",
    "Runner",
    "Running",
    "SavedMap",
    "Search",
    "Seen",
    "Selection",
    "SourceRow",
    "Subject",
    "Tally",
    "Today",
    "TodayLine",
    "Upload",
    "Waiting",
    "Word",
    "Workspace",
    "accept_opportunity",
    "act_program",
    "act_programs",
    "act_settings",
    "add_login",
    "add_release",
    "arrive",
    "ask_job",
    "begin_experiment",
    "begin_upload",
    "calendar",
    "cancel",
    "change_opportunity",
    "change_password",
    "check_binding",
    "check_map",
    "check_stored",
    "choices",
    "columns",
    "create_key",
    "decide",
    "decisions",
    "deliver",
    "demo",
    "demo_loop",
    "doctor",
    "draft_map",
    "drop_exclusion",
    "drop_experiment",
    "drop_upload",
    "end_experiment",
    "end_sessions",
    "enter",
    "exclude",
    "exclusions",
    "experiment_view",
    "experiments",
    "head",
    "imports",
    "init",
    "job_rows",
    "keep_map",
    "keep_upload",
    "key_scope",
    "keys",
    "leave",
    "let_rest",
    "listed",
    "listen",
    "lock_experiment",
    "logins",
    "look_at",
    "moments",
    "number",
    "open_workspace",
    "opportunities",
    "overview",
    "peak_bytes",
    "peak_text",
    "people",
    "people_of",
    "personas_for",
    "picture",
    "price",
    "programs_to_test",
    "quarantined",
    "rank",
    "rebuild",
    "registered",
    "rehearse",
    "rejects",
    "releases",
    "remove_key",
    "remove_login",
    "remove_release",
    "runner",
    "running",
    "save_program",
    "search",
    "set_password",
    "set_role",
    "settle_unknown",
    "sources",
    "switch_exclusion",
    "today",
    "told",
    "unknown_messages",
    "waiting",
    "warm",
    "watch_experiments",
    "who",
    "why",
    "write_experiment",
]
