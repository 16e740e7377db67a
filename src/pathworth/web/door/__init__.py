"""Who comes in: own hosts and pages only, each address for its role, logging in and out."""

from pathworth.web.door import login_routes
from pathworth.web.door.guard import OwnHosts
from pathworth.web.door.policy import WithPolicy
from pathworth.web.door.roles import COOKIE, PAGES, RULES, Door, Rule, me_of, needed, rule_of

__all__ = [
    "COOKIE",
    "PAGES",
    "RULES",
    "Door",
    "OwnHosts",
    "Rule",
    "WithPolicy",
    "login_routes",
    "me_of",
    "needed",
    "rule_of",
]
