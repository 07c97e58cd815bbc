import { describe, expect, it } from "vitest";
import { toVolume, volumeQuery } from "./volume";

const HOUR = { from: 1_790_000_000_000, to: 1_790_003_600_000 };

describe("volumeQuery", () => {
  const asked = volumeQuery('{app="shop"} | json ', HOUR, 1200);
  it("counts by level, whatever parsers make of the lines", () =>
    expect(asked.query).toBe(
      'sum by (detected_level) (count_over_time({app="shop"} | json | drop __error__, __error_details__ [30s]))',
    ));
  it("covers the range with whole bars", () => {
    expect(asked.start - asked.step).toBeLessThanOrEqual(HOUR.from / 1000);
    expect(asked.end).toBeGreaterThanOrEqual(HOUR.to / 1000);
    expect((asked.end - asked.start) % asked.step).toBe(0);
  });
});

describe("toVolume", () => {
  const volume = toVolume(
    [
      {
        metric: { detected_level: "info" },
        values: [
          [10, "5"],
          [20, "7"],
        ],
      },
      { metric: { detected_level: "error" }, values: [[20, "1"]] },
      { metric: { detected_level: "err" }, values: [[20, "1"]] },
      { metric: {}, values: [[30, "2"]] },
    ],
    { query: "", start: 10, end: 30, step: 10 },
  );
  it("has the gravest level first", () => expect(volume.levels).toEqual(["error", "info", "unknown"]));
  it("adds up what means the same", () => expect(volume.columns[0]).toEqual([0, 2, 0]));
  it("knows how many lines there are", () => expect(volume.total).toBe(16));
});
