// Times and durations as people read them. Milliseconds unless a name says otherwise.
import { partsOf } from "./zone";

const units: readonly [string, number][] = [
  ["y", 365 * 86_400_000],
  ["w", 7 * 86_400_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

// "1h30m", "15s", "1.2s" below a minute, "340ms"; at most two units.
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return "–";
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (milliseconds < 1) return milliseconds === 0 ? "0s" : `${Math.round(milliseconds * 1000)}µs`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)}ms`;
  if (milliseconds < 60_000) return `${Number((milliseconds / 1000).toFixed(1))}s`;
  let rest = Math.round(milliseconds / 1000) * 1000;
  const parts: string[] = [];
  for (const [unit, size] of units) {
    if (unit === "w" || unit === "ms") continue;
    const count = Math.floor(rest / size);
    if (count === 0 && parts.length === 0) continue;
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
    if (parts.length === 2 || unit === "s") break;
    if (parts.length === 1 && count === 0) break;
  }
  return parts.join("");
}

// Milliseconds of "1h30m", "90s", "500ms", or of plain seconds; undefined when it is none.
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  if (!/^(\d+(ms|[ywdhms]))+$/.test(trimmed)) return undefined;
  let sum = 0;
  for (const [, count, unit] of trimmed.matchAll(/(\d+)(ms|[ywdhms])/g)) {
    sum += Number(count) * units.find(([name]) => name === unit)![1];
  }
  return sum;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

// "2026-01-31 12:04:05" in the zone of the page.
export function formatTime(milliseconds: number): string {
  const { year, month, day } = partsOf(milliseconds);
  return `${year}-${two(month)}-${two(day)} ${formatClock(milliseconds)}`;
}

// "12:04:05" in the zone of the page.
export function formatClock(milliseconds: number): string {
  const { hour, minute, second } = partsOf(milliseconds);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

// "3s ago", "in 5m", "never" for what has not happened (0, or a year-1 time of Go's).
export function formatAgo(milliseconds: number, now = Date.now()): string {
  if (!(milliseconds > 0)) return "never";
  const away = now - milliseconds;
  if (Math.abs(away) < 1000) return "now";
  return away > 0 ? `${formatDuration(away)} ago` : `in ${formatDuration(-away)}`;
}

// "1,234", "12.3k", "4.56M".
export function formatCount(value: number): string {
  const size = Math.abs(value);
  if (size < 10_000) return value.toLocaleString("en-US", { maximumFractionDigits: 2 });
  if (size < 1e6) return `${Number((value / 1e3).toPrecision(3))}k`;
  if (size < 1e9) return `${Number((value / 1e6).toPrecision(3))}M`;
  return `${Number((value / 1e9).toPrecision(3))}G`;
}

// "512 B", "1.4 KiB", "38 MiB".
export function formatBytes(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let index = 0;
  let rest = value;
  while (Math.abs(rest) >= 1024 && index < names.length - 1) {
    rest /= 1024;
    index++;
  }
  return `${index === 0 ? rest : Number(rest.toPrecision(3))} ${names[index]}`;
}
