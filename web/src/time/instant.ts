// Times in the zone of the page, where format.ts is too coarse or too long.
import { formatTime } from "./format";
import { partsOf } from "./zone";

const two = (value: number) => String(value).padStart(2, "0");

/** 2026-01-31 12:04:05.678 */
export function formatExact(ms: number): string {
  const rest = Math.floor(((ms % 1000) + 1000) % 1000);
  return `${formatTime(ms)}.${String(rest).padStart(3, "0")}`;
}

/** The day in UTC, as day pickers and the server's `date` have it: 2026-01-31. */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** What an axis writes at a tick: as little as tells ticks apart that lie `gap` milliseconds from each other. */
export function formatTick(ms: number, gap: number): string {
  const { month, day, hour, minute, second } = partsOf(ms);
  const midnight = hour === 0 && minute === 0 && second === 0;
  if (gap >= 86_400_000 || midnight) return `${two(month)}-${two(day)}`;
  const minutes = `${two(hour)}:${two(minute)}`;
  return gap < 60_000 ? `${minutes}:${two(second)}` : minutes;
}
