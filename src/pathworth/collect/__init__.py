"""What happened, and to whom: files become events."""

from pathworth.collect.arrivals.cloudevents import structured
from pathworth.collect.arrivals.contracts import About, Link, Tell, Told
from pathworth.collect.arrivals.mending import mended
from pathworth.collect.arrivals.parts.packed import LZ64, too_large, unpacked
from pathworth.collect.arrivals.plain import check_body
from pathworth.collect.arrivals.protocols import PROTOCOLS, Asked, check_request
from pathworth.collect.arrivals.reading import about_text, read_batches
from pathworth.collect.audit import (
    AuditReport,
    Beside,
    CameIn,
    Finding,
    SourceEvents,
    SourceReport,
    Values,
    as_markdown,
    audit_source,
    day_of,
    missing_events,
    report_of,
    sources_of,
)
from pathworth.collect.contracts import (
    FileGuess,
    FileMapping,
    Guess,
    ImportAnswer,
    MappedRow,
    Mapping,
    NoticeCall,
    Progress,
    ProgressCall,
    Reason,
    Role,
)
from pathworth.collect.daily import is_daily
from pathworth.collect.importers import Format, formats
from pathworth.collect.importing import import_files
from pathworth.collect.links import OFFLINE, LinksIn, links_in, text_of_links
from pathworth.collect.mapping import files_of, load_mapping, read_mapping, save_mapping
from pathworth.collect.pulling import (
    Connector,
    Later,
    Pull,
    Pulled,
    asked_file,
    check_secret,
    check_settings,
    connector_named,
    connectors,
    first_cursor,
    pull,
    pulled_until,
)
from pathworth.collect.sniff import require_sure, sniff
from pathworth.collect.texts.canonical import canonical, canonical_columns
from pathworth.collect.times import Dated, read_calendar

__all__ = [
    "LZ64",
    "OFFLINE",
    "PROTOCOLS",
    "About",
    "Asked",
    "AuditReport",
    "Beside",
    "CameIn",
    "Connector",
    "Dated",
    "FileGuess",
    "FileMapping",
    "Finding",
    "Format",
    "Guess",
    "ImportAnswer",
    "Later",
    "Link",
    "LinksIn",
    "MappedRow",
    "Mapping",
    "NoticeCall",
    "Progress",
    "ProgressCall",
    "Pull",
    "Pulled",
    "Reason",
    "Role",
    "SourceEvents",
    "SourceReport",
    "Tell",
    "Told",
    "Values",
    "about_text",
    "as_markdown",
    "asked_file",
    "audit_source",
    "canonical",
    "canonical_columns",
    "check_body",
    "check_request",
    "check_secret",
    "check_settings",
    "connector_named",
    "connectors",
    "day_of",
    "files_of",
    "first_cursor",
    "formats",
    "import_files",
    "is_daily",
    "links_in",
    "load_mapping",
    "mended",
    "missing_events",
    "pull",
    "pulled_until",
    "read_batches",
    "read_calendar",
    "read_mapping",
    "report_of",
    "require_sure",
    "save_mapping",
    "sniff",
    "sources_of",
    "structured",
    "text_of_links",
    "too_large",
    "unpacked",
]
