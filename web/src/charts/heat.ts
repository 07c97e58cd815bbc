// Histograms over time as cells of a heat map. Rows are ordinal: every boundary that occurs is one line, whatever
// its value, which is a logarithmic axis for exponential buckets and readable for any custom ones, with zero and
// negative buckets where they belong.
import { parseValue } from "./grid";

/** [boundary rule, lower, upper, count], as Prometheus' API has it; counts of gauges may be negative. */
export type ApiBucket = readonly [number, string, string, string];

export interface ApiHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly ApiBucket[];
}

export interface Bucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** All that was counted at one time (Unix seconds). */
export interface HeatColumn {
  readonly time: number;
  readonly buckets: readonly Bucket[];
}

export interface HeatMap {
  readonly columns: readonly HeatColumn[];
  /** Every boundary, ascending. Row i lies between boundary i and i + 1. */
  readonly bounds: readonly number[];
  /** The largest count per row of any cell: what the strongest colour stands for. */
  readonly most: number;
}

export interface NativeSeries {
  readonly histograms?: readonly (readonly [number, ApiHistogram])[];
}

export interface BucketSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values?: readonly (readonly [number, string])[];
}

/** Of native histograms: the series are added up. */
export function heatOfNative(series: readonly NativeSeries[]): HeatMap {
  const sums = new Map<number, Map<string, Bucket>>();
  for (const { histograms = [] } of series) {
    for (const [time, histogram] of histograms) {
      for (const [, low, high, count] of histogram.buckets ?? []) {
        add(sums, time, parseValue(low), parseValue(high), parseValue(count));
      }
    }
  }
  return build(sums);
}

/** Whether a result has the shape of a classic histogram: every series has a label `le`, of more than one value. */
export function hasClassicBuckets(series: readonly BucketSeries[]): boolean {
  const bounds = new Set(series.map(({ metric }) => metric.le));
  return bounds.size > 1 && !bounds.has(undefined);
}

/** Of classic histograms: series that differ in more than `le` are added up, then neighbours are subtracted. */
export function heatOfClassic(series: readonly BucketSeries[]): HeatMap {
  const cumulative = new Map<number, Map<number, number>>();
  for (const { metric, values = [] } of series) {
    const bound = parseValue(metric.le ?? "NaN");
    for (const [time, text] of Number.isNaN(bound) ? [] : values) {
      const value = parseValue(text);
      const row = cumulative.get(time) ?? new Map<number, number>();
      cumulative.set(time, row);
      if (Number.isFinite(value)) row.set(bound, (row.get(bound) ?? 0) + value);
    }
  }
  const sums = new Map<number, Map<string, Bucket>>();
  for (const [time, row] of cumulative) subtractNeighbours(sums, time, row);
  return build(sums);
}

// The lowest bucket begins at zero, as with histogram_quantile, unless its bound is not above zero. Scrapes of
// several instances may make a bucket smaller than the one below it: that counts as empty.
function subtractNeighbours(sums: Map<number, Map<string, Bucket>>, time: number, row: Map<number, number>): void {
  let [low, below] = [undefined as number | undefined, 0];
  for (const [high, total] of [...row].sort(([a], [b]) => a - b)) {
    add(sums, time, low ?? (high > 0 ? 0 : -Infinity), high, Math.max(0, total - below));
    [low, below] = [high, Math.max(below, total)];
  }
}

function add(sums: Map<number, Map<string, Bucket>>, time: number, low: number, high: number, count: number): void {
  if (!Number.isFinite(count)) return;
  const column = sums.get(time) ?? new Map<string, Bucket>();
  sums.set(time, column);
  const key = `${low} ${high}`;
  column.set(key, { low, high, count: (column.get(key)?.count ?? 0) + count });
}

function build(sums: Map<number, Map<string, Bucket>>): HeatMap {
  const columns = [...sums]
    .sort(([a], [b]) => a - b)
    .map(([time, buckets]) => ({
      time,
      buckets: [...buckets.values()].filter(({ count }) => count > 0).sort((a, b) => a.low - b.low),
    }));
  const seen = new Set(columns.flatMap(({ buckets }) => buckets.flatMap(({ low, high }) => [low, high])));
  const bounds = [...seen].sort((a, b) => a - b);
  const rows = rowIndex(bounds);
  let most = 0;
  for (const { buckets } of columns) {
    for (const bucket of buckets) most = Math.max(most, density(bucket, rows));
  }
  return { columns, bounds, most };
}

export function rowIndex(bounds: readonly number[]): ReadonlyMap<number, number> {
  return new Map(bounds.map((bound, i) => [bound, i]));
}

/** The count of a bucket per row that it covers: a wide bucket is not darker than the narrow ones it stands for. */
export function density({ low, high, count }: Bucket, rows: ReadonlyMap<number, number>): number {
  return count / Math.max(1, rows.get(high)! - rows.get(low)!);
}

/** Where a value lies on the ordinal axis, as a row with a fraction; undefined outside of all boundaries. */
export function rowOf(value: number, bounds: readonly number[]): number | undefined {
  const above = bounds.findIndex((bound) => bound >= value);
  if (above < 0 || bounds.length === 0) return undefined;
  if (above === 0) return bounds[0] === value ? 0 : undefined;
  const [low, high] = [bounds[above - 1]!, bounds[above]!];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return above - 0.5;
  const inside = low > 0 ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return above - 1 + inside;
}

/** Which boundaries an axis names when it has room for `room` of them. */
export function labelledRows(bounds: readonly number[], room: number): number[] {
  const every = Math.max(1, Math.ceil(bounds.length / Math.max(1, room)));
  return bounds.map((_, i) => i).filter((i) => i % every === 0);
}
