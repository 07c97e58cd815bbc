// The logs page's state, apart from how it is drawn: the query in the address, and what it found.
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { isAbort, tenant } from "../api/request";
import { type Outcomes, Runner } from "../api/runner";
import { QueryHistory } from "../editors/history";
import type { LogNames } from "../editors/logql";
import { useUrlState } from "../shell/useUrlState";
import { resolve } from "../time/range";
import { askMore, type Found, type Lines, MAIN, questionsOf, VOLUME } from "./asking";
import { logNames } from "./names";
import { type LogsState, readState, writeState } from "./state";

export const queryHistory = new QueryHistory("tidegate-logs-history", localStorage);

const codec = { page: "logs", read: readState, write: writeState };

// What makes another question; the rest draws the same lines in another way.
function questionOf({ query, range, direction, limit, live }: LogsState): string {
  return JSON.stringify([query, range, direction, limit, live, tenant()]);
}

export interface LogsPage {
  readonly state: LogsState;
  /** What was run last: `state` may hold a query that is being typed. */
  readonly committed: LogsState;
  readonly outcomes: Outcomes<Found>;
  readonly running: boolean;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly names: LogNames;
  /** Lines that were loaded behind those of the first answer. */
  readonly further: Further;
  edit(change: (state: LogsState) => LogsState): void;
  commit(change: (state: LogsState) => LogsState, options?: { replace?: boolean }): void;
  run(): void;
  stop(): void;
}

export function useLogs(width: number): LogsPage {
  const { state, committed, edit, commit } = useUrlState(codec);
  const [outcomes, setOutcomes] = useState<Outcomes<Found>>(new Map());
  const [askedAt, setAskedAt] = useState(Date.now());
  const runner = useMemo(() => new Runner<Found>(setOutcomes), []);
  const latest = useRef(state);
  latest.current = state;
  const asked = useRef("");

  const ask = useCallback(() => {
    const now = Date.now();
    setAskedAt(now);
    runner.run(latest.current.live ? [] : questionsOf(latest.current, width, now));
  }, [width]);

  const run = useCallback(() => {
    queryHistory.add(latest.current.query);
    const before = questionOf(latest.current);
    commit((current) => current);
    // A question that was not asked yet is asked by the effect below.
    if (before === asked.current) ask();
  }, [ask]);

  const question = questionOf(committed);
  useEffect(() => {
    asked.current = question;
    ask();
  }, [question]);
  useEffect(() => () => runner.abandon(), []);

  const names = useMemo(() => logNames(() => resolve(latest.current.range, Date.now())), []);
  const running = [...outcomes.values()].some((outcome) => outcome.running);
  const first = outcomes.get(MAIN)?.value;
  const further = useFurther(committed, askedAt, first?.kind === "lines" ? first : undefined);
  return { state, committed, outcomes, running, askedAt, names, further, edit, commit, run, stop: () => runner.stop() };
}

export function volumeOf(outcomes: Outcomes<Found>) {
  const value = outcomes.get(VOLUME)?.value;
  return value?.kind === "volume" ? value.volume : undefined;
}

export interface Further {
  /** The first answer and all that was loaded behind it. */
  readonly lines: Lines | undefined;
  readonly loading: boolean;
  readonly error: Error | undefined;
  load(): void;
}

/** Loads on behind the first answer, one part at a time. A new first answer begins anew. */
function useFurther(state: LogsState, askedAt: number, first: Lines | undefined): Further {
  const [lines, setLines] = useState(first);
  const [loading, setLoading] = useState(false);
  const [error, setError] = useState<Error>();
  const controller = useRef<AbortController>();

  useEffect(() => {
    controller.current?.abort();
    setLines(first);
    setLoading(false);
    setError(undefined);
  }, [first]);

  const load = () => {
    if (loading || !lines?.more) return;
    const current = new AbortController();
    controller.current = current;
    setLoading(true);
    setError(undefined);
    askMore(state, askedAt, lines, current.signal)
      .then(setLines, (failure: Error) => !isAbort(failure) && setError(failure))
      .finally(() => !current.signal.aborted && setLoading(false));
  };
  useEffect(() => () => controller.current?.abort(), []);
  return { lines, loading, error, load };
}
