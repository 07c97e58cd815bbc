// Questions that are asked together and belong together: a new run gives up what is left of the one before.
import { isAbort } from "./request";

export interface Job<T> {
  /** What the outcome is found by; the same from run to run. */
  readonly id: number;
  ask(signal: AbortSignal): Promise<T>;
}

export interface Outcome<T> {
  readonly running: boolean;
  /** Of the last success; stays while the next answer is on its way and when it fails. */
  readonly value?: T;
  readonly error?: Error;
  /** Somebody stopped it: what is shown is older than what was asked for. */
  readonly stopped?: boolean;
  /** Milliseconds from the question to the answer. */
  readonly took?: number;
}

export type Outcomes<T> = ReadonlyMap<number, Outcome<T>>;

/** Tells of every change with a new map. Used by one page; not for sharing. */
export class Runner<T> {
  private outcomes = new Map<number, Outcome<T>>();
  private current?: AbortController;

  constructor(
    private readonly onChange: (outcomes: Outcomes<T>) => void,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Outcomes of jobs that are not among these go. */
  run(jobs: readonly Job<T>[]): void {
    this.current?.abort();
    const controller = new AbortController();
    this.current = controller;
    this.outcomes = new Map(jobs.map(({ id }) => [id, { value: this.outcomes.get(id)?.value, running: true }]));
    this.onChange(this.outcomes);
    for (const job of jobs) void this.follow(job, controller.signal);
  }

  /** Closes the connections, with which the server stops working. What was answered stays. */
  stop(): void {
    this.current?.abort();
    this.outcomes = new Map(
      [...this.outcomes].map(([id, old]) => [
        id,
        old.running ? { value: old.value, running: false, stopped: true } : old,
      ]),
    );
    this.onChange(this.outcomes);
  }

  /** Like stop, for a page that goes: nothing is told any more. */
  abandon(): void {
    this.current?.abort();
  }

  private async follow({ id, ask }: Job<T>, signal: AbortSignal): Promise<void> {
    const began = this.clock();
    try {
      const value = await ask(signal);
      this.tell(signal, id, { value, running: false, took: this.clock() - began });
    } catch (error) {
      if (isAbort(error)) return;
      this.tell(signal, id, { value: this.outcomes.get(id)?.value, error: error as Error, running: false });
    }
  }

  private tell(signal: AbortSignal, id: number, outcome: Outcome<T>): void {
    if (signal.aborted) return;
    this.outcomes = new Map(this.outcomes).set(id, outcome);
    this.onChange(this.outcomes);
  }
}
