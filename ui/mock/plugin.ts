// Answers /api in `npm run dev` when VITE_MOCK=1, so that pages can be made before the server stands.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { company, PERSONAS } from "./company.ts";
import { many, one } from "./shapes.ts";

const WORKSPACE = {
  name: "Lanternbook",
  currency: "EUR",
  timezone: "Europe/Amsterdam",
  entities: 20104,
  events: 651204,
  from: "2025-09-29T05:10:00Z",
  to: "2026-09-27T14:02:00Z",
  maps: [{ name: "Trial to customer", revision: 14, created: "2026-09-27T14:02:03Z" }],
  as_of: { snapshot: "s-000014", seq: 651204 },
};

const COLUMNS = [
  { name: "job_title", kind: "text", values: PERSONAS.map((value, k) => ({ value, count: 5000 - k * 900 })) },
  { name: "channel", kind: "text", values: ["organic_search", "direct", "linkedin_ads"].map((value, k) => ({ value, count: 9000 - k * 2100 })) },
  { name: "ledger", kind: "text", values: ["xero", "quickbooks", "datev", "netsuite"].map((value, k) => ({ value, count: 4000 - k * 800 })) },
  { name: "seats", kind: "number", values: [] },
];

class Refusal extends Error {}

function picture(query: URLSearchParams) {
  const map = query.get("map");
  if (map === "error" || query.get("where")?.includes("nowhere")) throw new Refusal();
  if (map === "one") return one();
  if (map === "many") return many();
  const persona = PERSONAS.indexOf(query.get("persona") ?? "");
  return company((persona >= 0 ? [0.36, 0.2, 0.27, 0.17][persona] ?? 1 : 1) * (query.get("where") || query.get("who") ? 0.5 : 1));
}

function counted(query: URLSearchParams): number {
  const { price } = company(1);
  const property = query.get("property");
  if (property) return 183;
  const [step, to] = [query.get("step"), query.get("to_step")];
  if (to === "exit") return price.steps.find(({ id }) => id === step)?.leave ?? 0;
  if (to) return price.arrows.find((arrow) => arrow.from === step && arrow.to === to)?.people ?? 0;
  return price.steps.find(({ id }) => id === step)?.people ?? 0;
}

function people(query: URLSearchParams) {
  const count = counted(query);
  const start = Number(query.get("after") ?? 0);
  const limit = Number(query.get("limit") ?? 50);
  const rows = Array.from({ length: Math.max(0, Math.min(limit, count - start)) }, (_, k) => ({
    id: `p-${String(start + k + 1).padStart(5, "0")}`,
    first: "2026-07-02T08:11:00Z",
    last: "2026-08-19T15:40:00Z",
    events: 12 + ((start + k) % 40),
  }));
  return { count, people: rows, next: start + limit < count ? start + limit : null, as_of: WORKSPACE.as_of };
}

function person(id: string) {
  if (!id.startsWith("p-")) throw new Refusal();
  const rows = [
    ["Page Viewed", "reads"],
    ["Pricing Viewed", "compares"],
    ["Signed Up", "trial"],
    ["Ledger Connection Started", "connects"],
    ["Subscription Started", "buys"],
  ] as const;
  const events = rows.map(([name, step], k) => ({
    time: new Date(Date.UTC(2026, 6, 2 + k * 3, 8, 11)).toISOString(),
    name,
    value: step === "buys" ? 199 : null,
    cost: null,
    properties: { channel: "organic_search", ledger: "datev" },
  }));
  return { id, events, total: events.length };
}

function answer(url: URL, map: string): unknown {
  const path = url.pathname;
  if (path === "/api/workspace") return map === "empty" ? { ...WORKSPACE, events: 0, entities: 0, from: null, to: null, maps: [] } : WORKSPACE;
  if (path === "/api/value/picture") return picture(url.searchParams);
  if (path === "/api/value/price") return picture(url.searchParams).price;
  if (path === "/api/columns") return COLUMNS;
  if (path === "/api/journeys/people") return people(url.searchParams);
  if (path.startsWith("/api/journeys/person/")) return person(decodeURIComponent(path.slice("/api/journeys/person/".length)));
  throw new Refusal();
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const referer = new URL(request.headers.referer ?? "http://127.0.0.1/");
  response.setHeader("Content-Type", "application/json");
  try {
    if (url.searchParams.get("format") === "csv") {
      response.setHeader("Content-Type", "text/csv");
      response.setHeader("Content-Disposition", 'attachment; filename="people.csv"');
      response.end(["id,first,last,events", ...people(url.searchParams).people.map((row) => `${row.id},${row.first},${row.last},${row.events}`)].join("\r\n"));
      return;
    }
    response.end(JSON.stringify(answer(url, referer.searchParams.get("map") ?? "")));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    response.statusCode = 404;
    response.end(JSON.stringify({ error: { code: "UNKNOWN_COLUMN", message: "There is no column named 'nowhere'.", hint: "Did you mean channel?" } }));
  }
}

/** The mock of the API as a plugin of the development server. */
export function mockApi(): Plugin {
  return {
    name: "pathworth-mock-api",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!request.url?.startsWith("/api/")) return next();
        const slow = request.headers.referer?.includes("map=slow") ? 60_000 : 40;
        setTimeout(() => serve(request, response), slow);
      });
    },
  };
}
