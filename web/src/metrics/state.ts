// What the metrics page shows, all of it: the URL holds it, so that a link shows somebody else the same.
import { ALL_VISIBLE, type Visible } from "../charts/visible";
import { DEFAULT_RANGE, readRange, type TimeRange, writeRange } from "../time/range";
import { readStep, type StepChoice, writeStep } from "../time/step";

export interface Query {
  /** Unique on the page and stable while it is open; not part of the URL. */
  readonly id: number;
  readonly expression: string;
  readonly enabled: boolean;
}

export type View = "graph" | "table" | "heat";

export interface GraphOptions {
  readonly stacked: boolean;
  readonly log: boolean;
  readonly exemplars: boolean;
}

export interface MetricsState {
  readonly queries: readonly Query[];
  readonly view: View;
  readonly range: TimeRange;
  readonly step: StepChoice;
  /** Seconds between runs; 0 runs when asked. */
  readonly refresh: number;
  readonly graph: GraphOptions;
  /** What the legends show and hide. */
  readonly visible: Visible;
}

const MAX_QUERIES = 20;
const MAX_NAMES = 100;

let lastId = 0;

export function newQuery(expression = "", enabled = true): Query {
  return { id: ++lastId, expression, enabled };
}

export function emptyState(): MetricsState {
  return {
    queries: [newQuery()],
    view: "graph",
    range: DEFAULT_RANGE,
    step: { kind: "auto" },
    refresh: 0,
    graph: { stacked: false, log: false, exemplars: false },
    visible: ALL_VISIBLE,
  };
}

export function writeState(state: MetricsState): URLSearchParams {
  const params = new URLSearchParams();
  for (const { expression, enabled } of state.queries) {
    if (expression !== "") params.append(enabled ? "q" : "off", expression);
  }
  if (state.view !== "graph") params.set("view", state.view);
  writeRange(state.range, params);
  if (state.step.kind !== "auto") params.set("step", writeStep(state.step));
  if (state.refresh > 0) params.set("refresh", `${state.refresh}s`);
  for (const option of ["stacked", "log", "exemplars"] as const) {
    if (state.graph[option]) params.set(option, "1");
  }
  for (const name of state.visible.only) params.append("only", name);
  for (const name of state.visible.hidden) params.append("hide", name);
  return params;
}

export function readState(params: URLSearchParams): MetricsState {
  const queries = [...params]
    .filter(([name]) => name === "q" || name === "off")
    .slice(0, MAX_QUERIES)
    .map(([name, expression]) => newQuery(expression, name === "q"));
  const view = params.get("view");
  const refresh = /^(\d{1,5})s$/.exec(params.get("refresh") ?? "");
  return {
    queries: queries.length > 0 ? queries : [newQuery()],
    view: view === "table" || view === "heat" ? view : "graph",
    range: readRange(params),
    step: readStep(params.get("step")),
    refresh: refresh ? Number(refresh[1]) : 0,
    graph: {
      stacked: params.get("stacked") === "1",
      log: params.get("log") === "1",
      exemplars: params.get("exemplars") === "1",
    },
    visible: { only: params.getAll("only").slice(0, MAX_NAMES), hidden: params.getAll("hide").slice(0, MAX_NAMES) },
  };
}

// Changes of the list of queries. All of them return a new state.

export function editQuery(state: MetricsState, id: number, change: Partial<Omit<Query, "id">>): MetricsState {
  return { ...state, queries: state.queries.map((query) => (query.id === id ? { ...query, ...change } : query)) };
}

/** Adds a query behind the one with this id, or at the end. */
export function addQuery(state: MetricsState, expression = "", behind?: number): MetricsState {
  if (state.queries.length >= MAX_QUERIES) return state;
  const at = state.queries.findIndex((query) => query.id === behind);
  const queries = [...state.queries];
  queries.splice(at < 0 ? queries.length : at + 1, 0, newQuery(expression));
  return { ...state, queries };
}

/** Removes a query; the last one is emptied instead, as a page without an editor is of no use. */
export function removeQuery(state: MetricsState, id: number): MetricsState {
  const queries = state.queries.filter((query) => query.id !== id);
  return { ...state, queries: queries.length > 0 ? queries : [newQuery()] };
}

/** Puts an expression where there is room: into an empty query, else into a new one. */
export function putExpression(state: MetricsState, expression: string): MetricsState {
  const empty = state.queries.find((query) => query.expression.trim() === "");
  return empty ? editQuery(state, empty.id, { expression, enabled: true }) : addQuery(state, expression);
}

export function runnable(state: MetricsState): Query[] {
  return state.queries.filter(({ enabled, expression }) => enabled && expression.trim() !== "");
}

/** The same state with the ids that its queries had before, so that editors stay where they are. */
export function keepIds(next: MetricsState, old: MetricsState): MetricsState {
  return { ...next, queries: next.queries.map((query, i) => ({ ...query, id: old.queries[i]?.id ?? query.id })) };
}
