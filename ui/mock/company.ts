// The demo company's picture as in the design, in the shape of the contracts; for development only, never shipped.
import type { Arrow, DoNextRow, DrawnArrow, IgnoreRow, MapStep, Picture, StepFigures } from "../src/api/types.ts";

const MONTHS = 2.99;
const DAY = 86_400;

const step = (id: string, name: string, stage: string, more: Partial<MapStep> = {}): MapStep => ({
  id,
  name,
  stage,
  rule: `event = '${name}'`,
  entry: false,
  leaving: false,
  owner: null,
  link: null,
  expires: null,
  tau: null,
  signs: [],
  ...more,
});

export const STEPS: readonly MapStep[] = [
  step("reads", "Reads", "Discover", { entry: true, rule: "event = 'Page Viewed' and section = 'article'" }),
  step("compares", "Compares options", "Compare", { entry: true, rule: "event in ('Pricing Viewed', 'Comparison Viewed')" }),
  step("trial", "Starts trial", "Try", { rule: "event in ('Signed Up', 'Trial Started')" }),
  step("connects", "Connects ledger", "Try"),
  step("first", "First reconciliation", "Try"),
  step("team", "Invites the team", "Try", { owner: "Eva L" }),
  step("risk", "Internal risk review", "Try", { rule: null, expires: "2026-11-30", owner: "Eva L" }),
  step("buys", "Buys", "Buy", { rule: "event = 'Subscription Started'" }),
  step("closes", "Closes a month", "Use and grow"),
  step("seats", "Hits seat limit", "Use and grow"),
  step("renews", "Renews", "Use and grow"),
  step("recommends", "Recommends", "Use and grow"),
];

type StepRow = readonly [string, number, number, number, number | null, number | null, number];
// id, people a month, again, leave a month, lost money a month, worth a person, median days
const STEP_ROWS: readonly StepRow[] = [
  ["reads", 738, 0.18, 393, 9100, 262, 4],
  ["compares", 628, 0.19, 316, 12800, 391, 3],
  ["trial", 453, 0.02, 116, 4300, 515, 0.2],
  ["connects", 315, 0.16, 118, 22000, 668, 0.6],
  ["first", 190, 0.16, 61, 18000, 1043, 1.7],
  ["team", 94, 0.03, 17, 2100, 1522, 2.2],
  ["risk", 44, 0.01, 28, 48000, 1688, 15],
  ["buys", 84, 0, 2, 300, 3320, 6],
  ["closes", 912, 0.41, 0, 900, 140, 28],
  ["seats", 31, 0.02, 3, 13000, 96, 9],
  ["renews", 885, 0.03, 29, 2600, 133, 30],
  ["recommends", 9, 0, 1, 0, null, 12],
];

type ArrowRow = readonly [string, string, number, number | null, number, DrawnArrow["kind"], boolean];
// from, to, people a month, gain per point a month, median days, kind, shown
const ARROW_ROWS: readonly ArrowRow[] = [
  ["reads", "compares", 294, 2464, 3.9, "forward", true],
  ["reads", "trial", 87, 4914, 4.4, "forward", true],
  ["reads", "reads", 133, 700, 5, "loop", true],
  ["compares", "trial", 303, 5255, 2.8, "forward", true],
  ["compares", "compares", 119, 810, 3, "loop", true],
  ["compares", "reads", 57, 240, 4, "return", true],
  ["trial", "connects", 318, 3717, 0.15, "forward", true],
  ["trial", "compares", 41, 420, 2, "return", true],
  ["connects", "first", 191, 4899, 0.8, "forward", true],
  ["connects", "connects", 50, 600, 0.5, "loop", true],
  ["connects", "compares", 9, 130, 2, "return", false],
  ["first", "team", 94, 3396, 1.6, "forward", true],
  ["first", "buys", 35, 6450, 1.9, "forward", true],
  ["first", "first", 30, 500, 1.4, "loop", true],
  ["team", "risk", 47, 1571, 2.1, "forward", true],
  ["team", "buys", 35, 3790, 2.4, "forward", true],
  ["risk", "buys", 14, 2009, 15.2, "forward", true],
  ["risk", "team", 5, 160, 14, "return", true],
  ["buys", "closes", 78, 310, 19, "forward", true],
  ["closes", "renews", 870, 120, 4, "forward", true],
  ["closes", "closes", 374, 90, 30, "loop", true],
  ["closes", "seats", 31, 40, 12, "forward", false],
  ["seats", "renews", 22, 75, 7, "forward", true],
  ["renews", "recommends", 9, null, 12, "forward", false],
  ["renews", "closes", 780, 60, 25, "return", true],
  ["trial", "first", 6, 380, 1, "forward", false],
  ["reads", "connects", 3, null, 5, "forward", false],
  ["team", "connects", 2, null, 3, "return", false],
];

const figures = (row: StepRow, entrants: number, scale: number): StepFigures => {
  const [id, month, again, leave, lost, worth, days] = row;
  return {
    id,
    people: Math.round(month * MONTHS * scale),
    people_per_month: month * scale,
    share: (month * scale) / entrants,
    visits: Math.round(month * MONTHS * scale * (1 + again)),
    again_share: again,
    leave: Math.round(leave * MONTHS * scale),
    leave_per_month: leave * scale,
    leave_share: leave / month,
    tau_seconds: days * 10 * DAY,
    median_seconds: days * DAY,
    worth_per_person: worth,
    worth_interval: worth === null ? null : [worth * 0.86, worth * 1.15],
    lost_per_month: lost === null ? null : lost * scale,
    compared: true,
    mendable_per_month: ["risk", "connects", "first"].includes(id) && lost !== null ? lost * scale : 0,
    why: worth === null ? "fewer than 20 people took it" : null,
  };
};

const arrow = (row: ArrowRow, scale: number): DrawnArrow => {
  const [from, to, month, gain, days, kind, shown] = row;
  const source = STEP_ROWS.find(([id]) => id === from)?.[1] ?? 1;
  const worth = STEP_ROWS.find(([id]) => id === to)?.[5] ?? null;
  const figure: Arrow = {
    from,
    to,
    people: Math.round(month * MONTHS * scale),
    visits: Math.round(month * MONTHS * scale * 1.1),
    people_per_month: month * scale,
    share: Math.min(0.99, month / source),
    mean_seconds: days * 1.6 * DAY,
    median_seconds: days * DAY,
    value_per_person: gain === null ? null : worth,
    interval: gain === null || worth === null ? null : [worth * 0.86, worth * 1.15],
    gain_per_point: gain === null ? null : gain / 1133,
    per_month: gain === null ? null : gain * scale,
    per_month_interval: gain === null ? null : [gain * scale * 0.88, gain * scale * 1.13],
    why: gain === null ? `only ${Math.round(month * MONTHS)} people took it, 20 are needed` : null,
    memory: from === "trial",
    model_spread: gain === null ? null : [gain * scale * 0.94, gain * scale * 1.09],
  };
  return { arrow: figure, kind, shown };
};

const fix = (row: Partial<DoNextRow> & Pick<DoNextRow, "id" | "title" | "from" | "per_month" | "interval" | "because">): DoNextRow => ({
  to: null,
  group: { property: "ledger", value: "datev" },
  people_per_month: 61,
  recoverable_points: 12,
  gap_points: 17,
  with_later_steps: null,
  q: 0.2,
  memory: false,
  ...row,
});

const DO_NEXT: readonly DoNextRow[] = [
  fix({ id: "risk-it", title: "Send the security kit when a third colleague is invited", from: "risk", to: "buys", per_month: 48210, interval: [30120, 66900], people_per_month: 28, group: { property: "evidence", value: "security" }, because: "28 people a month stop while IT decides; 6 of 11 controllers we asked named it." }),
  fix({ id: "connects-datev", title: "Mend the DATEV permission step", from: "connects", to: "first", per_month: 21890, interval: [17060, 26800], because: "56 of 100 with ledger datev reach First reconciliation, 73 of 100 comparable people with other ledgers.", with_later_steps: 25900 }),
  fix({ id: "connects-big", title: "Draft the matching rules for accounts with over 5,000 lines a month", from: "connects", to: "first", per_month: 18040, interval: [12900, 23100], people_per_month: 21, group: { property: "lines_a_month", value: "over 5,000" }, because: "24 in 100 of them wait over a week for a first reconciliation, others 5.", with_later_steps: 18400 }),
  fix({ id: "trial-freeze", title: "Stop the trial clock at quarter end", from: "trial", per_month: 13900, interval: [6100, 21200], people_per_month: 38, group: { property: "calendar", value: "quarter end" }, because: "controllers who start in the freeze buy 11 times in 100, others 17.", memory: true }),
];

const IGNORE: readonly IgnoreRow[] = [
  { id: "tour", title: "60 % skip the tour", reason: "same_outcome", because: "Like compared with like, they buy just as often: 5 of 7 points disappear.", look_again_if: "Skippers start to open more tickets than others.", event: null, from: "trial", to: "connects", group: { property: "tour", value: "skipped" } },
  { id: "pricing", title: "64 % of visits to Pricing end there", reason: "come_back", because: "55 % of those people are back within two weeks, as many as after any other page.", look_again_if: "Fewer than 45 % return.", event: "Pricing Viewed", from: null, to: null, group: null },
  { id: "payments", title: "8 % of first payments fail", reason: "come_back", because: "93 % go through within five days.", look_again_if: "Recovery falls below 85 %.", event: "Payment Failed", from: null, to: null, group: null },
];

const CANNOT_FIX: readonly DoNextRow[] = [
  fix({ id: "connects-netsuite", title: "People with ledger netsuite do not go from Connects ledger to First reconciliation", from: "connects", to: "first", per_month: 37400, interval: [31000, 44000], people_per_month: 34, group: { property: "ledger", value: "netsuite" }, because: "4 of 100 go on, 70 of 100 comparable people do. Looks structural: confirm." }),
];

export const PERSONAS = ["controller", "scale-up operations", "bookkeeper", "curious"];

/** The picture of the company; `scale` shrinks it as a persona or a filter would. */
export function company(scale: number): Picture {
  const entrants = 1133 * scale;
  const drawn = ARROW_ROWS.map((row) => arrow(row, scale));
  const columns = ["Discover", "Compare", "Try", "Buy", "Use and grow"].map(
    (stage): [string, string[]] => [stage, STEPS.filter((one) => one.stage === stage).map((one) => one.id)],
  );
  return {
    document: { name: "Trial to customer", steps: STEPS, stages: columns.map(([stage]) => stage), persona: "job_title", session_gap: "30m", noise: ["Email Verified"], contract: null, structural: [], calendar: [] },
    headline: `Of ${Math.round(entrants).toLocaleString("en")} people who come in a month, ${Math.round(84 * scale)} buy. The dearest place is Internal risk review: about €${Math.round(48 * scale)},000 a month. One step needs attention.`,
    columns,
    arrows: drawn,
    hidden_moves: drawn.filter((one) => !one.shown).length,
    price: {
      map: "Trial to customer",
      revision: 14,
      currency: "EUR",
      from: "2026-06-29T00:00:00Z",
      to: "2026-09-28T00:00:00Z",
      months: MONTHS,
      entrants: Math.round(entrants * MONTHS),
      entrants_per_month: entrants,
      personas: PERSONAS,
      steps: STEP_ROWS.map((row) => figures(row, entrants, scale)),
      arrows: drawn.map((one) => one.arrow),
      do_next: DO_NEXT.map((row) => ({ ...row, per_month: row.per_month * scale, interval: [row.interval[0] * scale, row.interval[1] * scale] })),
      ignore: IGNORE,
      cannot_fix: CANNOT_FIX,
      notes: ["Starts trial has memory (a deadline that runs across steps): its price carries a mark and is never first in Do next.", "At q = 20 % about one in five rows of a list of five is chance or mix."],
      excluded: { "begun before the period": 212, "no persona hint": 1480 },
      as_of: { snapshot: "s-000014", seq: 651204 },
      do_next_why: null,
      ignore_why: null,
    },
  };
}
