import { describe, expect, it } from "vitest";
import { formatValue, type Unit } from "./units";

describe("formatValue", () => {
  it.each<[number, Unit, string]>([
    [0, "count", "0"],
    [1234567, "count", "1.235M"],
    [999, "unknown", "999"],
    [0.31064, "count", "0.3106"],
    [0.0042, "count", "0.0042"],
    [1e-12, "count", "1.00e-12"],
    [-1500, "count", "-1.5k"],
    [1536, "bytes", "1.5 KiB"],
    [512, "bytes", "512 B"],
    [3 * 2 ** 30, "bytes/s", "3 GiB/s"],
    [0.25, "seconds", "250 ms"],
    [0.0000031, "seconds", "3.1 µs"],
    [90, "seconds", "90 s"],
    [5400, "seconds", "90 min"],
    [864_000, "seconds", "10 d"],
    [0.123, "ratio", "12.3 %"],
    [42, "percent", "42 %"],
    [12_000, "count/s", "12k/s"],
    [1_790_000_000, "timestamp", "2026-09-21T14:13:20Z"],
    [Infinity, "bytes", "+Inf"],
    [NaN, "count", "NaN"],
  ])("%d %s", (value, unit, text) => expect(formatValue(value, unit)).toBe(text));
  it("has a sign for no value", () => expect(formatValue(null, "count")).toBe("–"));
  it("takes fewer digits for axes", () => expect(formatValue(1234567, "count", 2)).toBe("1.2M"));
});
