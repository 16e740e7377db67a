"""What happened, and to whom: files become events."""

from pathworth.collect.arrivals.plain import check_body, read_events
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
from pathworth.collect.importers import Format, formats
from pathworth.collect.importing import import_files
from pathworth.collect.mapping import files_of, load_mapping, read_mapping, save_mapping
from pathworth.collect.sniff import require_sure, sniff
from pathworth.collect.texts.canonical import canonical, canonical_columns

__all__ = [
    "FileGuess",
    "FileMapping",
    "Format",
    "Guess",
    "ImportAnswer",
    "MappedRow",
    "Mapping",
    "NoticeCall",
    "Progress",
    "ProgressCall",
    "Reason",
    "Role",
    "canonical",
    "canonical_columns",
    "check_body",
    "files_of",
    "formats",
    "import_files",
    "load_mapping",
    "read_events",
    "read_mapping",
    "require_sure",
    "save_mapping",
    "sniff",
]
