// How many lines there are over time, by level: bars over the list of lines.
import type { SampleSeries } from "../api/prometheus";
import { parseValue } from "../charts/grid";
import { exactDuration } from "../time/duration";
import type { Span } from "../time/range";
import { stepFor } from "../time/step";
import { type Level, levelOf, LEVELS } from "./entries";

export interface VolumeQuery {
  readonly query: string;
  /** Unix seconds: the ends of the first and the last bar, both inclusive. */
  readonly start: number;
  readonly end: number;
  /** Seconds: the length of a bar. */
  readonly step: number;
}

const BAR_WIDTH = 10;

/** `width` in pixels. */
export function volumeQuery(query: string, span: Span, width: number): VolumeQuery {
  const step = stepFor({ kind: "auto" }, span, Math.max(200, (width / BAR_WIDTH) * 2));
  const start = (Math.floor(span.from / step) + 1) * step;
  const end = Math.ceil(span.to / step) * step;
  // Lines that a parser cannot read count too: without their error they are lines like all others.
  const counted = `count_over_time(${query.trim()} | drop __error__, __error_details__ [${exactDuration(step)}])`;
  return { query: `sum by (detected_level) (${counted})`, start: start / 1000, end: end / 1000, step: step / 1000 };
}

export interface Volume {
  /** Unix seconds: the end of each bar. */
  readonly times: Float64Array;
  readonly step: number;
  /** Levels that occur, the gravest first: they lie at the bottom, where differences are seen best. */
  readonly levels: readonly Level[];
  readonly columns: readonly (number | null)[][];
  readonly total: number;
}

export function toVolume(series: readonly SampleSeries[], { start, end, step }: VolumeQuery): Volume {
  const length = Math.max(1, Math.round((end - start) / step) + 1);
  const times = Float64Array.from({ length }, (_, i) => start + i * step);
  const byLevel = new Map<Level, number[]>();
  let total = 0;
  for (const { metric, values = [] } of series) {
    const level = levelOf(metric.detected_level);
    const column = byLevel.get(level) ?? new Array<number>(length).fill(0);
    byLevel.set(level, column);
    for (const [time, text] of values) {
      const at = Math.round((time - start) / step);
      const value = parseValue(text);
      if (at < 0 || at >= length || !Number.isFinite(value)) continue;
      column[at]! += value;
      total += value;
    }
  }
  const levels = LEVELS.filter((level) => byLevel.has(level));
  return { times, step, levels, columns: levels.map((level) => byLevel.get(level)!), total };
}
