import { beforeEach, describe, expect, it } from "vitest";
import { formatExact, formatTick, utcDay } from "./instant";
import { setUtc } from "./zone";

const T = Date.UTC(2026, 0, 31, 9, 5, 7, 42);

beforeEach(() => setUtc(true));

describe("instants as text", () => {
  it("to the millisecond", () => expect(formatExact(T)).toBe("2026-01-31 09:05:07.042"));
  it("as a day", () => expect(utcDay(T)).toBe("2026-01-31"));
});

describe("formatTick", () => {
  it("has seconds only where ticks are close", () => {
    expect(formatTick(T, 5000)).toBe("09:05:07");
    expect(formatTick(T, 60_000)).toBe("09:05");
  });
  it("names the day at midnight", () => expect(formatTick(Date.UTC(2026, 0, 31), 3_600_000)).toBe("01-31"));
  it("names days where ticks are days", () => expect(formatTick(T, 86_400_000)).toBe("01-31"));
});
