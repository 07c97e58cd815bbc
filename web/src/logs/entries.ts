// Log entries as the page holds them, out of Loki's answers.
import type { Labels } from "../metrics/labels";

/** [nanoseconds as text, line, categorized labels]: what X-Loki-Response-Encoding-Flags: categorize-labels brings. */
export type ApiEntry = readonly [string, string, ({ structuredMetadata?: Labels; parsed?: Labels } | undefined)?];

export interface ApiStream {
  readonly stream: Labels;
  readonly values: readonly ApiEntry[];
}

export interface LogEntry {
  /** Unique among the entries of a page. */
  readonly id: string;
  /** Nanoseconds since 1970, 19 digits: too many for a number. Compared as text. */
  readonly nanos: string;
  readonly line: string;
  readonly stream: Labels;
  readonly metadata: Labels;
  readonly parsed: Labels;
  readonly level: Level;
}

export const LEVELS = ["critical", "error", "warn", "info", "debug", "trace", "unknown"] as const;
export type Level = (typeof LEVELS)[number];

const LEVEL_WORDS: Readonly<Record<string, Level>> = {
  critical: "critical",
  fatal: "critical",
  emerg: "critical",
  emergency: "critical",
  alert: "critical",
  crit: "critical",
  panic: "critical",
  error: "error",
  err: "error",
  eror: "error",
  warn: "warn",
  warning: "warn",
  info: "info",
  information: "info",
  informational: "info",
  notice: "info",
  debug: "debug",
  dbug: "debug",
  trace: "trace",
  verbose: "trace",
};

export function levelOf(word: string | undefined): Level {
  return LEVEL_WORDS[(word ?? "").toLowerCase()] ?? "unknown";
}

export function millisOf(nanos: string): number {
  return Number(nanos.slice(0, -6)) + Number(nanos.slice(-6)) / 1e6;
}

export function compareNanos(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The time one nanosecond later: the exclusive end of a query that shall include `nanos`. */
export function after(nanos: string): string {
  return String(BigInt(nanos) + 1n);
}

export type Direction = "backward" | "forward";

/**
 * The entries of an answer in the order of the page. Entries of the same time keep the server's order within a
 * stream. Equal entries (same time, stream, metadata, line) get the same id wherever they come from, so that overlapping
 * answers can be joined.
 */
export function toEntries(streams: readonly ApiStream[], direction: Direction): LogEntry[] {
  const entries = streams.flatMap(({ stream, values }) => {
    const name = JSON.stringify(Object.entries(stream).sort());
    return values.map((value) => toEntry(stream, name, value));
  });
  const sign = direction === "backward" ? -1 : 1;
  return entries.sort((a, b) => sign * compareNanos(a.nanos, b.nanos));
}

function toEntry(stream: Labels, name: string, [nanos, line, categories]: ApiEntry): LogEntry {
  const metadata = categories?.structuredMetadata ?? {};
  const parsed = categories?.parsed ?? {};
  const level = levelOf(metadata.detected_level ?? parsed.level ?? stream.level ?? stream.detected_level);
  return {
    id: `${nanos} ${hash(`${name} ${JSON.stringify(metadata)} ${line}`)}`,
    nanos,
    line,
    stream,
    metadata,
    parsed,
    level,
  };
}

// FNV-1a, 2 x 32 bits: short, and good enough to tell lines of the same nanosecond apart.
function hash(text: string): string {
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(text.length - 1 - i), 0x01000193);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}

/** Appends a further answer, without what is there already. */
export function join(entries: readonly LogEntry[], more: readonly LogEntry[]): LogEntry[] {
  const known = new Set(entries.map(({ id }) => id));
  return [...entries, ...more.filter(({ id }) => !known.has(id))];
}

/** Where the query for what comes behind these entries begins (forward) or ends (backward, exclusive). */
export function continueAt(entries: readonly LogEntry[], direction: Direction): string | undefined {
  const last = entries.at(-1)?.nanos;
  if (last === undefined) return undefined;
  return direction === "backward" ? after(last) : last;
}
