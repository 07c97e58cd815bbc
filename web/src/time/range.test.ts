import { describe, expect, it } from "vitest";
import { parseInstant, readRange, resolve, sameRange, shift, type TimeRange, writeRange, zoomOut } from "./range";

const NOW = Date.UTC(2026, 0, 31, 12);
const HOUR: TimeRange = { kind: "last", duration: 3_600_000 };
const FIXED: TimeRange = { kind: "between", from: NOW - 7_200_000, to: NOW - 3_600_000 };

describe("resolve", () => {
  it("ends a relative range now", () => expect(resolve(HOUR, NOW)).toEqual({ from: NOW - 3_600_000, to: NOW }));
  it("keeps an absolute one", () => expect(resolve(FIXED, NOW)).toEqual({ from: FIXED.from, to: FIXED.to }));
});

describe("zoomOut", () => {
  it("keeps a relative range at now", () => expect(zoomOut(HOUR, NOW)).toEqual({ kind: "last", duration: 7_200_000 }));
  it("doubles around the middle", () =>
    expect(zoomOut(FIXED, NOW)).toEqual({ kind: "between", from: NOW - 9_000_000, to: NOW - 1_800_000 }));
  it("does not go beyond now", () => {
    const range = zoomOut({ kind: "between", from: NOW - 1000, to: NOW }, NOW);
    expect(resolve(range, NOW).to).toBe(NOW);
  });
});

describe("shift", () => {
  it("goes back by half", () =>
    expect(shift(HOUR, -1, NOW)).toEqual({ kind: "between", from: NOW - 5_400_000, to: NOW - 1_800_000 }));
});

describe("parseInstant", () => {
  it.each([
    ["now", NOW],
    ["now-90m", NOW - 5_400_000],
    ["now - 1h", NOW - 3_600_000],
    ["2026-01-31", Date.UTC(2026, 0, 31)],
    ["2026-01-31 10:30", Date.UTC(2026, 0, 31, 10, 30)],
    ["2026-01-31T10:30:05+01:00", Date.UTC(2026, 0, 31, 9, 30, 5)],
    ["1790000000", 1_790_000_000_000],
    ["1790000000.5", 1_790_000_000_500],
    ["1790000000123", 1_790_000_000_123],
  ])("%s", (text, ms) => expect(parseInstant(text, NOW, true)).toBe(ms));
  it.each(["", "tomorrow", "12", "now-", "now-x", "2026-13-40"])('refuses "%s"', (text) =>
    expect(parseInstant(text, NOW, true)).toBeUndefined(),
  );
});

describe("in a URL", () => {
  it.each([HOUR, FIXED])("%o comes back", (range) => {
    const params = new URLSearchParams();
    writeRange(range, params);
    expect(sameRange(readRange(params), range)).toBe(true);
  });
  it("passes over a range that ends before it begins", () =>
    expect(readRange(new URLSearchParams("from=2026-01-02&to=2026-01-01&range=5m"))).toEqual({
      kind: "last",
      duration: 300_000,
    }));
  it("passes over nonsense", () => expect(readRange(new URLSearchParams("range=x"), HOUR)).toEqual(HOUR));
});
