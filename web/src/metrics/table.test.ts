import { describe, expect, it } from "vitest";
import { columnsOf, nextSort, sortRows, toRows } from "./table";

const rows = toRows([
  { metric: { __name__: "m", node: "n10", zone: "a" }, value: [1, "2"] },
  { metric: { __name__: "m", node: "n9" }, value: [1, "NaN"] },
  { metric: { __name__: "m", node: "n1", zone: "b" }, value: [1, "+Inf"] },
  { metric: { node: "n2" }, histogram: [1, { count: "7", sum: "1.5", buckets: [] }] },
]);
const order = (by: string, down: boolean) => sortRows(rows, { by, down }).map(({ labels }) => labels.node);

it("toRows keeps what the server wrote", () =>
  expect(rows.map(({ value }) => value)).toEqual(["2", "NaN", "+Inf", "count 7, sum 1.5"]));
it("columnsOf begins with the name", () => expect(columnsOf(rows)).toEqual(["__name__", "node", "zone"]));

describe("sortRows", () => {
  it("by value, NaN last", () => {
    expect(order("value", true)).toEqual(["n1", "n2", "n10", "n9"]);
    expect(order("value", false)).toEqual(["n10", "n2", "n1", "n9"]);
  });
  it("by label, numbers as numbers", () => expect(order("node", false)).toEqual(["n1", "n2", "n9", "n10"]));
  it("missing labels last", () => expect(order("zone", true).slice(0, 2)).toEqual(["n1", "n10"]));
  it("without a wish, as it came", () => expect(sortRows(rows, undefined)).toBe(rows));
});

it("nextSort goes round", () => {
  const first = nextSort(undefined, "value");
  expect(first).toEqual({ by: "value", down: true });
  expect(nextSort(first, "value")).toEqual({ by: "value", down: false });
  expect(nextSort({ by: "value", down: false }, "value")).toBeUndefined();
  expect(nextSort(first, "node")).toEqual({ by: "node", down: false });
});
