import { expect, test } from "vitest";
import type { TenantLimits } from "../api/status";
import { limitRows, limitText, sortRows } from "./limits";
import { parseSize } from "./sizes";
import { sparkPoints } from "./Spark";

test("limits are written as people do", () => {
  expect(limitText("max_series", 0)).toBe("no limit");
  expect(limitText("max_series", 1_500_000)).toBe("1.5M");
  expect(limitText("max_body_bytes", 33_554_432)).toBe("32 MiB");
  expect(limitText("max_future", "600000ms")).toBe("10m");
  expect(limitText("max_age", "0ms")).toBe("no limit");
  expect(limitText("enforced_labels", [])).toBe("none");
  expect(limitText("discover_log_levels", true)).toBe("yes");
});

test("the fullest limit stands first", () => {
  const limits = {
    config: { limits: { a: 0, max_hosts: 10, max_series: 100, max_jobs: 0 } },
    use: { max_hosts: 1, max_series: 90, max_jobs: 4 },
  } as unknown as TenantLimits;
  const rows = sortRows(limitRows(limits));
  expect(rows.map(({ name }) => name)).toEqual(["max_series", "max_hosts", "max_jobs", "a"]);
  expect(rows[0]).toMatchObject({ used: 90, most: 100, usedText: "90" });
});

test("sizes of flags are read", () => {
  expect([parseSize("64MB"), parseSize("16GB"), parseSize("1024"), parseSize("0"), parseSize("x"), parseSize(undefined)]).toEqual([
    64 * 2 ** 20,
    16 * 2 ** 30,
    1024,
    undefined,
    undefined,
    undefined,
  ]);
});

test("a line spans all of its width and begins at 0", () => {
  expect(sparkPoints([0, 6, 12])).toBe("0.0,15.0 60.0,9.8 120.0,4.5");
  expect(sparkPoints([0, 0])).toBe("0.0,15.0 120.0,15.0");
});
