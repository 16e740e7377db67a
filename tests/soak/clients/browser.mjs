// Sends with the libraries for browsers; the address says which one, where to and with which key.
import { AnalyticsBrowser } from "@segment/analytics-next"
import { newTracker, setUserId, trackPageView, trackSelfDescribingEvent } from "@snowplow/browser-tracker"
import { RudderAnalytics } from "@rudderstack/analytics-js/bundled"
import posthog from "posthog-js"

const said = new URLSearchParams(location.search)
const [address, key, library] = ["to", "key", "library"].map((name) => said.get(name))

const senders = {
  async segment() {
    const client = AnalyticsBrowser.load({ writeKey: key, cdnURL: address })
    await client.page("Docs", "Home")
    await client.identify("u1", { plan: "pro" })
    await client.track("Signed Up", { plan: "pro" })
    await client.group("g1", { name: "Acme" })
  },
  async segment_batching() {
    const batching = { strategy: "batching", config: { size: 10, timeout: 500 } }
    const own = { "Segment.io": { deliveryStrategy: batching } }
    const client = AnalyticsBrowser.load({ writeKey: key, cdnURL: address }, { integrations: own })
    await client.page("Docs", "Home")
    await client.identify("u1", { plan: "pro" })
    await client.track("Signed Up", { plan: "pro" })
    await client.group("g1", { name: "Acme" })
  },
  async rudder() {
    const client = new RudderAnalytics()
    client.load(key, address, { configUrl: address })
    client.page("Docs", "Home")
    client.identify("u1", { plan: "pro" })
    client.track("Signed Up", { plan: "pro" })
    client.group("g1", { name: "Acme" })
  },
  async posthog() {
    posthog.init(key, { api_host: address, opt_out_useragent_filter: true, autocapture: false, capture_pageview: true })
    posthog.capture("Signed Up", { plan: "pro" })
    posthog.identify("u1", { plan: "pro" })
    posthog.group("company", "g1", { name: "Acme" })
    posthog.capture("leaving", {}, { transport: "sendBeacon", send_instantly: true })
  },
  async snowplow() {
    newTracker("sp", address, { appId: key, contexts: { session: true } })
    trackPageView()
    setUserId("u1")
    const data = { schema: "iglu:com.acme/signed_up/jsonschema/1-0-0", data: { plan: "pro" } }
    trackSelfDescribingEvent({ event: data })
  },
}

await senders[library]()
document.title = "sent"
