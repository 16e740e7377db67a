"""What other tools hold is pulled over their APIs, as files that are then imported."""

from pathworth.collect.pulling.asking import Later
from pathworth.collect.pulling.catalogue import connector_named, connectors
from pathworth.collect.pulling.contracts import Connector
from pathworth.collect.pulling.pulling import Pull, Pulled, asked_file, pull
from pathworth.collect.pulling.secrets import check_secret, forget_secret, keep_secret
from pathworth.collect.pulling.settings import check_settings, first_cursor, may_be_said
from pathworth.collect.pulling.standing import pulled_until

__all__ = [
    "Connector",
    "Later",
    "Pull",
    "Pulled",
    "asked_file",
    "check_secret",
    "check_settings",
    "connector_named",
    "connectors",
    "first_cursor",
    "forget_secret",
    "keep_secret",
    "may_be_said",
    "pull",
    "pulled_until",
]
