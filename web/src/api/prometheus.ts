// The query API of Prometheus, as this server has it. Times go in as Unix seconds.
import type { ApiHistogram } from "../charts/heat";
import { getJson } from "./request";

export type Labels = Readonly<Record<string, string>>;

export interface SampleSeries {
  readonly metric: Labels;
  readonly values?: readonly (readonly [number, string])[];
  readonly histograms?: readonly (readonly [number, ApiHistogram])[];
}

export interface VectorSample {
  readonly metric: Labels;
  readonly value?: readonly [number, string];
  readonly histogram?: readonly [number, ApiHistogram];
}

export type QueryData =
  | { readonly resultType: "matrix"; readonly result: readonly SampleSeries[] }
  | { readonly resultType: "vector"; readonly result: readonly VectorSample[] }
  | { readonly resultType: "scalar" | "string"; readonly result: readonly [number, string] };

/** What a query cost; names as in Prometheus. Timings in seconds. */
export interface QueryStats {
  readonly timings: Readonly<Record<string, number>>;
  readonly samples: {
    readonly totalQueryableSamples: number;
    readonly peakSamples: number;
    readonly samplesRead?: number;
    readonly seriesRead?: number;
    readonly peakBytes?: number;
    readonly totalQueryableSamplesPerStep?: readonly (readonly [number, number])[];
  };
}

export interface QueryAnswer {
  readonly data: QueryData;
  readonly stats?: QueryStats;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

interface Envelope<T> {
  readonly data: T;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

type Params = Record<string, string | number | readonly string[] | undefined>;

// Always POST: expressions may be longer than an address may be.
async function post<T>(path: string, params: Params, signal?: AbortSignal): Promise<Envelope<T>> {
  return getJson<Envelope<T>>(`api/v1/${path}`, { method: "POST", params, signal });
}

function toAnswer(envelope: Envelope<QueryData & { stats?: QueryStats }>): QueryAnswer {
  const { data, warnings = [], infos = [] } = envelope;
  return { data, stats: data.stats, warnings, infos };
}

export async function queryInstant(query: string, time: number, signal: AbortSignal): Promise<QueryAnswer> {
  return toAnswer(await post("query", { query, time, stats: "all" }, signal));
}

export interface RangeQuery {
  readonly query: string;
  /** Unix seconds, both inclusive. */
  readonly start: number;
  readonly end: number;
  /** Seconds. */
  readonly step: number;
}

export async function queryRange(range: RangeQuery, signal: AbortSignal): Promise<QueryAnswer> {
  return toAnswer(await post("query_range", { ...range, stats: "all" }, signal));
}

export interface ExemplarSeries {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly { readonly labels: Labels; readonly value: string; readonly timestamp: number }[];
}

export async function queryExemplars(
  query: string,
  start: number,
  end: number,
  signal: AbortSignal,
): Promise<readonly ExemplarSeries[]> {
  return (await post<readonly ExemplarSeries[]>("query_exemplars", { query, start, end }, signal)).data;
}

export async function formatQuery(query: string, signal?: AbortSignal): Promise<string> {
  return (await post<string>("format_query", { query }, signal)).data;
}

/** A node of a syntax tree: `type`, its own members, and child nodes under whatever names. */
export type SyntaxTree = Readonly<Record<string, unknown>> & { readonly type: string };

export async function parseQuery(query: string, signal?: AbortSignal): Promise<SyntaxTree> {
  return (await post<SyntaxTree>("parse_query", { query }, signal)).data;
}

export interface Selection {
  readonly match?: readonly string[];
  readonly start?: number;
  readonly end?: number;
  readonly limit?: number;
}

function selectionParams({ match, start, end, limit }: Selection): Params {
  return { "match[]": match, start, end, limit };
}

export async function labelNames(selection: Selection, signal?: AbortSignal): Promise<readonly string[]> {
  return (await post<readonly string[]>("labels", selectionParams(selection), signal)).data;
}

/** Prometheus' escape of a name that is no identifier: letters, digits and `_` stay, what else as `_HEX_`. */
export function escapeName(name: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && !name.startsWith("U__")) return name;
  const letters = [...name].map((letter, i) => {
    if (letter === "_") return "__";
    return /[a-zA-Z:]/.test(letter) || (i > 0 && /[0-9]/.test(letter))
      ? letter
      : `_${letter.codePointAt(0)!.toString(16)}_`;
  });
  return `U__${letters.join("")}`;
}

export async function labelValues(
  name: string,
  selection: Selection,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const path = `api/v1/label/${escapeName(name)}/values`;
  return (await getJson<Envelope<readonly string[]>>(path, { params: selectionParams(selection), signal })).data;
}

export async function seriesLabels(selection: Selection, signal?: AbortSignal): Promise<readonly Labels[]> {
  return (await post<readonly Labels[]>("series", selectionParams(selection), signal)).data;
}

export interface FamilyMetadata {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

export type Metadata = Readonly<Record<string, FamilyMetadata[]>>;

export async function metadata(signal?: AbortSignal): Promise<Metadata> {
  const params = { limit_per_metric: 1 };
  return (await getJson<Envelope<Metadata>>("api/v1/metadata", { params, signal })).data;
}

export interface NamedCount {
  readonly name: string;
  readonly value: number;
}

export interface TsdbStatus {
  readonly headStats: { readonly numSeries: number; readonly numLabelPairs: number };
  readonly seriesCountByMetricName: readonly NamedCount[];
  readonly labelValueCountByLabelName: readonly NamedCount[];
  readonly memoryInBytesByLabelName: readonly NamedCount[];
  readonly seriesCountByLabelValuePair: readonly NamedCount[];
  readonly seriesCountByFocusLabelValue?: readonly NamedCount[];
  readonly totalSeries?: number;
  readonly totalLabelValuePairs?: number;
}

export interface TsdbQuestion {
  readonly topN: number;
  /** A day in UTC, 2026-01-31; the last two hours without. */
  readonly date?: string;
  readonly focusLabel?: string;
  readonly match?: readonly string[];
  readonly tenant?: string;
}

export async function tsdbStatus(question: TsdbQuestion, signal?: AbortSignal): Promise<TsdbStatus> {
  const { topN, date, focusLabel, match, tenant } = question;
  const params = { topN, date, focusLabel, "match[]": match };
  const headers = tenant ? { "X-Scope-OrgID": tenant } : undefined;
  return (await getJson<Envelope<TsdbStatus>>("api/v1/status/tsdb", { params, headers, signal })).data;
}
