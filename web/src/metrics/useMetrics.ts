// The metrics page's state, apart from how it is drawn: queries and options in the address, and answers to them.
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Metadata } from "../api/prometheus";
import { tenant } from "../api/request";
import { type Outcomes, Runner } from "../api/runner";
import { Catalogue } from "../editors/catalogue";
import { QueryHistory } from "../editors/history";
import { useUrlState } from "../shell/useUrlState";
import { resolve } from "../time/range";
import { stepFor } from "../time/step";
import { jobsOf, type Result } from "./results";
import { keepIds, type MetricsState, readState, runnable, writeState } from "./state";

export const queryHistory = new QueryHistory("tidegate-metrics-history", localStorage);

const codec = { page: "metrics", read: readState, write: writeState, keep: keepIds };

// What makes another question; the rest (stacked, hidden series, ...) only draws the same answers in another way.
function questionOf(state: MetricsState): string {
  const { range, step, view, graph } = state;
  const asked = runnable(state).map(({ id, expression }) => [id, expression]);
  return JSON.stringify([asked, range, step, view === "table", graph.exemplars]);
}

export interface MetricsPage {
  readonly state: MetricsState;
  readonly outcomes: Outcomes<Result>;
  readonly running: boolean;
  /** Milliseconds: the step of the graph. */
  readonly step: number;
  /** Milliseconds since 1970: when the answers were asked for. */
  readonly askedAt: number;
  readonly catalogue: Catalogue;
  readonly metadata: Metadata;
  edit(change: (state: MetricsState) => MetricsState): void;
  commit(change: (state: MetricsState) => MetricsState, options?: { replace?: boolean }): void;
  /** Asks anew, with what is in the editors. */
  run(): void;
  stop(): void;
}

/** `width` is that of the graphs in pixels. */
export function useMetrics(width: number): MetricsPage {
  const { state, committed, edit, commit } = useUrlState(codec);
  const [outcomes, setOutcomes] = useState<Outcomes<Result>>(new Map());
  const [askedAt, setAskedAt] = useState(Date.now());
  const runner = useMemo(() => new Runner<Result>(setOutcomes), []);
  const latest = useRef(state);
  latest.current = state;
  const step = stepFor(state.step, resolve(state.range, askedAt), width);

  const ask = useCallback(() => {
    const now = Date.now();
    const current = latest.current;
    setAskedAt(now);
    runner.run(jobsOf(current, stepFor(current.step, resolve(current.range, now), width), now));
  }, [width]);

  const run = useCallback(() => {
    runnable(latest.current).forEach(({ expression }) => queryHistory.add(expression));
    const before = questionOf(latest.current);
    commit((current) => current);
    // A question that was not asked yet is asked by the effect below.
    if (before === asked.current) ask();
  }, [ask]);

  const question = questionOf(committed);
  const asked = useRef("");
  useEffect(() => {
    asked.current = question;
    ask();
  }, [question]);

  useEffect(() => () => runner.abandon(), []);
  useRefresh(state.refresh, ask);
  const catalogue = useMemo(() => new Catalogue(() => resolve(latest.current.range, Date.now())), []);
  const running = [...outcomes.values()].some((outcome) => outcome.running);
  return {
    state,
    outcomes,
    running,
    step,
    askedAt,
    catalogue,
    metadata: useMetadata(catalogue),
    edit,
    commit,
    run,
    stop: () => runner.stop(),
  };
}

function useRefresh(seconds: number, ask: () => void): void {
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setInterval(() => {
      if (!document.hidden) ask();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds, ask]);
}

// Without it everything works, but units are guessed from names alone.
function useMetadata(catalogue: Catalogue): Metadata {
  const [metadata, setMetadata] = useState<Metadata>({});
  useEffect(() => {
    catalogue.metadata().then(setMetadata, () => setMetadata({}));
  }, [catalogue, tenant()]);
  return metadata;
}
