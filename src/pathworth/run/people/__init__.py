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
from pathworth.run.people.search import search

__all__ = [
    "AccountRow",
    "Head",
    "Listed",
    "ListedPerson",
    "Moment",
    "Moments",
    "MomentsAsked",
    "PeoplePage",
    "Search",
    "Subject",
    "head",
    "listed",
    "moments",
    "people",
    "search",
]
