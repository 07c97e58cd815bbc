// Loki's query API, as this server has it. Times go in as nanoseconds in text, or as milliseconds.
import type { ApiStream, Direction } from "../logs/entries";
import type { Labels, SampleSeries, VectorSample } from "./prometheus";
import { getJson, serverHref } from "./request";

export interface LogSummary {
  readonly totalBytesProcessed: number;
  readonly totalLinesProcessed: number;
  readonly totalPostFilterLines: number;
  readonly totalEntriesReturned: number;
  readonly bytesProcessedPerSecond: number;
  readonly linesProcessedPerSecond: number;
  /** Seconds. */
  readonly execTime: number;
  readonly queueTime: number;
}

export type LogData =
  | { readonly resultType: "streams"; readonly result: readonly ApiStream[] }
  | { readonly resultType: "matrix"; readonly result: readonly SampleSeries[] }
  | { readonly resultType: "vector"; readonly result: readonly VectorSample[] };

export type LogAnswer = LogData & { readonly stats: { readonly summary: LogSummary } };

interface Envelope<T> {
  readonly data: T;
}

/** Milliseconds as the API's nanoseconds, exact beyond what a number holds. */
export function nanosOf(ms: number): string {
  return `${Math.floor(ms)}${String(Math.floor((ms % 1) * 1e6)).padStart(6, "0")}`;
}

export interface LogQuery {
  readonly query: string;
  /** Nanoseconds; start inclusive, end exclusive. */
  readonly start: string;
  readonly end: string;
  readonly limit?: number;
  readonly direction?: Direction;
  /** Seconds, of metric queries. */
  readonly step?: number;
}

// Stream, metadata and parsed labels come apart from each other.
const CATEGORIZED = { "X-Loki-Response-Encoding-Flags": "categorize-labels" };

export async function queryLogs(range: LogQuery, signal: AbortSignal): Promise<LogAnswer> {
  const options = { method: "POST" as const, params: { ...range }, headers: CATEGORIZED, signal };
  return (await getJson<Envelope<LogAnswer>>("loki/api/v1/query_range", options)).data;
}

export interface TimeBounds {
  readonly start: string;
  readonly end: string;
}

export async function logLabels(bounds: TimeBounds, query?: string, signal?: AbortSignal): Promise<readonly string[]> {
  const params = { ...bounds, query };
  return (await getJson<Envelope<readonly string[]>>("loki/api/v1/labels", { params, signal })).data ?? [];
}

export async function logLabelValues(
  name: string,
  bounds: TimeBounds,
  query?: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const path = `loki/api/v1/label/${encodeURIComponent(name)}/values`;
  return (await getJson<Envelope<readonly string[]>>(path, { params: { ...bounds, query }, signal })).data ?? [];
}

export interface DetectedField {
  readonly label: string;
  readonly type: string;
  readonly cardinality: number;
  readonly parsers: readonly string[] | null;
}

export async function detectedFields(
  query: string,
  bounds: TimeBounds,
  signal?: AbortSignal,
): Promise<readonly DetectedField[]> {
  const params = { ...bounds, query, line_limit: 200 };
  return (
    (await getJson<{ fields: readonly DetectedField[] | null }>("loki/api/v1/detected_fields", { params, signal }))
      .fields ?? []
  );
}

export interface LinePattern {
  readonly pattern: string;
  readonly level?: string;
  /** [Unix seconds, lines since the sample before]. */
  readonly samples: readonly (readonly [number, number])[];
}

export async function linePatterns(
  query: string,
  bounds: TimeBounds,
  signal?: AbortSignal,
): Promise<readonly LinePattern[]> {
  const params = { ...bounds, query };
  return (
    (await getJson<Envelope<readonly LinePattern[] | null>>("loki/api/v1/patterns", { params, signal })).data ?? []
  );
}

export async function formatLogQuery(query: string): Promise<string> {
  return (await getJson<Envelope<string>>("loki/api/v1/format_query", { method: "POST", params: { query } })).data;
}

/** The streams that have entries in a time, and how many bytes each has: what to begin with on an empty page. */
export interface Volume {
  readonly metric: Labels;
  readonly value: readonly [number, string];
}

export async function volumeByService(bounds: TimeBounds, signal?: AbortSignal): Promise<readonly Volume[]> {
  const params = { ...bounds, query: '{service_name=~".+"}', targetLabels: "service_name", limit: 50 };
  return (await getJson<Envelope<{ result: readonly Volume[] }>>("loki/api/v1/index/volume", { params, signal })).data
    .result;
}

export interface TailFrame {
  readonly streams: readonly ApiStream[] | null;
  readonly dropped_entries?: readonly { readonly labels: Labels; readonly timestamp: string }[] | null;
}

/** The address of a live tail: same origin, with ws for http. The session's cookie goes along by itself. */
export function tailAddress(query: string, start: string, limit: number): string {
  const url = new URL(serverHref("loki/api/v1/tail", { query, start, limit }), location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
