import { describe, expect, it } from "vitest";
import { changeText, compare, dayBefore, pairOf } from "./comparison";

describe("compare", () => {
  const now = [
    { name: "a", value: 60 },
    { name: "b", value: 20 },
  ];
  it("has shares of the whole", () =>
    expect(compare(now, 100, undefined, 10).map(({ share }) => share)).toEqual([0.6, 0.2]));
  it("has no changes without a day before", () => expect(compare(now, 100, undefined, 10)[0]!.change).toBeUndefined());
  it("knows what is new where it saw all of the day before", () =>
    expect(compare(now, 100, [{ name: "a", value: 50 }], 10).map(({ change }) => change)).toEqual([10, 20]));
  it("does not guess where the list was cut off", () =>
    expect(compare(now, 100, [{ name: "a", value: 50 }], 1).map(({ change }) => change)).toEqual([10, undefined]));
  it("survives an empty store", () => expect(compare(now, 0, undefined, 10)[0]!.share).toBe(0));
});

it("pairOf takes the first sign", () => expect(pairOf("expr=a=b")).toEqual({ label: "expr", value: "a=b" }));

it("dayBefore goes over months", () => {
  expect(dayBefore("2026-03-01")).toBe("2026-02-28");
  expect(dayBefore("soon")).toBeUndefined();
});

it.each([
  [5, "+5"],
  [-1200, "−1,200"],
  [0, "±0"],
])("changeText %d", (change, text) => expect(changeText(change)).toBe(text));
