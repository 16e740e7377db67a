"""Sends with Amplitude's library for Python."""

import sys

from amplitude import Amplitude, BaseEvent, EventOptions, Identify

address, key = sys.argv[1:3]
wrong = []


def heard(event: BaseEvent, code: int, message: str | None = None) -> None:
    if code != 200:
        wrong.append((code, message))


client = Amplitude(key)
client.configuration.server_url = f"{address}/2/httpapi"
client.configuration.callback = heard
client.identify(Identify().set("plan", "pro"), EventOptions(user_id="user-1"))
client.track(
    BaseEvent(
        "Signed Up",
        user_id="user-1",
        device_id="device-1",
        time=1767322800000,
        event_properties={"plan": "pro"},
    )
)
client.track(BaseEvent("Viewed Pricing", device_id="device-2", event_properties={"price": 9.5}))
client.track(BaseEvent("Paid", user_id="user-17", revenue=20.5))
client.flush()
client.shutdown()
sys.exit(str(wrong) if wrong else 0)
