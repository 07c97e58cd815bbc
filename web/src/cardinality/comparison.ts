// Counts beside those of another day, and their share of the whole.
import type { NamedCount } from "../api/prometheus";

export interface Compared {
  readonly name: string;
  readonly value: number;
  /** Of `total`, from 0 to 1. */
  readonly share: number;
  /** How many more than before; undefined where there is no day before to compare with. */
  readonly change?: number;
}

/**
 * In the order of `now`. The list of the day before is cut off like every list: a name that it does not have had at most
 * as many as its last entry, and counts as new only where that list is not full.
 */
export function compare(
  now: readonly NamedCount[],
  total: number,
  before: readonly NamedCount[] | undefined,
  topN: number,
): Compared[] {
  const old = before && new Map(before.map(({ name, value }) => [name, value]));
  const complete = before !== undefined && before.length < topN;
  return now.map(({ name, value }) => {
    const was = old?.get(name) ?? (complete ? 0 : undefined);
    return {
      name,
      value,
      share: total > 0 ? Math.min(1, value / total) : 0,
      change: was === undefined ? undefined : value - was,
    };
  });
}

export interface Pair {
  readonly label: string;
  readonly value: string;
}

/** "job=node": the first "=" ends the label. */
export function pairOf(name: string): Pair {
  const at = name.indexOf("=");
  return at < 0 ? { label: name, value: "" } : { label: name.slice(0, at), value: name.slice(at + 1) };
}

const DAY = 86_400_000;

/** The day before "2026-01-31"; undefined for what is no day. */
export function dayBefore(day: string): string | undefined {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) ? undefined : new Date(ms - DAY).toISOString().slice(0, 10);
}

/** "+1,234", "-5", "±0". */
export function changeText(change: number): string {
  if (change === 0) return "±0";
  return `${change > 0 ? "+" : "−"}${Math.abs(change).toLocaleString("en")}`;
}
