"""Exports of known tools: recognised by their columns, read as the events that they tell."""

from pathworth.collect.importers.catalogue import (
    PLAIN,
    format_named,
    format_of,
    formats,
    meaning_of,
)
from pathworth.collect.importers.contracts import Format, Known
from pathworth.collect.importers.reading import rows_of
from pathworth.collect.importers.recognising import recognise
from pathworth.collect.importers.saying import words_of
from pathworth.collect.importers.sniffing import sniff_format

__all__ = [
    "PLAIN",
    "Format",
    "Known",
    "format_named",
    "format_of",
    "formats",
    "meaning_of",
    "recognise",
    "rows_of",
    "sniff_format",
    "words_of",
]
