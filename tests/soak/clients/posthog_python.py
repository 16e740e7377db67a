"""Sends with PostHog's library for Python."""

import sys
from datetime import UTC, datetime

from posthog import Posthog

address, key = sys.argv[1:3]
wrong = []
kind, *rest = [*sys.argv[3:], "v0"]
how = {"gzip": kind == "gzip"}
if kind == "v1":
    how = {"capture_mode": "v1", "capture_compression": rest[0]}
client = Posthog(key, host=address, on_error=lambda *said: wrong.append(said), **how)
client.set(distinct_id="u1", properties={"email": "a@b.example", "plan": "pro"})
client.capture(
    "Signed Up",
    distinct_id="u1",
    properties={"plan": "pro"},
    timestamp=datetime(2026, 1, 2, 3, tzinfo=UTC),
)
client.capture("Viewed Pricing", distinct_id="anon1", properties={"price": 9.5})
client.capture("Paid", distinct_id="17", properties={"revenue": 20.5, "currency": "EUR"})
client.capture("$pageview", distinct_id="u1", properties={"$current_url": "https://x.example/"})
client.group_identify("company", "g1", {"name": "Acme"}, distinct_id="u1")
client.alias("anon1", "u1")
if client.get_feature_flag("beta", "u1"):
    wrong.append("a flag that nobody set")
client.shutdown()
sys.exit(str(wrong) if wrong else 0)
