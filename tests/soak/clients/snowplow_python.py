"""Sends with Snowplow's tracker for Python; the key is its app id."""

import sys

from snowplow_tracker import (
    Emitter,
    PageView,
    SelfDescribing,
    SelfDescribingJson,
    StructuredEvent,
    Subject,
    Tracker,
)

address, key = sys.argv[1:3]
wrong = []
emitter = Emitter(
    address.removeprefix("http://"),
    protocol="http",
    batch_size=3,
    on_failure=lambda count, events: wrong.append((count, events)),
)
tracker = Tracker("ns", emitter, app_id=key, encode_base64=sys.argv[3:] == ["base64"])
person = Subject().set_user_id("u1")
described = SelfDescribingJson("iglu:com.acme/signed_up/jsonschema/1-0-0", {"plan": "pro"})
tracker.track(PageView(page_url="https://x.example/", page_title="Home", event_subject=person))
tracker.track(StructuredEvent(category="shop", action="add", event_subject=person))
tracker.track(SelfDescribing(described, event_subject=person))
emitter.flush()
sys.exit(str(wrong) if wrong else 0)
