"""People and accounts: searched, listed, and one of them with everything that happened to them."""

from pathworth.run.people.behind import PeoplePage, people
from pathworth.run.people.contracts import (
    AccountRow,
    Head,
    Listed,
    ListedPerson,
    Moment,
    Moments,
    Search,
    Subject,
)
from pathworth.run.people.head import head
from pathworth.run.people.listed import listed
from pathworth.run.people.moments import Asked as MomentsAsked
from pathworth.run.people.moments import moments
from pathworth.run.people.nearest import Nearest
from pathworth.run.people.search import search
from pathworth.run.people.segments import Definition, SegmentLine, Segments, SegmentView

__all__ = [
    "AccountRow",
    "Definition",
    "Head",
    "Listed",
    "ListedPerson",
    "Moment",
    "Moments",
    "MomentsAsked",
    "Nearest",
    "PeoplePage",
    "Search",
    "SegmentLine",
    "SegmentView",
    "Segments",
    "Subject",
    "head",
    "listed",
    "moments",
    "people",
    "search",
]
