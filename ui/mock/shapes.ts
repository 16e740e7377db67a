// Pictures of other shapes: one step, many steps, no money.
import type { DrawnArrow, MapStep, Picture } from "../src/api/types.ts";
import { company } from "./company.ts";

/** A map of one step where nearly nobody was seen. */
export function one(): Picture {
  const whole = company(1);
  const [first] = whole.document.steps;
  const figures = whole.price.steps[0];
  if (!first || !figures) throw new Error("the company has no steps");
  return {
    ...whole,
    headline: "Too few people to say: 12 came in this period, 30 are needed.",
    document: { ...whole.document, name: "One", steps: [first], stages: [] },
    columns: [["", [first.id]]],
    arrows: [],
    hidden_moves: 0,
    price: {
      ...whole.price,
      entrants: 12,
      entrants_per_month: 4,
      personas: [],
      steps: [{ ...figures, people: 12, people_per_month: 4, share: 1, worth_per_person: null, worth_interval: null, lost_per_month: null, mendable_per_month: null, leave: 3, leave_per_month: 1, why: "12 people, 30 needed" }],
      arrows: [],
      do_next: [],
      ignore: [],
      cannot_fix: [],
      notes: [],
      do_next_why: "Too few people to compare.",
      ignore_why: "Nothing that looks bad could be shown to be harmless.",
    },
  };
}

/** A map of sixty steps with long names and no money. */
export function many(): Picture {
  const whole = company(1);
  const base = whole.price.steps[0];
  const drawn = whole.arrows[0];
  if (!base || !drawn) throw new Error("the company has no steps");
  const steps = Array.from({ length: 60 }, (_, k): MapStep => ({
    id: `s${k}`,
    name: `Reconciliation Completed With Warnings ${k}`,
    rule: "event = 'x'",
    stage: `Stage ${Math.floor(k / 10)}`,
    entry: k === 0,
    leaving: false,
    owner: null,
    link: null,
    expires: null,
    tau: null,
    signs: [],
  }));
  const arrows = steps.slice(1).map((to, k): DrawnArrow => ({
    ...drawn,
    arrow: { ...drawn.arrow, from: `s${k}`, to: to.id, value_per_person: null, interval: null, gain_per_point: null, per_month: null, per_month_interval: null, why: "the data hold no money" },
  }));
  return {
    ...whole,
    headline: "Of 1,133 people who come in a month, 60 reach the last step. These data hold no money, so nothing has a price.",
    document: { ...whole.document, name: "Many", steps, persona: null },
    columns: Array.from({ length: 6 }, (_, k): [string, string[]] => [`Stage ${k}`, steps.slice(k * 10, k * 10 + 10).map(({ id }) => id)]),
    arrows,
    hidden_moves: 0,
    price: {
      ...whole.price,
      map: "Many",
      currency: "",
      personas: [],
      steps: steps.map(({ id }, k) => ({ ...base, id, people_per_month: 1000 / (k + 1), share: 0.9 / (k + 1), worth_per_person: null, worth_interval: null, lost_per_month: null, mendable_per_month: null, compared: false, why: "the data hold no money" })),
      arrows: arrows.map(({ arrow }) => arrow),
      do_next: [],
      ignore: [],
      cannot_fix: [],
      do_next_why: "The map names no persona, so nobody can be compared with people like them: nothing is ranked.",
      ignore_why: "The map names no persona, so nobody can be compared with people like them: nothing is ranked.",
      notes: ["These data hold no money: nothing has a price."],
    },
  };
}
