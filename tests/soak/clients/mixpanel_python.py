"""Sends with Mixpanel's library for Python, which raises in its caller."""

import sys

from mixpanel import BufferedConsumer, Consumer, Mixpanel

address, key = sys.argv[1:3]
addresses = {
    "events_url": f"{address}/track",
    "people_url": f"{address}/engage",
    "groups_url": f"{address}/groups",
    "import_url": f"{address}/import",
}
client = Mixpanel(key, consumer=Consumer(**addresses))
client.people_set("u1", {"plan": "pro"})
client.import_data(key, "u1", "Signed Up", 1767322800, {"plan": "pro"})
client.track("anon1", "Viewed Pricing", {"price": 9.5})
# Its alias goes to Mixpanel itself, whatever addresses it was given.
client.people_track_charge("17", 20.5)
buffered = BufferedConsumer(**addresses)
several = Mixpanel(key, consumer=buffered)
several.track("17", "Paid", {"revenue": 20.5, "currency": "EUR"})
several.track("17", "Paid", {"revenue": 20.5, "currency": "EUR"})
buffered.flush()
