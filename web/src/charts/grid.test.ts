import { describe, expect, it } from "vitest";
import { parseValue, type Point, stack, summarize, toGrid } from "./grid";

describe("toGrid", () => {
  it("leaves gaps where samples are missing", () => {
    const grid = toGrid(
      [
        [
          [10, "1"],
          [30, "3"],
        ],
        [[20, "2"]],
      ],
      { start: 10, end: 30, step: 10 },
    );
    expect([...grid.times]).toEqual([10, 20, 30]);
    expect(grid.columns).toEqual([
      [1, null, 3],
      [null, 2, null],
    ]);
  });
  it("leaves gaps where values cannot be drawn", () =>
    expect(
      toGrid(
        [
          [
            [0, "NaN"],
            [1, "+Inf"],
            [2, "5"],
          ],
        ],
        { start: 0, end: 2, step: 1 },
      ).columns[0],
    ).toEqual([null, null, 5]));
  it("is exact with steps that are no whole numbers", () => {
    const points: Point[] = Array.from({ length: 101 }, (_, i) => [1790000000 + i * 0.1, String(i)]);
    const grid = toGrid([points], { start: 1790000000, end: 1790000010, step: 0.1 });
    expect(grid.columns[0]).toHaveLength(101);
    expect(grid.columns[0]![57]).toBe(57);
  });
  it("passes over points outside", () =>
    expect(
      toGrid(
        [
          [
            [4, "1"],
            [26, "2"],
          ],
        ],
        { start: 10, end: 20, step: 10 },
      ).columns[0],
    ).toEqual([null, null]));
});

describe("stack", () => {
  const columns = [
    [1, null, null],
    [2, 2, null],
    [4, 4, null],
  ];
  it("adds up from below", () =>
    expect(stack(columns, [true, true, true])).toEqual([
      [1, 0, null],
      [3, 2, null],
      [7, 6, null],
    ]));
  it("leaves out what is hidden", () => expect(stack(columns, [true, false, true])[2]).toEqual([5, 4, null]));
});

describe("summarize", () => {
  it("passes over gaps", () => expect(summarize([null, 2, 4, null])).toEqual({ last: 4, min: 2, max: 4, mean: 3 }));
  it("of nothing is nothing", () => expect(summarize([null]).last).toBeNull());
});

it("parseValue reads what Go writes", () => {
  expect(parseValue("+Inf")).toBe(Infinity);
  expect(parseValue("-Inf")).toBe(-Infinity);
  expect(parseValue("NaN")).toBeNaN();
  expect(parseValue("1e-05")).toBe(0.00001);
});
