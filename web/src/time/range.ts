// Ranges of time that a page shows: the last N, or between two times. Times are milliseconds since 1970.
import { exactDuration, readDuration } from "./duration";
import { isUtc } from "./zone";

export interface Span {
  /** Inclusive. */
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

export type TimeRange = { readonly kind: "last"; readonly duration: number } | ({ readonly kind: "between" } & Span);

export const DEFAULT_RANGE: TimeRange = { kind: "last", duration: 3_600_000 };

/** The offers of the picker. */
export const QUICK_RANGES: readonly number[] = [
  "5m",
  "15m",
  "30m",
  "1h",
  "3h",
  "6h",
  "12h",
  "1d",
  "2d",
  "7d",
  "14d",
  "30d",
  "90d",
  "1y",
].map((text) => readDuration(text)!);

export function resolve(range: TimeRange, now: number): Span {
  if (range.kind === "between") return { from: range.from, to: range.to };
  return { from: now - range.duration, to: now };
}

export function sameRange(a: TimeRange, b: TimeRange): boolean {
  if (a.kind === "last") return b.kind === "last" && a.duration === b.duration;
  return b.kind === "between" && a.from === b.from && a.to === b.to;
}

/** Twice as long around the same middle; a range that ends now goes on ending now. */
export function zoomOut(range: TimeRange, now: number): TimeRange {
  if (range.kind === "last") return { kind: "last", duration: range.duration * 2 };
  const half = Math.max(500, Math.round((range.to - range.from) / 2));
  const to = Math.min(range.to + half, Math.max(now, range.to));
  return { kind: "between", from: range.from - half, to };
}

/** Half a range earlier (-1) or later (1). */
export function shift(range: TimeRange, direction: -1 | 1, now: number): TimeRange {
  const { from, to } = resolve(range, now);
  const by = Math.round((to - from) / 2) * direction;
  return { kind: "between", from: from + by, to: to + by };
}

/**
 * What people type for a time: "now", "now-90m", "2026-01-31 12:00", RFC 3339, Unix seconds or milliseconds. A date
 * without a zone is in the zone of the page. Undefined if it is none of these.
 */
export function parseInstant(text: string, now: number, utc = isUtc()): number | undefined {
  const trimmed = text.trim();
  const relative = /^now(?:\s*-\s*(\S+))?$/.exec(trimmed);
  if (relative) {
    if (relative[1] === undefined) return now;
    const back = readDuration(relative[1]);
    return back === undefined ? undefined : now - back;
  }
  if (/^\d{9,10}(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1000);
  if (/^\d{12,13}$/.test(trimmed)) return Number(trimmed);
  return parseDate(trimmed, utc);
}

function parseDate(text: string, utc: boolean): number | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (!parts) return undefined;
  const zone = parts[3] ?? (utc ? "Z" : "");
  const ms = Date.parse(`${parts[1]}T${parts[2] ?? "00:00"}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Into the parameters of a URL: range=1h, or from= and to= in RFC 3339, which people can read and change. */
export function writeRange(range: TimeRange, params: URLSearchParams): void {
  if (range.kind === "last") {
    params.set("range", exactDuration(range.duration));
    return;
  }
  params.set("from", new Date(range.from).toISOString());
  params.set("to", new Date(range.to).toISOString());
}

/** From the parameters of a URL. What cannot be read is as if it were not there. */
export function readRange(params: URLSearchParams, fallback: TimeRange = DEFAULT_RANGE): TimeRange {
  const from = parseInstant(params.get("from") ?? "", 0, true);
  const to = parseInstant(params.get("to") ?? "", 0, true);
  if (from !== undefined && to !== undefined && from < to) return { kind: "between", from, to };
  const duration = readDuration(params.get("range") ?? "");
  return duration === undefined ? fallback : { kind: "last", duration };
}
