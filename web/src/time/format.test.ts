import { describe, expect, test } from "vitest";
import { formatAgo, formatBytes, formatCount, formatDuration, parseDuration } from "./format";

describe("durations", () => {
  test.each([
    [0, "0s"],
    [0.34, "340µs"],
    [12, "12ms"],
    [1234, "1.2s"],
    [60_000, "1m"],
    [90_000, "1m30s"],
    [3_600_000, "1h"],
    [5_400_000, "1h30m"],
    [86_400_000 + 30_000, "1d"],
    [90_000_000, "1d1h"],
    [-5000, "-5s"],
    [Infinity, "–"],
  ])("%d ms is %s", (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

  test.each([
    ["90s", 90_000],
    ["1h30m", 5_400_000],
    ["15", 15_000],
    ["500ms", 500],
    ["2w", 1_209_600_000],
  ])("%s is read", (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

  test.each(["", "h", "1x", "-5m", "1h 30"])("%j is none", (text) => expect(parseDuration(text)).toBeUndefined());
});

test("times are told from now", () => {
  expect(formatAgo(1_000_000, 1_090_000)).toBe("1m30s ago");
  expect(formatAgo(1_090_000, 1_000_000)).toBe("in 1m30s");
  expect(formatAgo(-62135596800000)).toBe("never");
});

test("counts and sizes keep three digits", () => {
  expect([1234, 12_345, 4_560_000].map(formatCount)).toEqual(["1,234", "12.3k", "4.56M"]);
  expect([512, 1434, 40_000_000].map(formatBytes)).toEqual(["512 B", "1.4 KiB", "38.1 MiB"]);
});
