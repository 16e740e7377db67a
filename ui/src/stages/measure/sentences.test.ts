import { expect, test } from "vitest";
import type { Cohort, Difference, Funnel, FunnelStep, LifePeriod, Retention, Transitions, TransitionsDiff } from "@/api/types.ts";
import { countedOf, PEOPLE, wholeOf } from "@/stages/measure/funnel-counted.ts";
import { pooled } from "@/stages/measure/pooled.ts";
import { censoredSentence, flowDiffSentence, flowSentence, funnelSentence, lifecycleSentence, neededBefore, retentionSentence } from "@/stages/measure/sentences.ts";
import { bodyOf, either, eventWord, leftOut, mayBeLeftOut, nameOf, ruleOf, stagesFunnel, stepChoices, takes } from "@/stages/measure/step-words.ts";

const EACH = { ...PEOPLE, each: true };
const rest = { excluded: {}, as_of: { snapshot: "1", seq: 1 }, by: null, overlap: null };
const step = (name: string, entities: number, more: Partial<FunnelStep> = {}): FunnelStep => ({
  name, entities, from_first: entities / 200, from_previous: null, interval: [entities / 200 - 0.04, entities / 200 + 0.04], why: null, median_seconds: null, median_interval: null, censored: null, optional: null, owners: null, survival: null, ...more,
});
const funnel = (...steps: FunnelStep[]): Funnel => ({ ...rest, count: null, steps });
const cohort = (start: string, retained: readonly (number | null)[]): Cohort => ({ start, size: retained[0] ?? 0, retained, intervals: retained.map(() => null) });
const retention = (...cohorts: Cohort[]): Retention => ({ ...rest, period: "month", cohorts });

test("a funnel says how many get through, before which step more stop, and how long it takes", () => {
  const said = funnelSentence(funnel(step("a", 200), step("b", 90), step("c", 60, { median_seconds: 7200 })));
  expect(said).toBe("Of 200 people who take a, 60 reach c: 30% (likely 26 to 34%). More stop before b than before any other step: 110 of 200. Half of those who get there need no more than 2 h.");
});

test("a funnel of nobody and of one step says what to do", () => {
  expect(funnelSentence(funnel(step("a", 0), step("b", 0)))).toBe("Nobody in this selection takes a.");
  expect(funnelSentence(funnel(step("a", 1)))).toBe("1 person takes a. Add the step that should follow.");
});

test("a step that may be left out is no step before which people stop", () => {
  const steps = [step("a", 200), step("b", 10, { optional: true }), step("c", 150), step("d", 120)];
  expect(funnelSentence(funnel(...steps))).toContain("More stop before c than before any other step: 50 of 200.");
  expect(neededBefore(steps, 2)?.name).toBe("a");
});

test("attempts are called attempts, and those not there yet are said", () => {
  const curve = { reached: 60, censored: 120, over: 20, quarter_seconds: 60, median_seconds: null, three_quarters_seconds: null, quarter_interval: null, median_interval: null, three_quarters_interval: null, curve: [], why: null };
  const last = step("b", 60, { survival: curve, owners: 9 });
  expect(funnelSentence(funnel(step("a", 200), last), EACH)).toBe("Of 200 attempts that begin with a, 60 reach b: 30% (likely 26 to 34%). Fewer than half are expected to get there in the time that was seen.");
  expect(censoredSentence(last, "b", EACH)).toBe("b: 60 attempts were seen to get there, 20 ended without it, 120 had not when the data ended.");
});

test("what is counted has its own word, in a session or at a property's value", () => {
  const two = funnel(step("a", 200), step("b", 60));
  expect(funnelSentence(two, countedOf({ count: null, of: "session(gap=1h)", holding: null }))).toContain("Of 200 sessions that take a, 60 reach b");
  expect(funnelSentence(two, countedOf({ count: null, of: null, holding: "cart_id" }))).toContain("Of 200 values of cart_id that take a");
  expect(funnelSentence(two, countedOf({ count: null, of: "session(id=visit)", holding: null }))).toContain("Of 200 values of visit that take a");
  expect(funnelSentence(two, countedOf({ count: "occurrences", of: "session", holding: null }))).toContain("Of 200 attempts that begin with a");
});

test("a step may be either of several, and left out", () => {
  expect(either("cart", "wishlist?")).toBe("cart | wishlist");
  expect(either("cart?", "Pays := event = 'x'")).toBe("cart or Pays := (event = 'cart') or (event = 'x')?");
  const word = leftOut('a | "b | c"', true);
  expect([mayBeLeftOut(word), bodyOf(word), nameOf(word)]).toEqual([true, 'a | "b | c"', "a or b | c"]);
  expect(ruleOf(word)).toBe("(event = 'a') or (event = 'b | c')");
  expect(leftOut(word, false)).toBe('a | "b | c"');
});

test("retention is pooled over the cohorts whose period is over", () => {
  const cohorts = [cohort("1", [10, 5, 2]), cohort("2", [30, 10, null]), cohort("3", [60, null])];
  expect(pooled(cohorts)).toEqual([
    { k: 0, came: 100, size: 100 },
    { k: 1, came: 15, size: 40 },
    { k: 2, came: 2, size: 10 },
  ]);
  expect(retentionSentence(retention(...cohorts), "month")).toBe("Of 40 people whose next month is over, 38% come back in it. After 2 months it is 20% of those seen so long.");
  expect(retentionSentence(retention(cohort("3", [60, null])), "week")).toContain("No week after it is over yet");
});

test("recurring cohorts count beginnings, not people", () => {
  expect(retentionSentence(retention(cohort("1", [10, 5])), "week", true)).toBe("Of 10 times that somebody began in a week, 50% are followed by a return in the next week.");
});

test("a difference of flows names the clearest move and how many more there are, or that there is none", () => {
  const one = (difference: number, q: number | null): Difference => ({ a: 0.5, b: 0.5 + difference, difference, interval: q === null ? null : [difference - 0.1, difference + 0.1], why: null, words: `by ${difference}.`, q });
  const move = (to: string, difference: number, q: number | null) => ({ from: "x", to, count_a: 10, count_b: 10, share: one(difference, q), seconds: one(0, null), entities_a: 1, entities_b: 1 });
  const side: Transitions = { ...rest, currency: null, entities: 40, events: 90, edges: [] };
  const diff = (...edges: TransitionsDiff["edges"][number][]): TransitionsDiff => ({ a: side, b: side, edges, rate: 0.05, left_out: 0, shared: 0 });
  expect(flowDiffSentence(diff(move("y", 0.2, 0.01), move("z", -0.3, 0.02), move("w", 0.4, 0.2)))).toBe("After x, 50% of A and 20% of B go on to z. by -0.3. 1 more of 3 moves differs.");
  expect(flowDiffSentence(diff(move("y", 0.2, 0.3)))).toBe("A and B cannot be told apart by where they go next: none of 1 moves differs by more than chance.");
  expect(flowDiffSentence(diff(move("y", 0.2, null)))).toContain("Too few people on one side");
  expect(flowDiffSentence(diff())).toBe("Nobody on either side goes from one event to another.");
});

test("the life of people is told of the last period that is over", () => {
  const at = (start: string, dormant: number | null, more: Partial<LifePeriod> = {}): LifePeriod => ({ start, new: 2, returning: 30, resurrecting: 1, dormant, stayed: 0.6, interval: [0.5, 0.7], why: null, ...more });
  const said = (...periods: LifePeriod[]) => lifecycleSentence({ ...rest, period: "week", periods }, "UTC");
  expect(said(at("2026-03-02T00:00:00Z", 20), at("2026-03-09T00:00:00Z", null))).toMatch(/33 people were there: 2 new, 30 there again, 1 back after a gap. 60% of those there the week before stayed \(likely 50 to 70%\)./u);
  expect(said(at("2026-03-09T00:00:00Z", null))).toContain("It is not over yet.");
  expect(said()).toBe("Nobody in this selection is ever there.");
});

test("a flow names the commonest move", () => {
  const edge = (from: string, to: string, count: number) => ({ from, to, count, mean_seconds: 1, mean_interval: null, why: null, entities: 1, median_seconds: null, median_interval: null, carried_by: null, money: null, money_interval: null, money_carried_by: null });
  const flow: Transitions = { ...rest, currency: null, entities: 3, events: 9, edges: [edge("a", "b", 1), edge("b", "b", 3)] };
  expect(flowSentence(flow)).toBe("3 people make 4 moves. Most often they go b again: 3 times, 75% of all.");
});

test("a step is an event's name or a name with a rule, and never two things", () => {
  expect(nameOf("Buys := event = 'x'")).toBe("Buys");
  expect(ruleOf("it's")).toBe("event = 'it''s'");
  const choices = { map: "m", splits: [], numbers: [], events: [{ value: "home", count: 1 }], steps: [
    { id: "home", name: "Home", stage: "A", word: "Home := event = 'h'" },
    { id: "b", name: "B", stage: "A", word: "B := event = 'b'" },
    { id: "c", name: "C", stage: "Z", word: "C := event = 'c'" },
  ] };
  expect(eventWord("home", choices)).toBe("home := event = 'home'");
  expect(eventWord("cart", choices)).toBe("cart");
  expect(eventWord('what? "no"?', choices)).toBe('"what? ""no""?"');
  expect(stagesFunnel(choices)).toEqual(["Home := event = 'h'", "C := event = 'c'"]);
});

test("a step that is an event under its own name is listed once, and says what it takes", () => {
  const choices = { map: "m", splits: [], numbers: [], events: [{ value: "cart", count: 4 }, { value: "pay", count: 2 }], steps: [{ id: "cart", name: "cart", stage: null, word: "cart := event = 'cart'" }] };
  const { steps, events } = stepChoices(choices);
  expect([...steps, ...events].map((one) => one.value)).toEqual(["cart := event = 'cart'", "pay"]);
  expect(takes("Look := event in ('a', 'it''s', 'c')")).toBe("takes a, it's and 1 more");
  expect(takes("Big := event = 'a' and value > 3")).toBe("step with a rule");
});

test("a declared entity has its own word, and sessions of another question are none of whole journeys", () => {
  const accounts = wholeOf("account");
  const moves = { ...rest, entities: 12, edges: [{ from: "a", to: "b", count: 7 }] } as unknown as Transitions;
  expect(flowSentence(moves, accounts)).toContain("12 accounts make 7 moves");
  expect(funnelSentence(funnel(step("a", 200), step("b", 60)), countedOf({ count: null, of: "account", holding: null }))).toContain("Of 200 accounts that take a, 60 reach b");
  expect(wholeOf("session(gap=1h)")).toEqual(PEOPLE);
});
