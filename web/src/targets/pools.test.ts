import { expect, test } from "vitest";
import type { Target } from "../api/control";
import { countByHealth, poolsOf } from "./pools";

function target(scrapePool: string, scrapeUrl: string, health: Target["health"]): Target {
  return { scrapePool, scrapeUrl, health } as Target;
}

test("what fails stands first", () => {
  const pools = poolsOf(
    [target("a", "1", "up"), target("b", "2", "up"), target("b", "1", "up"), target("b", "3", "down")],
    { b: 7 },
  );
  expect(pools.map((pool) => [pool.name, pool.up, pool.total, pool.dropped])).toEqual([
    ["b", 2, 3, 7],
    ["a", 1, 1, 0],
  ]);
  expect(pools[0]!.targets.map(({ scrapeUrl }) => scrapeUrl)).toEqual(["3", "1", "2"]);
});

test("healths are counted", () => {
  expect(countByHealth([target("a", "", "up"), target("a", "", "unknown"), target("b", "", "up")])).toEqual({
    up: 2,
    down: 0,
    unknown: 1,
  });
});
