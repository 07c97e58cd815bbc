import { describe, expect, it, vi } from "vitest";

vi.mock("../api/request", () => ({ getJson: vi.fn() }));

import type { SampleSeries } from "../api/prometheus";
import { graphPanels, heatPanels } from "./panels";
import type { Result } from "./results";
import { newQuery } from "./state";

const result = (expression: string, series: readonly SampleSeries[], step = 10): Result => ({
  query: newQuery(expression),
  answer: { data: { resultType: "matrix", result: series }, warnings: [], infos: [] },
  grid: { start: 0, end: 20, step },
  exemplars: [],
});
const values: [number, string][] = [
  [0, "1"],
  [10, "2"],
  [20, "3"],
];
const none = () => undefined;

describe("graphPanels", () => {
  it("puts series of one unit together", () => {
    const panels = graphPanels(
      [
        result("a_bytes", [{ metric: { job: "x" }, values }]),
        result("rate(b_total[1m])", [{ metric: { job: "x" }, values }]),
        result("c_bytes", [{ metric: { job: "y" }, values }]),
      ],
      none,
      100,
    );
    expect(panels.map(({ unit, series }) => [unit, series.length])).toEqual([
      ["bytes", 2],
      ["count/s", 1],
    ]);
  });
  it("does not mix grids", () =>
    expect(
      graphPanels([result("a", [{ metric: {}, values }]), result("b", [{ metric: {}, values }], 5)], none, 100),
    ).toHaveLength(2));
  it("says once what all have in common", () => {
    const [panel] = graphPanels(
      [
        result("m", [
          { metric: { __name__: "m", job: "x", code: "200" }, values },
          { metric: { __name__: "m", job: "x", code: "500" }, values },
        ]),
      ],
      none,
      100,
    );
    expect(panel!.common).toBe('m{job="x"}');
    expect(panel!.series.map(({ shortName }) => shortName)).toEqual(['{code="200"}', '{code="500"}']);
    expect(panel!.series[0]!.name).toBe('m{code="200", job="x"}');
  });
  it("calls a series without labels by its expression", () =>
    expect(graphPanels([result("sum(m)", [{ metric: {}, values }])], none, 100)[0]!.series[0]!.name).toBe("sum(m)"));
  it("is bounded and says so", () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ metric: { i: String(i) }, values }));
    const [panel] = graphPanels([result("m", many)], none, 10);
    expect([panel!.series.length, panel!.total, panel!.grid.columns.length]).toEqual([10, 30, 10]);
  });
});

describe("heatPanels", () => {
  it("are made of native histograms", () => {
    const histograms = [[0, { count: "1", sum: "1", buckets: [[0, "1", "2", "1"]] }]] as SampleSeries["histograms"];
    const [panel] = heatPanels([result("rate(x_seconds[1m])", [{ metric: {}, histograms }])], none);
    expect(panel).toMatchObject({ unit: "seconds", step: 10 });
    expect(panel!.map.bounds).toEqual([1, 2]);
  });
  it("are made of classic buckets", () => {
    const [panel] = heatPanels(
      [
        result("sum by (le) (rate(x_seconds_bucket[1m]))", [
          { metric: { le: "1" }, values },
          { metric: { le: "+Inf" }, values },
        ]),
      ],
      none,
    );
    expect(panel).toMatchObject({ unit: "seconds", groups: 1 });
  });
  it("are not made of plain series", () =>
    expect(heatPanels([result("m", [{ metric: {}, values }])], none)).toEqual([]));
});
