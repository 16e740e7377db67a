import { describe, expect, it } from "vitest";
import { about, aboutMoney, ago, count, day, duration, inSigns, likely, moment, money, percent, shortDuration, span } from "./format.ts";

describe("numbers as text", () => {
  it("rounds money on the face to two significant digits", () => {
    expect(aboutMoney(47_613.2, "EUR")).toBe("€48,000");
    expect(aboutMoney(-1_049, "EUR")).toBe("−€1,000");
    expect(aboutMoney(14, "USD")).toBe("$14");
  });
  it("keeps the cents of small money and the units of large money", () => {
    expect(money(3.456, "EUR")).toBe("€3.46");
    expect(money(5254.6, "EUR")).toBe("€5,255");
    expect(money(0, "EUR")).toBe("€0");
  });
  it("writes plain numbers where there is no currency", () => {
    expect(aboutMoney(48_100, "")).toBe("48,000");
  });
  it("writes the amounts of a sentence with the sign of their currency", () => {
    expect(inSigns("about EUR 17,000 of EUR 22,000; EUROPE 5", "EUR")).toBe("about €17,000 of €22,000; EUROPE 5");
    expect(inSigns("about 17,000", "")).toBe("about 17,000");
  });
  it("says an interval in words", () => {
    expect(likely([30_412, 66_800])).toBe("likely 30,000 to 67,000");
    expect(about(-612)).toBe("−610");
  });
  it("shows a decimal only where a count is small and not whole", () => {
    expect(count(737.6)).toBe("738");
    expect(count(2.44)).toBe("2.4");
    expect(count(9)).toBe("9");
  });
  it("never shows a small share as nothing", () => {
    expect(percent(0.004)).toBe("0.4%");
    expect(percent(0.651)).toBe("65%");
    expect(percent(0)).toBe("0%");
    expect(percent(0.0003)).toBe("<0.1%");
  });
});

describe("durations as text", () => {
  it("takes the largest unit that stays above one", () => {
    expect(duration(42)).toBe("42 s");
    expect(duration(600)).toBe("10 min");
    expect(duration(5400)).toBe("1.5 h");
    expect(duration(15 * 86_400)).toBe("15 days");
  });
  it("is shorter on an arrow", () => {
    expect(shortDuration(15 * 86_400)).toBe("15 d");
  });
  it("lets a narrow column break a moment before its time alone", () => {
    const text = moment("2026-09-27T12:02:00Z", "Europe/Amsterdam");
    expect(day("2026-09-27T12:02:00Z", "Europe/Amsterdam")).not.toContain(" ");
    expect(text.split(" ")).toHaveLength(2);
    expect(text.split(" ")[1]).toMatch(/02.02/u);
  });

  it("writes a period by its last day, not by the midnight after it", () => {
    const text = span("2026-06-28T22:00:00Z", "2026-09-27T22:00:00Z", "Europe/Amsterdam");
    expect(text.replace(/\s+/gu, " ")).toBe("Jun 29 – Sep 27, 2026");
  });
  it("says how long ago", () => {
    const now = Date.parse("2026-09-27T14:02:03Z");
    expect(ago("2026-09-27T14:02:00Z", now)).toBe("3 s ago");
    expect(ago("2026-09-20T14:02:00Z", now)).toBe("7 days ago");
    expect(ago("1998-06-30T00:00:00Z", now)).toBe("28 years ago");
  });
});
