"""The composition root: opens a workspace and wires what stands above the store to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathworth.base.doors import names_behind, opened_on_use

if TYPE_CHECKING:
    from pathworth.journeys import compile_all as compile_all
    from pathworth.run.act import (
        ActSettings as ActSettings,
        CalendarDay as CalendarDay,
        FeedRow as FeedRow,
        ProgramLine as ProgramLine,
        ProgramView as ProgramView,
        Tally as Tally,
        act_program as act_program,
        act_programs as act_programs,
        act_settings as act_settings,
        calendar as calendar,
        decide as decide,
        decisions as decisions,
        deliver as deliver,
        let_rest as let_rest,
        rehearse as rehearse,
        save_program as save_program,
        settle_unknown as settle_unknown,
        unknown_messages as unknown_messages,
        why as why,
    )
    from pathworth.run.agenda import Today as Today, TodayLine as TodayLine, today as today
    from pathworth.run.answers import (
        picture as picture,
        price as price,
        signs as signs,
        warm as warm,
    )
    from pathworth.run.asked.numbers import (
        number_at as number_at,
        people_of_difference as people_of_difference,
        reconcile as reconcile,
        why_differ as why_differ,
    )
    from pathworth.run.asked.questions import (
        answer_of as answer_of,
        difference_of as difference_of,
        parameters as parameters,
        people_of_cell as people_of_cell,
        question as question,
    )
    from pathworth.run.cluster import (
        ALL_STAY as ALL_STAY,
        Asking as Asking,
        ClusterEngine as ClusterEngine,
        ClusterReport as ClusterReport,
        asking_cluster as asking_cluster,
        asking_now as asking_now,
        build_on_cluster as build_on_cluster,
        check_cluster as check_cluster,
        cluster_of as cluster_of,
        forget_cluster as forget_cluster,
        set_cluster as set_cluster,
        trial_cluster as trial_cluster,
    )
    from pathworth.run.contents import (
        CheckedFilter as CheckedFilter,
        Choices as Choices,
        ColumnRow as ColumnRow,
        Mistake as Mistake,
        Overview as Overview,
        check_filter as check_filter,
        choices as choices,
        columns as columns,
        overview as overview,
    )
    from pathworth.run.demos import (
        Demo as Demo,
        DemoQuestion as DemoQuestion,
        demo as demo,
        demo_loop as demo_loop,
        told as told,
    )
    from pathworth.run.intake.arrivals import (
        WAITS as WAITS,
        Arrived as Arrived,
        Rebuilt as Rebuilt,
        Waiting as Waiting,
        arrive as arrive,
        batch_of as batch_of,
        hand_in as hand_in,
        number as number,
        rebuild as rebuild,
        receive as receive,
        receive_all as receive_all,
        tell as tell,
        waiting as waiting,
    )
    from pathworth.run.intake.building import (
        Building as Building,
        begin_entity as begin_entity,
        building as building,
        cancel_entity as cancel_entity,
    )
    from pathworth.run.intake.calendars import add_calendar as add_calendar, add_dates as add_dates
    from pathworth.run.intake.daily import (
        BlindSpotRow as BlindSpotRow,
        DailyNumber as DailyNumber,
        DailyRow as DailyRow,
        blind_spots as blind_spots,
        daily as daily,
        daily_numbers as daily_numbers,
        forget_blind_spot as forget_blind_spot,
        say_blind_spot as say_blind_spot,
    )
    from pathworth.run.intake.entities import (
        Entities as Entities,
        EntityRow as EntityRow,
        cost_words as cost_words,
        owners as owners,
        size_words as size_words,
    )
    from pathworth.run.intake.exclusions import (
        ExclusionRow as ExclusionRow,
        drop_exclusion as drop_exclusion,
        exclude as exclude,
        exclusions as exclusions,
        switch_exclusion as switch_exclusion,
    )
    from pathworth.run.intake.links import (
        LinkDone as LinkDone,
        LinkRow as LinkRow,
        LinksFound as LinksFound,
        LinksRead as LinksRead,
        import_links as import_links,
        link as link,
        links as links,
        said_in as said_in,
        unlink as unlink,
    )
    from pathworth.run.intake.mending import mend as mend
    from pathworth.run.intake.pulls import (
        ConnectorRow as ConnectorRow,
        HandedIn as HandedIn,
        PullRow as PullRow,
        add_pull as add_pull,
        ask_pull as ask_pull,
        connectors as connectors,
        pause_pull as pause_pull,
        pulls as pulls,
        remove_pull as remove_pull,
        resume_pull as resume_pull,
        run_pull as run_pull,
    )
    from pathworth.run.intake.told import (
        ImportRow as ImportRow,
        QuarantineRow as QuarantineRow,
        Rejects as Rejects,
        ReleaseRow as ReleaseRow,
        SourceRow as SourceRow,
        add_release as add_release,
        imports as imports,
        quarantined as quarantined,
        rejects as rejects,
        releases as releases,
        remove_release as remove_release,
        sources as sources,
    )
    from pathworth.run.intake.uploads import (
        Running as Running,
        Seen as Seen,
        begin_upload as begin_upload,
        cancel as cancel,
        drop_upload as drop_upload,
        keep_upload as keep_upload,
        look_at as look_at,
        running as running,
    )
    from pathworth.run.learn import (
        ExperimentLine as ExperimentLine,
        ExperimentView as ExperimentView,
        begin_experiment as begin_experiment,
        drop_experiment as drop_experiment,
        end_experiment as end_experiment,
        experiment_view as experiment_view,
        experiments as experiments,
        lock_experiment as lock_experiment,
        programs_to_test as programs_to_test,
        watch_experiments as watch_experiments,
        write_experiment as write_experiment,
    )
    from pathworth.run.logs.export import ExportedLog as ExportedLog, export_log as export_log
    from pathworth.run.maps import (
        MapDraft as MapDraft,
        SavedMap as SavedMap,
        check_map as check_map,
        draft_map as draft_map,
        keep_map as keep_map,
        personas_for as personas_for,
    )
    from pathworth.run.memory import peak_bytes as peak_bytes, peak_text as peak_text
    from pathworth.run.pages.asks import (
        AskView as AskView,
        Quiet as Quiet,
        ServedAsk as ServedAsk,
        ask_view as ask_view,
        ask_views as ask_views,
        quiet_at as quiet_at,
        save_ask as save_ask,
        served_asks as served_asks,
    )
    from pathworth.run.persons.behind import people as people
    from pathworth.run.persons.contracts import (
        Head as Head,
        Listed as Listed,
        ListedPerson as ListedPerson,
        Moment as Moment,
        Moments as Moments,
        Search as Search,
        Subject as Subject,
    )
    from pathworth.run.persons.head import head as head
    from pathworth.run.persons.listed import listed as listed
    from pathworth.run.persons.moments import MomentsAsked as MomentsAsked, moments as moments
    from pathworth.run.persons.nearest import Nearest as Nearest
    from pathworth.run.persons.pages import PeoplePage as PeoplePage
    from pathworth.run.persons.search import search as search
    from pathworth.run.persons.segments import (
        Definition as Definition,
        SegmentLine as SegmentLine,
        Segments as Segments,
        SegmentView as SegmentView,
    )
    from pathworth.run.plan import (
        Opportunity as Opportunity,
        accept_opportunity as accept_opportunity,
        change_opportunity as change_opportunity,
        opportunities as opportunities,
    )
    from pathworth.run.privacy.access import Accessed as Accessed, access as access
    from pathworth.run.privacy.cells import (
        declare_small_cells as declare_small_cells,
        fewest_for as fewest_for,
        small_cells as small_cells,
    )
    from pathworth.run.privacy.columns import (
        GuessedColumn as GuessedColumn,
        PrivateView as PrivateView,
        declare_private as declare_private,
        private_columns as private_columns,
        sees_private as sees_private,
    )
    from pathworth.run.privacy.erasing import (
        Erasures as Erasures,
        erase as erase,
        erase_files as erase_files,
        erasures as erasures,
    )
    from pathworth.run.privacy.handles import (
        opened as opened,
        shown_id as shown_id,
        with_handles as with_handles,
    )
    from pathworth.run.privacy.keeping import (
        EventsKept as EventsKept,
        KeepPreview as KeepPreview,
        KeepView as KeepView,
        KeptClass as KeptClass,
        keep as keep,
        keep_files as keep_files,
        keeping as keeping,
        preview_keep as preview_keep,
    )
    from pathworth.run.privacy.leaving import (
        check_whole as check_whole,
        left_out as left_out,
    )
    from pathworth.run.privacy.veil import told_of_private as told_of_private
    from pathworth.run.selection import Selection as Selection
    from pathworth.run.serving.backups import (
        BackupRow as BackupRow,
        CheckedBackup as CheckedBackup,
        Restored as Restored,
        backup as backup,
        backups as backups,
        check_backup as check_backup,
        forget_backup as forget_backup,
        restore as restore,
    )
    from pathworth.run.serving.doctor import (
        Report as Report,
        check_stored as check_stored,
        doctor as doctor,
    )
    from pathworth.run.serving.figures import (
        Figures as Figures,
        JobFigure as JobFigure,
        figures as figures,
    )
    from pathworth.run.serving.jobs import (
        Job as Job,
        JobRow as JobRow,
        Lease as Lease,
        Runner as Runner,
        ask_job as ask_job,
        job_rows as job_rows,
    )
    from pathworth.run.serving.key_ring import KeyRing as KeyRing
    from pathworth.run.serving.listen import (
        BINDING_VARIABLE as BINDING_VARIABLE,
        PORT as PORT,
        WORKSPACE_VARIABLE as WORKSPACE_VARIABLE,
        Binding as Binding,
        check_binding as check_binding,
        listen as listen,
    )
    from pathworth.run.serving.logins import (
        ROLES as ROLES,
        SCOPES as SCOPES,
        SESSION_DAYS as SESSION_DAYS,
        KeyRow as KeyRow,
        LoginRow as LoginRow,
        Me as Me,
        NewKey as NewKey,
        add_login as add_login,
        change_password as change_password,
        create_key as create_key,
        end_sessions as end_sessions,
        enter as enter,
        key_scope as key_scope,
        keys as keys,
        leave as leave,
        logins as logins,
        rank as rank,
        remove_key as remove_key,
        remove_login as remove_login,
        set_password as set_password,
        set_role as set_role,
        who as who,
    )
    from pathworth.run.serving.process import stay as stay
    from pathworth.run.serving.readiness import (
        Readiness as Readiness,
        Watch as Watch,
        behind as behind,
        readiness as readiness,
    )
    from pathworth.run.serving.registered import registered as registered, runner as runner
    from pathworth.run.watched.auditing import (
        AuditLine as AuditLine,
        audit as audit,
        audits as audits,
        keep_audit as keep_audit,
        kept_audit as kept_audit,
    )
    from pathworth.run.watched.tracking import (
        Tracking as Tracking,
        expect_event as expect_event,
        tracking as tracking,
        unexpect_event as unexpect_event,
    )
    from pathworth.run.watched.watching import Tail as Tail, tail as tail
    from pathworth.run.words import WORDS as WORDS, Word as Word
    from pathworth.run.workspace import (
        Workspace as Workspace,
        init as init,
        open_workspace as open_workspace,
    )
    from pathworth.store import (
        EntityCost as EntityCost,
        ErasingDone as ErasingDone,
        Erasure as Erasure,
        SmallCells as SmallCells,
        Upload as Upload,
    )
else:
    __getattr__, __all__ = opened_on_use(__name__, __file__), names_behind(__file__)
