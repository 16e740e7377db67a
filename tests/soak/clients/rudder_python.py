"""Sends with RudderStack's library for Python."""

import sys
from datetime import UTC, datetime

from rudderstack import analytics

address, key = sys.argv[1:3]
wrong = []
analytics.write_key, analytics.dataPlaneUrl = key, address
analytics.on_error = lambda *said: wrong.append(said)
analytics.identify("u1", {"email": "a@b.example", "plan": "pro"})
analytics.track("u1", "Signed Up", {"plan": "pro"}, timestamp=datetime(2026, 1, 2, 3, tzinfo=UTC))
analytics.track(anonymous_id="anon1", event="Viewed Pricing", properties={"price": 9.5})
analytics.track("17", "Paid", {"revenue": 20.5, "currency": "EUR"})
analytics.page("u1", "Docs", "Home", {"url": "https://x.example/"})
analytics.group("u1", "g1", {"name": "Acme"})
analytics.alias("anon1", "u1")
analytics.shutdown()
sys.exit(str(wrong) if wrong else 0)
