import { describe as suite, expect, it } from "vitest";
import { describe, type TreeNode } from "./parseTree";

const vector = (name: string, more: object = {}) => ({
  type: "vectorSelector",
  name,
  matchers: [{ name: "__name__", type: "=", value: name }],
  offset: 0,
  timestamp: null,
  startOrEnd: null,
  ...more,
});

const outline = (node: TreeNode): unknown =>
  node.children.length > 0 ? [node.title, ...node.children.map(outline)] : node.title;

suite("describe", () => {
  it("names selectors with all that belongs to them", () => {
    const matchers = [
      { name: "a", type: "=~", value: "b.*" },
      { name: "__name__", type: "=", value: "foo_total" },
    ];
    expect(describe(vector("foo_total", { matchers, offset: 3_600_000 })).title).toBe('foo_total{a=~"b.*"} offset 1h');
    expect(describe({ ...vector("m"), type: "matrixSelector", range: 300_000, offset: -60_000 }).title).toBe(
      "m[5m] offset -1m",
    );
    expect(describe(vector("m", { timestamp: 5000 })).title).toBe("m @ 5");
    expect(describe(vector("", { matchers: [{ name: "job", type: "!=", value: "" }] })).title).toBe('{job!=""}');
  });

  it("goes down", () => {
    const tree = {
      type: "binaryExpr",
      op: "/",
      bool: false,
      matching: { card: "many-to-one", labels: ["job"], on: true, include: ["zone"] },
      lhs: {
        type: "aggregation",
        op: "sum",
        grouping: ["job"],
        without: false,
        param: null,
        expr: {
          type: "call",
          func: { name: "rate", returnType: "vector" },
          args: [{ ...vector("m"), type: "matrixSelector", range: 60_000 }],
        },
      },
      rhs: { type: "numberLiteral", val: "2" },
    };
    expect(outline(describe(tree))).toEqual([
      "/ on (job) group_left (zone)",
      ["sum by (job)", ["rate(…)", "m[1m]"]],
      "2",
    ]);
  });

  it("shows parameters of aggregations first", () =>
    expect(
      outline(
        describe({
          type: "aggregation",
          op: "topk",
          grouping: [],
          without: false,
          param: { type: "numberLiteral", val: "5" },
          expr: vector("m"),
        }),
      ),
    ).toEqual(["topk", "5", "m"]));

  it("has something to say about what it does not know", () =>
    expect(describe({ type: "somethingNew" }).title).toBe("somethingNew"));
});
