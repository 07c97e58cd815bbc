// Questions of the metrics page to the server, and what the page keeps of the answers.
import { type ExemplarSeries, type QueryAnswer, queryExemplars, queryInstant, queryRange } from "../api/prometheus";
import type { Job } from "../api/runner";
import type { Dot } from "../charts/dots";
import { type GridSpan, parseValue } from "../charts/grid";
import { alignSpan, stepProblem } from "../time/step";
import { resolve, type Span } from "../time/range";
import { type MetricsState, type Query, runnable } from "./state";

export interface Result {
  readonly query: Query;
  readonly answer: QueryAnswer;
  /** Of range queries: the grid that points lie on. */
  readonly grid?: GridSpan;
  readonly exemplars: readonly ExemplarSeries[];
}

/** What is asked at `now` (milliseconds). Graph and heat map share their answers. */
export function jobsOf(state: MetricsState, step: number, now: number): Job<Result>[] {
  const span = resolve(state.range, now);
  return runnable(state).map((query) => ({
    id: query.id,
    ask: (signal) =>
      state.view === "table" ? instant(query, span, signal) : range(query, span, step, state.graph.exemplars, signal),
  }));
}

async function instant(query: Query, span: Span, signal: AbortSignal): Promise<Result> {
  return { query, answer: await queryInstant(query.expression, span.to / 1000, signal), exemplars: [] };
}

async function range(
  query: Query,
  span: Span,
  step: number,
  withExemplars: boolean,
  signal: AbortSignal,
): Promise<Result> {
  const problem = stepProblem(step, span);
  if (problem) throw new Error(problem);
  const { from, to } = alignSpan(span, step);
  const grid: GridSpan = { start: from / 1000, end: to / 1000, step: step / 1000 };
  const [answer, exemplars] = await Promise.all([
    queryRange({ query: query.expression, ...grid }, signal),
    withExemplars ? queryExemplars(query.expression, grid.start, grid.end, signal) : [],
  ]);
  return { query, answer, grid, exemplars };
}

/** Thousands of dots are a band and not dots: of more, every n-th. */
const MOST_DOTS = 500;

export function dotsOf(series: readonly ExemplarSeries[]): Dot[] {
  const dots = series.flatMap(({ seriesLabels, exemplars }) =>
    exemplars.map(({ labels, value, timestamp }) => ({
      time: timestamp,
      value: parseValue(value),
      labels,
      series: seriesLabels,
    })),
  );
  const every = Math.ceil(dots.length / MOST_DOTS);
  return dots.filter((_, i) => i % every === 0);
}
