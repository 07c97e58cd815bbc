// The result of an instant query as a table: labels are columns, sorted by any of them.
import { parseValue } from "../charts/grid";
import type { ApiHistogram } from "../charts/heat";
import type { Labels } from "./labels";

export interface VectorSample {
  readonly metric: Labels;
  readonly value?: readonly [number, string];
  readonly histogram?: readonly [number, ApiHistogram];
}

export interface Row {
  readonly labels: Labels;
  /** As the server wrote it: nothing is rounded away. */
  readonly value: string;
  /** What the row is sorted by: of a histogram, its count. */
  readonly order: number;
  readonly histogram?: ApiHistogram;
}

export interface Sort {
  /** A label, or 'value'. */
  readonly by: string;
  readonly down: boolean;
}

export const VALUE = "value";

export function toRows(vector: readonly VectorSample[]): Row[] {
  return vector.map(({ metric, value, histogram }) => {
    if (histogram)
      return {
        labels: metric,
        value: `count ${histogram[1].count}, sum ${histogram[1].sum}`,
        order: parseValue(histogram[1].count),
        histogram: histogram[1],
      };
    return { labels: metric, value: value?.[1] ?? "", order: parseValue(value?.[1] ?? "NaN") };
  });
}

/** Metric name first, then labels by name. */
export function columnsOf(rows: readonly Row[]): string[] {
  const names = new Set(rows.flatMap(({ labels }) => Object.keys(labels)));
  const metric = names.delete("__name__") ? ["__name__"] : [];
  return [...metric, ...[...names].sort()];
}

const collator = new Intl.Collator("en", { numeric: true });

/** A new list; rows that are equal stay in the server's order. NaN and missing labels come last either way. */
export function sortRows(rows: readonly Row[], sort: Sort | undefined): readonly Row[] {
  if (!sort) return rows;
  const sign = sort.down ? -1 : 1;
  return [...rows].sort((a, b) => (sort.by === VALUE ? byValue(a, b, sign) : byLabel(a, b, sort.by, sign)));
}

function byValue(a: Row, b: Row, sign: number): number {
  if (Number.isNaN(a.order) || Number.isNaN(b.order))
    return Number(Number.isNaN(a.order)) - Number(Number.isNaN(b.order));
  return a.order === b.order ? 0 : (a.order < b.order ? -1 : 1) * sign;
}

function byLabel(a: Row, b: Row, name: string, sign: number): number {
  const [x, y] = [a.labels[name], b.labels[name]];
  if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
  return collator.compare(x, y) * sign;
}

/** A click on a heading: values begin with the largest, labels with the first; a third click gives the server's order. */
export function nextSort(sort: Sort | undefined, by: string): Sort | undefined {
  const first = by === VALUE;
  if (sort?.by !== by) return { by, down: first };
  return sort.down === first ? { by, down: !first } : undefined;
}
