// What the logs page shows, all of it in the URL.
import { DEFAULT_RANGE, readRange, type TimeRange, writeRange } from "../time/range";
import type { Direction } from "./entries";

export interface LogsState {
  readonly query: string;
  readonly range: TimeRange;
  readonly direction: Direction;
  /** Lines of the first answer, and of each that is loaded behind it. */
  readonly limit: number;
  readonly wrap: boolean;
  readonly pretty: boolean;
  readonly live: boolean;
  readonly view: "lines" | "patterns";
}

export const LIMITS: readonly number[] = [100, 500, 1000, 2000, 5000];
const DEFAULT_LIMIT = 500;

export function readState(params: URLSearchParams): LogsState {
  const limit = Number(params.get("limit"));
  return {
    query: params.get("q") ?? "",
    range: readRange(params, DEFAULT_RANGE),
    direction: params.get("order") === "oldest" ? "forward" : "backward",
    limit: LIMITS.includes(limit) ? limit : DEFAULT_LIMIT,
    wrap: params.get("wrap") !== "0",
    pretty: params.get("pretty") === "1",
    live: params.get("live") === "1",
    view: params.get("view") === "patterns" ? "patterns" : "lines",
  };
}

export function writeState(state: LogsState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.query !== "") params.set("q", state.query);
  writeRange(state.range, params);
  if (state.direction === "forward") params.set("order", "oldest");
  if (state.limit !== DEFAULT_LIMIT) params.set("limit", String(state.limit));
  if (!state.wrap) params.set("wrap", "0");
  if (state.pretty) params.set("pretty", "1");
  if (state.live) params.set("live", "1");
  if (state.view !== "lines") params.set("view", state.view);
  return params;
}
