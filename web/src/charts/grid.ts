// Range vectors on the grid of their query: one column of times, one column of values per series.

/** [Unix seconds, value as text], as Prometheus' API has it. */
export type Point = readonly [number, string];

export interface Grid {
  /** Unix seconds, ascending, `step` apart. */
  readonly times: Float64Array;
  /** One per series; null where a series has no sample, so that lines break there. */
  readonly columns: (number | null)[][];
}

export interface GridSpan {
  /** Unix seconds, both inclusive. */
  readonly start: number;
  readonly end: number;
  /** Seconds. */
  readonly step: number;
}

/** "+Inf" and "NaN" are written as Go writes them. */
export function parseValue(text: string): number {
  if (text === "+Inf") return Infinity;
  return text === "-Inf" ? -Infinity : Number(text);
}

/** Places points at the steps they belong to. Infinite values and NaN cannot be drawn and leave a gap. */
export function toGrid(series: readonly (readonly Point[])[], span: GridSpan): Grid {
  const length = Math.max(1, Math.floor((span.end - span.start) / span.step + 1e-6) + 1);
  const times = Float64Array.from({ length }, (_, i) => span.start + i * span.step);
  const columns = series.map((points) => {
    const column = new Array<number | null>(length).fill(null);
    for (const [time, text] of points) {
      const at = Math.round((time - span.start) / span.step);
      const value = parseValue(text);
      if (at >= 0 && at < length && Number.isFinite(value)) column[at] = value;
    }
    return column;
  });
  return { times, columns };
}

/**
 * Stacks the columns that are shown on each other: the first is the lowest. A missing value counts as nothing where
 * another series has one, and stays missing where none has.
 */
export function stack(
  columns: readonly (readonly (number | null)[])[],
  shown: readonly boolean[],
): (number | null)[][] {
  const length = columns[0]?.length ?? 0;
  const total = new Float64Array(length);
  const seen = new Uint8Array(length);
  columns.forEach((column, c) => {
    if (shown[c])
      column.forEach((value, i) => {
        if (value !== null) seen[i] = 1;
      });
  });
  return columns.map((column, c) => {
    if (!shown[c]) return [...column];
    return column.map((value, i) => {
      if (!seen[i]) return null;
      total[i]! += value ?? 0;
      return total[i]!;
    });
  });
}

export interface Summary {
  readonly last: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

/** What a legend says about a column when nothing is pointed at. */
export function summarize(column: readonly (number | null)[]): Summary {
  let [last, min, max, sum, count] = [null as number | null, Infinity, -Infinity, 0, 0];
  for (const value of column) {
    if (value === null) continue;
    last = value;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
  }
  return count === 0 ? { last: null, min: null, max: null, mean: null } : { last, min, max, mean: sum / count };
}
