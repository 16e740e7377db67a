// Sends with the libraries for Node, each named by the third word.
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import path from "node:path"

const [address, key, library, modules] = process.argv.slice(2)
const required = createRequire(pathToFileURL(path.join(modules, "x.js")))
const at = new Date("2026-01-02T03:00:00Z")
const failed = (error) => {
  console.error(error)
  process.exit(1)
}

const senders = {
  async segment() {
    const { Analytics } = required("@segment/analytics-node")
    const client = new Analytics({ writeKey: key, host: address })
    client.on("error", failed)
    client.identify({ userId: "u1", traits: { plan: "pro" } })
    client.track({ userId: "u1", event: "Signed Up", properties: { plan: "pro" }, timestamp: at })
    client.track({ anonymousId: "anon1", event: "Viewed Pricing", properties: { price: 9.5 } })
    client.track({ userId: "17", event: "Paid", properties: { revenue: 20.5, currency: "EUR" } })
    client.page({ userId: "u1", name: "Home", category: "Docs" })
    client.group({ userId: "u1", groupId: "g1", traits: { name: "Acme" } })
    client.alias({ userId: "u1", previousId: "anon1" })
    await client.closeAndFlush()
  },
  async rudder() {
    const held = required("@rudderstack/rudder-sdk-node")
    const client = new (held.default ?? held)(key, { dataPlaneUrl: address })
    client.identify({ userId: "u1", traits: { plan: "pro" } })
    client.track({ userId: "u1", event: "Signed Up", properties: { plan: "pro" }, timestamp: at })
    client.track({ anonymousId: "anon1", event: "Viewed Pricing", properties: { price: 9.5 } })
    client.track({ userId: "17", event: "Paid", properties: { revenue: 20.5, currency: "EUR" } })
    client.page({ userId: "u1", name: "Home", category: "Docs" })
    client.group({ userId: "u1", groupId: "g1", traits: { name: "Acme" } })
    client.alias({ userId: "u1", previousId: "anon1" })
    await client.flush()
  },
  async posthog() {
    const { PostHog } = required("posthog-node")
    const client = new PostHog(key, { host: address })
    client.on("error", failed)
    client.identify({ distinctId: "u1", properties: { plan: "pro" } })
    client.capture({ distinctId: "u1", event: "Signed Up", properties: { plan: "pro" }, timestamp: at })
    client.capture({ distinctId: "anon1", event: "Viewed Pricing", properties: { price: 9.5 } })
    client.capture({ distinctId: "17", event: "Paid", properties: { revenue: 20.5, currency: "EUR" } })
    client.capture({ distinctId: "u1", event: "$pageview", properties: { $current_url: "https://x.example/" } })
    client.groupIdentify({ groupType: "company", groupKey: "g1", distinctId: "u1", properties: { name: "Acme" } })
    client.alias({ distinctId: "u1", alias: "anon1" })
    await client.shutdown()
  },
  async amplitude() {
    const amplitude = required("@amplitude/analytics-node")
    await amplitude.init(key, { serverUrl: `${address}/2/httpapi`, logLevel: 0 }).promise
    amplitude.identify(new amplitude.Identify().set("plan", "pro"), { user_id: "user-1" })
    const sent = [
      amplitude.track("Signed Up", { plan: "pro" }, { user_id: "user-1", device_id: "device-1", time: +at }),
      amplitude.track("Viewed Pricing", { price: 9.5 }, { device_id: "device-2" }),
      amplitude.track({ event_type: "Paid", user_id: "user-17", revenue: 20.5 }),
    ]
    await amplitude.flush().promise
    for (const one of await Promise.all(sent.map((event) => event.promise))) {
      if (one.code !== 200) failed(one)
    }
  },
  async mixpanel(words = false) {
    const mixpanel = required("mixpanel").init(key, {
      host: address.replace("http://", ""),
      protocol: "http",
      verbose: words,
    })
    const done = (call) => new Promise((ok) => call((error) => (error ? failed(error) : ok())))
    await done((then) => mixpanel.people.set("u1", { plan: "pro" }, then))
    await done((then) => mixpanel.track("Signed Up", { distinct_id: "u1", plan: "pro", time: at }, then))
    await done((then) => mixpanel.track("Viewed Pricing", { distinct_id: "anon1", price: 9.5 }, then))
    await done((then) => mixpanel.alias("u1", "anon1", then))
    await done((then) => mixpanel.people.track_charge("17", 20.5, {}, then))
    const paid = { event: "Paid", properties: { distinct_id: "17", revenue: 20.5, currency: "EUR" } }
    await done((then) => mixpanel.track_batch([paid, paid], then))
  },
}

senders.mixpanel_verbose = () => senders.mixpanel(true)

await senders[library]().catch(failed)
