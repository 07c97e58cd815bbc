import { describe, expect, it } from "vitest";
import { type CardinalityState, narrowed, readState, writeState } from "./state";

const full: CardinalityState = { day: "2026-01-31", focus: "instance", match: '{job="a&b"}', topN: 100 };

describe("in a URL", () => {
  it("everything comes back", () => expect(readState(new URLSearchParams(writeState(full).toString()))).toEqual(full));
  it("what is as usual is not written", () => expect(writeState(readState(new URLSearchParams())).toString()).toBe(""));
  it("passes over nonsense", () =>
    expect(readState(new URLSearchParams("day=yesterday&top=7"))).toEqual({ day: "", focus: "", match: "", topN: 20 }));
});

describe("narrowed", () => {
  it.each([
    ["", '{job="a"}'],
    ["{}", '{job="a"}'],
    ['{x="y"}', '{x="y", job="a"}'],
    ["up", 'up{job="a"}'],
    ['up{x="y"}', 'up{x="y", job="a"}'],
  ])("%s", (match, want) => expect(narrowed(match, 'job="a"')).toBe(want));
});
