import { expect, test } from "vitest";
import { OwnMetrics, rate, readExposition } from "./exposition";

const text = `# HELP a_total Something.
# TYPE a_total counter
a_total{tenant="x",result="ok"} 3
a_total{tenant="y \\"q\\" \\\\",result="ok"} 4
size 1.5e+06
d_bucket{le="+Inf"} 2
d_sum 3
d_count 2
inf +Inf
not a line {
`;

test("the text format is read", () => {
  const samples = readExposition(text);
  expect(samples).toHaveLength(7);
  expect(samples[1]).toEqual({ name: "a_total", labels: { tenant: 'y "q" \\', result: "ok" }, value: 4 });
  expect(samples.at(-1)!.value).toBe(Infinity);
});

test("series of a name are summed, those with the labels that are asked for", () => {
  const metrics = new OwnMetrics(readExposition(text), 0);
  expect(metrics.sum("a_total")).toBe(7);
  expect(metrics.sum("a_total", { tenant: "x" })).toBe(3);
  expect(metrics.sum("a_total", { tenant: "z" })).toBe(0);
  expect(metrics.sum("b_total")).toBeUndefined();
  expect(metrics.mean("d")).toBe(1.5);
});

test("rates are between two moments, and never negative", () => {
  const at = (value: number, ms: number) => new OwnMetrics([{ name: "c", labels: {}, value }], ms);
  expect(rate(at(30, 5000), at(10, 1000), "c")).toBe(5);
  expect(rate(at(1, 5000), at(10, 1000), "c")).toBe(0);
  expect(rate(at(1, 5000), undefined, "c")).toBeUndefined();
  expect(rate(at(1, 5000), at(1, 5000), "c")).toBeUndefined();
});
