// Durations as the query languages write them. format.ts has those for people.
import { parseDuration } from "./format";

const UNITS: readonly [string, number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/** The shortest text that means exactly so many milliseconds: 5400000 is "1h30m". Weeks where nothing is left over. */
export function exactDuration(ms: number): string {
  let rest = Math.round(ms);
  if (rest <= 0) return "0s";
  if (rest % (7 * 86_400_000) === 0) return `${rest / (7 * 86_400_000)}w`;
  let text = "";
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

/** Milliseconds of a duration that is longer than nothing. */
export function readDuration(text: string): number | undefined {
  return parseDuration(text) || undefined;
}
