"""What happened, and to whom: files become events."""

from pathworth.collect.arrivals.cloudevents import structured
from pathworth.collect.arrivals.contracts import About, Link, Tell, Told
from pathworth.collect.arrivals.mending import mended
from pathworth.collect.arrivals.parts.packed import too_large, unpacked
from pathworth.collect.arrivals.plain import check_body
from pathworth.collect.arrivals.protocols import PROTOCOLS, Asked, check_request
from pathworth.collect.arrivals.reading import about_text, read_batches
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
from pathworth.collect.links import OFFLINE, LinksIn, links_in, text_of_links
from pathworth.collect.mapping import files_of, load_mapping, read_mapping, save_mapping
from pathworth.collect.sniff import require_sure, sniff
from pathworth.collect.texts.canonical import canonical, canonical_columns

__all__ = [
    "OFFLINE",
    "PROTOCOLS",
    "About",
    "Asked",
    "FileGuess",
    "FileMapping",
    "Format",
    "Guess",
    "ImportAnswer",
    "Link",
    "LinksIn",
    "MappedRow",
    "Mapping",
    "NoticeCall",
    "Progress",
    "ProgressCall",
    "Reason",
    "Role",
    "Tell",
    "Told",
    "about_text",
    "canonical",
    "canonical_columns",
    "check_body",
    "check_request",
    "files_of",
    "formats",
    "import_files",
    "links_in",
    "load_mapping",
    "mended",
    "read_batches",
    "read_mapping",
    "require_sure",
    "save_mapping",
    "sniff",
    "structured",
    "text_of_links",
    "too_large",
    "unpacked",
]
