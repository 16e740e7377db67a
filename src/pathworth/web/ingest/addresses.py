"""Where each client sends to, as one table: the address, its protocol, and how it wants to be answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Style = Literal["success", "status", "results", "amplitude", "mixpanel", "pixel"]


@dataclass(frozen=True)
class Address:
    """An address that takes events, with and without a slash at its end.

    Where several have one path, the first of them takes what none of the others can read.

    Parameters
    ----------
    path
        Without the slash.
    protocol
        See ``collect.PROTOCOLS``.
    style
        In which form its clients look for success.
    call
        Which call it is where the body may leave that out.
    by_get
        Whether some clients put their events into the address.
    """

    path: str
    protocol: str
    style: Style = "success"
    call: str = ""
    by_get: bool = False


_CALLS: Final = ("track", "page", "identify", "screen", "group", "alias")
ADDRESSES: Final[tuple[Address, ...]] = (
    Address("/v1/batch", "segment"),
    Address("/v1/b", "segment"),
    Address("/v1/import", "segment"),
    Address("/beacon/v1/batch", "segment"),
    *(Address(f"/v1/{call[0]}", "segment", call=call) for call in _CALLS),
    *(Address(f"/v1/{call}", "segment", call=call) for call in (*_CALLS, "merge")),
    Address("/batch", "posthog", "status"),
    Address("/e", "posthog", "status"),
    Address("/i/v0/e", "posthog", "status"),
    Address("/capture", "posthog", "status"),
    Address("/i/v1/analytics/events", "posthog", "results"),
    Address("/com.snowplowanalytics.snowplow/tp2", "snowplow"),
    Address("/i", "snowplow", "pixel", by_get=True),
    *(
        Address(path, "amplitude", "amplitude")
        for path in ("/2/httpapi", "/batch", "/identify", "/groupidentify")
    ),
    *(
        Address(path, "mixpanel", "mixpanel", by_get=True)
        for path in ("/track", "/engage", "/groups", "/import")
    ),
    Address("/cloudevents", "cloudevents"),
)
"""Every address that takes events."""
CONFIGS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "/v1/projects/{key}/settings": ("segment_settings", ("GET",)),
    "/sourceConfig": ("rudder_source", ("GET",)),
    "/array/{key}/config": ("posthog_config", ("GET",)),
    "/array/{key}/config.js": ("posthog_script", ("GET",)),
    "/flags": ("posthog_flags", ("POST", "GET")),
    "/decide": ("posthog_flags", ("POST", "GET")),
}
"""What browsers' libraries ask before they send: the address, who answers it, and the methods."""
ASKS: Final = "/v1/asks/{key}"
"""What the script of a page asks for the questions and messages that it is to show."""
RULED: Final[tuple[tuple[str, bool], ...]] = (
    *dict.fromkeys((address.path, address.by_get) for address in ADDRESSES),
    *((path.replace("{key}", "*"), True) for path in (*CONFIGS, ASKS)),
)
"""Every address as the table of roles has it, and whether it is also read."""
