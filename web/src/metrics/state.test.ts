import { describe, expect, it } from "vitest";
import {
  addQuery,
  editQuery,
  emptyState,
  keepIds,
  type MetricsState,
  newQuery,
  putExpression,
  readState,
  removeQuery,
  runnable,
  writeState,
} from "./state";

const comparable = (state: MetricsState) => ({
  ...state,
  queries: state.queries.map(({ expression, enabled }) => ({ expression, enabled })),
});

describe("in a URL", () => {
  const full: MetricsState = {
    queries: [newQuery('sum by (job) (rate(x_total{path="/a&b"}[5m]))'), newQuery("up == 0", false)],
    view: "heat",
    range: { kind: "between", from: 1_790_000_000_000, to: 1_790_003_600_000 },
    step: { kind: "fixed", step: 15_000 },
    refresh: 30,
    graph: { stacked: true, log: true, exemplars: true },
    visible: { only: ['{job="a"}'], hidden: ['{job="b"}', '{job="c"}'] },
  };
  it("everything comes back", () =>
    expect(comparable(readState(new URLSearchParams(writeState(full).toString())))).toEqual(comparable(full)));
  it("what is as usual is not written", () => expect(writeState(emptyState()).toString()).toBe("range=1h"));
  it("nothing is the empty page", () =>
    expect(comparable(readState(new URLSearchParams()))).toEqual(comparable(emptyState())));
  it("is bounded", () =>
    expect(readState(new URLSearchParams(Array.from({ length: 50 }, () => ["q", "up"]))).queries).toHaveLength(20));
  it("keeps the order of enabled and disabled queries", () =>
    expect(readState(new URLSearchParams("off=a&q=b&off=c")).queries.map(({ enabled }) => enabled)).toEqual([
      false,
      true,
      false,
    ]));
});

describe("queries", () => {
  const one = emptyState();
  const id = one.queries[0]!.id;
  it("are edited in place", () =>
    expect(editQuery(one, id, { expression: "up" }).queries[0]).toEqual({ id, expression: "up", enabled: true }));
  it("are added behind another", () => {
    const two = addQuery(addQuery(one, "b"), "a", id);
    expect(two.queries.map(({ expression }) => expression)).toEqual(["", "a", "b"]);
  });
  it("the last one is emptied", () =>
    expect(removeQuery(editQuery(one, id, { expression: "up" }), id).queries).toHaveLength(1));
  it("fill an empty editor first", () => {
    expect(putExpression(one, "up").queries).toHaveLength(1);
    expect(putExpression(putExpression(one, "up"), "down").queries).toHaveLength(2);
  });
  it("run when enabled and not blank", () => {
    const state = addQuery(addQuery(one, "  "), "up");
    expect(runnable(state).map(({ expression }) => expression)).toEqual(["up"]);
  });
});

it("keepIds keeps editors in place", () => {
  const old = putExpression(emptyState(), "a");
  const next = keepIds(readState(new URLSearchParams("q=b&q=c")), old);
  expect(next.queries[0]).toEqual({ id: old.queries[0]!.id, expression: "b", enabled: true });
  expect(new Set(next.queries.map(({ id }) => id)).size).toBe(2);
});
