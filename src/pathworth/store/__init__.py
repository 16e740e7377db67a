"""Where it lives, and whether it is safe: operational database, event lake, journey shards."""

from pathworth.store.arrays import EventArrays, snapshot_from_arrays
from pathworth.store.arrivals.contracts import (
    FACTS,
    LINKS,
    UNREAD,
    ArrivedEvent,
    BatchOutcome,
    HandedIn,
    Quarantined,
    Read,
    ReadEvents,
)
from pathworth.store.arrivals.inbox import Inbox
from pathworth.store.arrivals.noting import ArrivalDay, ArrivalNotes, LastEvent
from pathworth.store.backups.contracts import BackupNote, Contents, PutBack
from pathworth.store.backups.erased import list_of
from pathworth.store.backups.restoring import put_back
from pathworth.store.backups.taking import take_backup
from pathworth.store.backups.unpacking import unpack as unpack_backup
from pathworth.store.checks import (
    Check,
    bytes_by_store,
    check_database,
    check_free_room,
    check_room,
    check_store,
)
from pathworth.store.contracts import (
    GROUPS,
    ColumnInfo,
    Columns,
    Hidden,
    ImportedFile,
    ImportRecord,
    ImportResult,
    InputFile,
    Kind,
    OnUse,
    Replaced,
    Shard,
    Snapshot,
    Undone,
)
from pathworth.store.entities.contracts import Declared, EntityCost, EntityStanding
from pathworth.store.entities.sets import command_of as entity_command
from pathworth.store.erasing.contracts import (
    ErasingDone,
    Erasure,
    Hit,
    Place,
    Remains,
    Searched,
)
from pathworth.store.erasing.erasures import Erasures
from pathworth.store.erasing.rows import digest_key, digest_of
from pathworth.store.feeds.daily import DailyRead, import_daily
from pathworth.store.files import FileMap, map_file
from pathworth.store.identity.components import SURE
from pathworth.store.identity.contracts import SaidEvent
from pathworth.store.identity.links import LinkRecord, Links, LinksCount, Suspect
from pathworth.store.identity.told import said_under
from pathworth.store.imports import ImportTransaction
from pathworth.store.keeping.contracts import (
    DECISIONS,
    EVENTS,
    FOR_EVER,
    OWN,
    REFUSED,
    Day,
    KeepBatch,
    Kept,
    Removed,
    WouldGo,
)
from pathworth.store.keeping.keeping import Keeping, Since
from pathworth.store.lake import LakeFile
from pathworth.store.records.consents import Consent, ConsentCount, Consents, Rest
from pathworth.store.records.data.account_facts import AccountFact, AccountFacts
from pathworth.store.records.data.audits import Audits, Expected, ExpectedEvents, KeptAudit
from pathworth.store.records.data.blind_spots import BlindSpot, BlindSpots
from pathworth.store.records.data.daily import Daily, DailyCount, DailyValue
from pathworth.store.records.data.exclusions import Exclusion, Exclusions
from pathworth.store.records.data.links import BY_HAND, SaidLink
from pathworth.store.records.data.private import (
    Private,
    PrivateColumns,
    SmallCells,
    save_small_cells,
    small_cells,
)
from pathworth.store.records.data.pulls import PullRecord, Pulls
from pathworth.store.records.data.releases import Release, Releases
from pathworth.store.records.data.segments import Segments
from pathworth.store.records.database import is_workspace
from pathworth.store.records.documents import Asks, DocumentRecord, Programs
from pathworth.store.records.experiments import ExperimentRecord, Experiments
from pathworth.store.records.held import (
    backup_notes,
    forget_backup,
    held_open,
    prove_database,
    stamp_of,
)
from pathworth.store.records.jobs import JobRecord, Jobs
from pathworth.store.records.ledger import Ledger, LedgerCount
from pathworth.store.records.ledger_rows import Contact, Decision, Outgoing, Standing, Verdict
from pathworth.store.records.logins import Key, Keys, Login, Logins, Role, TryLimit
from pathworth.store.records.maps import MapRevision
from pathworth.store.records.opportunities import (
    Expectation,
    Opportunities,
    OpportunityChange,
    OpportunityRecord,
)
from pathworth.store.records.origins import only_source
from pathworth.store.records.person_states import MuteNote, Occasion, PersonStates, StateRow, Turn
from pathworth.store.shards import apart as apart
from pathworth.store.shards.coding import Coding as BuildCoding, Plan as BuildPlan
from pathworth.store.shards.entries import Block, ShardEntry
from pathworth.store.shards.further import at_hand, carried_at
from pathworth.store.shards.snapshots import Manifest
from pathworth.store.shared import (
    CACHE_VARIABLE,
    CLUSTER_WAIT_S,
    FROM_ENVIRONMENT,
    FROM_EVENTS,
    PARTS,
    Awaited,
    Cluster,
    Clusters,
    Copies,
    Shared,
    copies_of,
    find,
    note_away,
)
from pathworth.store.tail.drain import DRAIN_EVENTS, HANDED_IN
from pathworth.store.texts import (
    TextMark,
    group_of,
    hash64,
    order_of,
    places_in,
    places_of,
    row_digests,
    text_digests,
    text_marks,
)
from pathworth.store.uploads import Upload, Uploads
from pathworth.store.workspace import Workspace

__all__ = [
    "BY_HAND",
    "CACHE_VARIABLE",
    "CLUSTER_WAIT_S",
    "DECISIONS",
    "DRAIN_EVENTS",
    "EVENTS",
    "FACTS",
    "FOR_EVER",
    "FROM_ENVIRONMENT",
    "FROM_EVENTS",
    "GROUPS",
    "HANDED_IN",
    "LINKS",
    "OWN",
    "PARTS",
    "REFUSED",
    "SURE",
    "UNREAD",
    "AccountFact",
    "AccountFacts",
    "ArrivalDay",
    "ArrivalNotes",
    "ArrivedEvent",
    "Asks",
    "Audits",
    "Awaited",
    "BackupNote",
    "BatchOutcome",
    "BlindSpot",
    "BlindSpots",
    "Block",
    "BuildCoding",
    "BuildPlan",
    "Check",
    "Cluster",
    "Clusters",
    "ColumnInfo",
    "Columns",
    "Consent",
    "ConsentCount",
    "Consents",
    "Contact",
    "Contents",
    "Copies",
    "Daily",
    "DailyCount",
    "DailyRead",
    "DailyValue",
    "Day",
    "Decision",
    "Declared",
    "DocumentRecord",
    "EntityCost",
    "EntityStanding",
    "ErasingDone",
    "Erasure",
    "Erasures",
    "EventArrays",
    "Exclusion",
    "Exclusions",
    "Expectation",
    "Expected",
    "ExpectedEvents",
    "ExperimentRecord",
    "Experiments",
    "FileMap",
    "HandedIn",
    "Hidden",
    "Hit",
    "ImportRecord",
    "ImportResult",
    "ImportTransaction",
    "ImportedFile",
    "Inbox",
    "InputFile",
    "JobRecord",
    "Jobs",
    "KeepBatch",
    "Keeping",
    "Kept",
    "KeptAudit",
    "Key",
    "Keys",
    "Kind",
    "LakeFile",
    "LastEvent",
    "Ledger",
    "LedgerCount",
    "LinkRecord",
    "Links",
    "LinksCount",
    "Login",
    "Logins",
    "Manifest",
    "MapRevision",
    "MuteNote",
    "Occasion",
    "OnUse",
    "Opportunities",
    "OpportunityChange",
    "OpportunityRecord",
    "Outgoing",
    "PersonStates",
    "Place",
    "Private",
    "PrivateColumns",
    "Programs",
    "PullRecord",
    "Pulls",
    "PutBack",
    "Quarantined",
    "Read",
    "ReadEvents",
    "Release",
    "Releases",
    "Remains",
    "Removed",
    "Replaced",
    "Rest",
    "Role",
    "SaidEvent",
    "SaidLink",
    "Searched",
    "Segments",
    "Shard",
    "ShardEntry",
    "Shared",
    "Since",
    "SmallCells",
    "Snapshot",
    "Standing",
    "StateRow",
    "Suspect",
    "TextMark",
    "TryLimit",
    "Turn",
    "Undone",
    "Upload",
    "Uploads",
    "Verdict",
    "Workspace",
    "WouldGo",
    "apart",
    "at_hand",
    "backup_notes",
    "bytes_by_store",
    "carried_at",
    "check_database",
    "check_free_room",
    "check_room",
    "check_store",
    "copies_of",
    "digest_key",
    "digest_of",
    "entity_command",
    "find",
    "forget_backup",
    "group_of",
    "hash64",
    "held_open",
    "import_daily",
    "is_workspace",
    "list_of",
    "map_file",
    "note_away",
    "only_source",
    "order_of",
    "places_in",
    "places_of",
    "prove_database",
    "put_back",
    "row_digests",
    "said_under",
    "save_small_cells",
    "small_cells",
    "snapshot_from_arrays",
    "stamp_of",
    "take_backup",
    "text_digests",
    "text_marks",
    "unpack_backup",
]
