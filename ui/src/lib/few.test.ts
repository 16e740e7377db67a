import { describe, expect, it } from "vitest";
import { cellsLeftOut, readFew } from "@/lib/few.ts";
import { count, percent } from "@/lib/format.ts";

describe("numbers that are left out", () => {
  it("are said as such, and so is what is made of them, never as zero", () => {
    const body = { steps: [{ entities: 40 }, { entities: null as number | null, share: null as number | null }], cells_left_out: { count: 1, places: ["/steps/1/entities", "/steps/1/share"] } };
    readFew("1; fewer-than=5", body);
    const [first, second] = body.steps;
    expect(count(second?.entities ?? 0)).toBe("left out: fewer than 5 people");
    expect(count((first?.entities ?? 0) - (second?.entities ?? 0))).toBe("left out: fewer than 5 people");
    expect(percent(second?.share ?? 0)).toBe("left out");
    expect(cellsLeftOut(body)).toBe(1);
  });

  it("are named by the header where the answer is a list", () => {
    const body = [{ people: null as number | null }];
    readFew("1; fewer-than=10; places=/0/people", body);
    expect(count(body[0]?.people ?? 0)).toBe("left out: fewer than 10 people");
  });

  it("leave an answer alone in which nothing is", () => {
    const body = { entities: 3, older: null };
    readFew(null, body);
    expect(body).toEqual({ entities: 3, older: null });
  });
});
