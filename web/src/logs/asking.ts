// Questions of the logs page to the server.
import { type LogAnswer, type LogSummary, nanosOf, queryLogs } from "../api/loki";
import type { SampleSeries } from "../api/prometheus";
import type { GridSpan } from "../charts/grid";
import { resolve } from "../time/range";
import { alignSpan, stepFor } from "../time/step";
import { after, continueAt, join, type LogEntry, toEntries } from "./entries";
import { isLogQuery } from "./queryEdit";
import type { LogsState } from "./state";
import { toVolume, type Volume, volumeQuery } from "./volume";

/** Lines, newest or oldest first, and whether there may be more behind them. */
export interface Lines {
  readonly kind: "lines";
  readonly query: string;
  readonly entries: readonly LogEntry[];
  readonly more: boolean;
  readonly summary: LogSummary;
}

/** What a metric query of LogQL answers. */
export interface Numbers {
  readonly kind: "numbers";
  readonly query: string;
  readonly matrix: readonly SampleSeries[];
  readonly grid: GridSpan;
  readonly summary: LogSummary;
}

export type Found = Lines | Numbers | { readonly kind: "volume"; readonly volume: Volume };

export async function askLines(state: LogsState, now: number, signal: AbortSignal): Promise<Lines> {
  const { from, to } = resolve(state.range, now);
  return toLines(state, await askFor(state, nanosOf(from), after(nanosOf(to)), signal), []);
}

/** What lies behind the lines that are there. */
export async function askMore(state: LogsState, now: number, old: Lines, signal: AbortSignal): Promise<Lines> {
  const { from, to } = resolve(state.range, now);
  const place = continueAt(old.entries, state.direction);
  const backward = state.direction === "backward";
  const start = backward || place === undefined ? nanosOf(from) : place;
  const end = backward && place !== undefined ? place : after(nanosOf(to));
  return toLines(state, await askFor(state, start, end, signal), old.entries);
}

function askFor(state: LogsState, start: string, end: string, signal: AbortSignal): Promise<LogAnswer> {
  return queryLogs({ query: state.query, start, end, limit: state.limit, direction: state.direction }, signal);
}

function toLines(state: LogsState, answer: LogAnswer, before: readonly LogEntry[]): Lines {
  const fresh = answer.resultType === "streams" ? toEntries(answer.result, state.direction) : [];
  const entries = join(before, fresh);
  // A full answer without a new line would come again and again: a whole page of one nanosecond.
  const more = fresh.length >= state.limit && entries.length > before.length;
  return { kind: "lines", query: state.query, entries, more, summary: answer.stats.summary };
}

export async function askNumbers(state: LogsState, width: number, now: number, signal: AbortSignal): Promise<Numbers> {
  const span = resolve(state.range, now);
  const step = stepFor({ kind: "auto" }, span, width);
  const { from, to } = alignSpan(span, step);
  const range = { query: state.query, start: nanosOf(from), end: nanosOf(to), step: step / 1000 };
  const answer = await queryLogs(range, signal);
  const matrix = answer.resultType === "matrix" ? answer.result : [];
  const grid = { start: from / 1000, end: to / 1000, step: step / 1000 };
  return { kind: "numbers", query: state.query, matrix, grid, summary: answer.stats.summary };
}

export async function askVolume(state: LogsState, width: number, now: number, signal: AbortSignal): Promise<Found> {
  const asked = volumeQuery(state.query, resolve(state.range, now), width);
  const { query, start, end, step } = asked;
  const answer = await queryLogs({ query, start: nanosOf(start * 1000), end: nanosOf(end * 1000), step }, signal);
  return { kind: "volume", volume: toVolume(answer.resultType === "matrix" ? answer.result : [], asked) };
}

/** Ids of the two questions of the page. */
export const MAIN = 1;
export const VOLUME = 2;

/** Nothing, a metric query, or a log query with its volume. What cannot be read is left to the server to explain. */
export function questionsOf(state: LogsState, width: number, now: number) {
  if (state.query.trim() === "") return [];
  if (isLogQuery(state.query) === false) {
    return [{ id: MAIN, ask: (signal: AbortSignal): Promise<Found> => askNumbers(state, width, now, signal) }];
  }
  return [
    { id: MAIN, ask: (signal: AbortSignal): Promise<Found> => askLines(state, now, signal) },
    { id: VOLUME, ask: (signal: AbortSignal): Promise<Found> => askVolume(state, width, now, signal) },
  ];
}
