// Targets by the job that they are scraped for.
import type { Target } from "../api/control";

export interface Pool {
  name: string;
  targets: Target[]; // Those that fail first, then by address.
  up: number;
  total: number;
  dropped: number;
}

const order = { down: 0, unknown: 1, up: 2 };

function compare(a: Target, b: Target): number {
  return order[a.health] - order[b.health] || a.scrapeUrl.localeCompare(b.scrapeUrl);
}

// Pools that have a failing target first, then by name.
export function poolsOf(targets: readonly Target[], dropped: Readonly<Record<string, number>>): Pool[] {
  const byName = new Map<string, Target[]>();
  for (const target of targets) {
    const pool = byName.get(target.scrapePool);
    if (pool) pool.push(target);
    else byName.set(target.scrapePool, [target]);
  }
  return [...byName]
    .map(([name, members]) => ({
      name,
      targets: members.sort(compare),
      up: members.filter(({ health }) => health === "up").length,
      total: members.length,
      dropped: dropped[name] ?? 0,
    }))
    .sort((a, b) => Number(a.up === a.total) - Number(b.up === b.total) || a.name.localeCompare(b.name));
}

export function countByHealth(targets: readonly Target[]): Record<Target["health"], number> {
  const counts = { up: 0, down: 0, unknown: 0 };
  for (const { health } of targets) counts[health]++;
  return counts;
}
