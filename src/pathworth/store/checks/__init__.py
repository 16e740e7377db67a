"""Whether what is stored is whole: one check per question, each on its own, so that one fault hides no other."""

from pathworth.store.checks.contracts import Check
from pathworth.store.checks.room import check_free_room, check_room
from pathworth.store.checks.taken import bytes_by_store
from pathworth.store.checks.whole import check_database, check_store

__all__ = [
    "Check",
    "bytes_by_store",
    "check_database",
    "check_free_room",
    "check_room",
    "check_store",
]
