import { describe, expect, it } from "vitest";
import { density, hasClassicBuckets, heatOfClassic, heatOfNative, labelledRows, rowIndex, rowOf } from "./heat";

describe("heatOfNative", () => {
  const map = heatOfNative([
    {
      histograms: [
        [
          10,
          {
            count: "3",
            sum: "4",
            buckets: [
              [0, "1", "2", "2"],
              [0, "2", "4", "1"],
            ],
          },
        ],
      ],
    },
    {
      histograms: [
        [10, { count: "5", sum: "6", buckets: [[0, "1", "2", "5"]] }],
        [20, { count: "0", sum: "0" }],
      ],
    },
  ]);
  it("adds series up", () =>
    expect(map.columns[0]).toEqual({
      time: 10,
      buckets: [
        { low: 1, high: 2, count: 7 },
        { low: 2, high: 4, count: 1 },
      ],
    }));
  it("knows every boundary", () => expect(map.bounds).toEqual([1, 2, 4]));
  it("knows the most", () => expect(map.most).toBe(7));
  it("has no column where nothing was counted", () => expect(map.columns).toHaveLength(1));
  it("puts zero and negative buckets in order", () => {
    const signed = heatOfNative([
      {
        histograms: [
          [
            1,
            {
              count: "3",
              sum: "0",
              buckets: [
                [1, "-2", "-1", "1"],
                [3, "-0.1", "0.1", "1"],
                [0, "1", "2", "1"],
              ],
            },
          ],
        ],
      },
    ]);
    expect(signed.bounds).toEqual([-2, -1, -0.1, 0.1, 1, 2]);
  });
});

describe("density", () => {
  it("shares a wide bucket out", () => {
    const rows = rowIndex([1, 2, 4, 8]);
    expect(density({ low: 1, high: 8, count: 6 }, rows)).toBe(2);
    expect(density({ low: 1, high: 2, count: 6 }, rows)).toBe(6);
  });
});

describe("heatOfClassic", () => {
  const series = [
    { metric: { le: "1", job: "a" }, values: [[10, "2"]] as [number, string][] },
    { metric: { le: "1", job: "b" }, values: [[10, "1"]] as [number, string][] },
    { metric: { le: "+Inf", job: "a" }, values: [[10, "5"]] as [number, string][] },
    { metric: { le: "+Inf", job: "b" }, values: [[10, "1"]] as [number, string][] },
  ];
  it("subtracts what lies below", () =>
    expect(heatOfClassic(series).columns[0]!.buckets).toEqual([
      { low: 0, high: 1, count: 3 },
      { low: 1, high: Infinity, count: 3 },
    ]));
  it("is offered where every series has le", () => {
    expect(hasClassicBuckets(series)).toBe(true);
    expect(hasClassicBuckets([...series, { metric: {} }])).toBe(false);
    expect(hasClassicBuckets([series[0]!])).toBe(false);
  });
  it("takes a bucket that shrank for empty", () => {
    const map = heatOfClassic([
      { metric: { le: "1" }, values: [[1, "5"]] },
      { metric: { le: "2" }, values: [[1, "4"]] },
      { metric: { le: "4" }, values: [[1, "6"]] },
    ]);
    expect(map.columns[0]!.buckets).toEqual([
      { low: 0, high: 1, count: 5 },
      { low: 2, high: 4, count: 1 },
    ]);
  });
});

describe("the axis", () => {
  it("is logarithmic between positive boundaries", () => expect(rowOf(2, [1, 4])).toBeCloseTo(0.5));
  it("is linear from zero", () => expect(rowOf(1, [0, 4])).toBeCloseTo(0.25));
  it("has no place outside", () => expect(rowOf(9, [1, 4])).toBeUndefined());
  it("names as many boundaries as there is room for", () =>
    expect(labelledRows([1, 2, 3, 4, 5], 3)).toEqual([0, 2, 4]));
});
