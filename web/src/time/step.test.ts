import { describe, expect, it } from "vitest";
import { alignSpan, readStep, stepFor, stepProblem, writeStep } from "./step";

const span = (ms: number) => ({ from: 0, to: ms });
const HOUR = 3_600_000;

describe("stepFor", () => {
  it("takes a round step for the width", () => expect(stepFor({ kind: "auto" }, span(HOUR), 1000)).toBe(10_000));
  it("is at least a second", () => expect(stepFor({ kind: "auto" }, span(60_000), 1000)).toBe(1000));
  it("takes whole days for years", () =>
    expect(stepFor({ kind: "auto" }, span(5 * 365 * 24 * HOUR), 200) % 86_400_000).toBe(0));
  it("divides by the points wanted", () =>
    expect(stepFor({ kind: "points", points: 360 }, span(HOUR), 1)).toBe(10_000));
  it("keeps a fixed step", () => expect(stepFor({ kind: "fixed", step: 7000 }, span(HOUR), 1000)).toBe(7000));
  it("never asks for more than the server answers", () =>
    expect(stepProblem(stepFor({ kind: "points", points: 11_000 }, span(HOUR), 1), span(HOUR))).toBeUndefined());
});

describe("alignSpan", () => {
  it("moves to multiples", () => expect(alignSpan({ from: 17, to: 39 }, 10)).toEqual({ from: 10, to: 30 }));
});

describe("stepProblem", () => {
  it("says what would be right", () => expect(stepProblem(1000, span(24 * HOUR))).toContain("use 8s or more"));
});

describe("in a URL", () => {
  it.each(["auto", "500p", "15s", "1h30m"])("%s comes back", (text) => expect(writeStep(readStep(text))).toBe(text));
  it("takes nonsense for auto", () => expect(readStep("fast")).toEqual({ kind: "auto" }));
});
