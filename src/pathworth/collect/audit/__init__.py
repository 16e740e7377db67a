"""Is what a source sends still what it sent? Findings by source, a score, a dated report."""

from pathworth.collect.audit.arriving import CameIn
from pathworth.collect.audit.contracts import Finding, SourceEvents, Values
from pathworth.collect.audit.gathering import day_of, sources_of
from pathworth.collect.audit.missing import missing_events
from pathworth.collect.audit.report import (
    AuditReport,
    Beside,
    SourceReport,
    as_markdown,
    audit_source,
    report_of,
)

__all__ = [
    "AuditReport",
    "Beside",
    "CameIn",
    "Finding",
    "SourceEvents",
    "SourceReport",
    "Values",
    "as_markdown",
    "audit_source",
    "day_of",
    "missing_events",
    "report_of",
    "sources_of",
]
