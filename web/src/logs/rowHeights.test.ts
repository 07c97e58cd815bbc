import { describe, expect, it } from "vitest";
import { RowHeights } from "./rowHeights";

describe("RowHeights", () => {
  it("begins with estimates", () => {
    const rows = new RowHeights(5, 20);
    expect(rows.total).toBe(100);
    expect(rows.top(3)).toBe(60);
  });
  it("knows what was measured", () => {
    const rows = new RowHeights(5, 20);
    expect(rows.set(1, 50)).toBe(30);
    expect([0, 1, 2, 5].map((row) => rows.top(row))).toEqual([0, 20, 70, 130]);
  });
  it("finds rows by distance", () => {
    const rows = new RowHeights(5, 20);
    rows.set(1, 50);
    expect([-5, 0, 19, 20, 69, 70, 129, 500].map((at) => rows.at(at))).toEqual([0, 0, 0, 1, 1, 2, 4, 4]);
  });
  it("agrees with plain sums", () => {
    const rows = new RowHeights(333, 18);
    const plain = Array.from({ length: 333 }, (_, i) => (i % 7 === 0 ? 18 + i : 18));
    plain.forEach((height, i) => rows.set(i, height));
    let sum = 0;
    plain.forEach((height, i) => {
      expect(rows.top(i)).toBe(sum);
      expect(rows.at(sum)).toBe(i);
      sum += height;
    });
  });
  it("keeps what it knows when lines are added", () => {
    const rows = new RowHeights(2, 20);
    rows.set(0, 100);
    expect(rows.resized(3, 20).total).toBe(140);
  });
  it("may be empty", () => {
    const rows = new RowHeights(0, 20);
    expect([rows.total, rows.at(5)]).toEqual([0, 0]);
  });
});
