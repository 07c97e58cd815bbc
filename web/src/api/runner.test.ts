import { describe, expect, it, vi } from "vitest";

vi.mock("./request", () => ({
  isAbort: (error: unknown) => error instanceof DOMException && error.name === "AbortError",
}));

import { type Outcomes, Runner } from "./runner";

/** A question that is answered by hand, and that can be given up. */
function question() {
  let answer!: (value: string) => void;
  let fail!: (error: Error) => void;
  const ask = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      [answer, fail] = [resolve, reject];
      signal.addEventListener("abort", () => reject(new DOMException("given up", "AbortError")));
    });
  return { ask, answer: (value: string) => answer(value), fail: (error: Error) => fail(error) };
}

const settled = () => new Promise((done) => setTimeout(done));

function runner() {
  const seen: { last: Outcomes<string> } = { last: new Map() };
  let now = 0;
  return {
    seen,
    runner: new Runner<string>(
      (outcomes) => (seen.last = outcomes),
      () => (now += 5),
    ),
  };
}

describe("Runner", () => {
  it("tells when answers come", async () => {
    const { seen, runner: one } = runner();
    const [a, b] = [question(), question()];
    one.run([
      { id: 1, ask: a.ask },
      { id: 2, ask: b.ask },
    ]);
    expect(seen.last.get(1)).toEqual({ running: true, value: undefined });
    a.answer("A");
    await settled();
    expect(seen.last.get(1)).toMatchObject({ running: false, value: "A" });
    expect(seen.last.get(2)!.running).toBe(true);
  });

  it("keeps the last answer when the next one fails", async () => {
    const { seen, runner: one } = runner();
    one.run([{ id: 1, ask: async () => "A" }]);
    await settled();
    one.run([{ id: 1, ask: () => Promise.reject(new Error("no")) }]);
    await settled();
    expect(seen.last.get(1)).toMatchObject({ value: "A", running: false, error: new Error("no") });
  });

  it("gives up what is left of the run before", async () => {
    const { seen, runner: one } = runner();
    const slow = question();
    const signals: AbortSignal[] = [];
    one.run([{ id: 1, ask: (signal) => (signals.push(signal), slow.ask(signal)) }]);
    one.run([{ id: 1, ask: async () => "new" }]);
    expect(signals[0]!.aborted).toBe(true);
    await settled();
    expect(seen.last.get(1)!.value).toBe("new");
  });

  it("stops", async () => {
    const { seen, runner: one } = runner();
    const [a, b] = [question(), question()];
    one.run([
      { id: 1, ask: a.ask },
      { id: 2, ask: b.ask },
    ]);
    a.answer("A");
    await settled();
    one.stop();
    expect(seen.last.get(1)).toMatchObject({ value: "A" });
    expect(seen.last.get(1)!.stopped).toBeUndefined();
    expect(seen.last.get(2)).toEqual({ value: undefined, running: false, stopped: true });
  });

  it("forgets jobs that are gone", async () => {
    const { seen, runner: one } = runner();
    one.run([{ id: 1, ask: async () => "A" }]);
    one.run([{ id: 2, ask: async () => "B" }]);
    await settled();
    expect([...seen.last.keys()]).toEqual([2]);
  });
});
