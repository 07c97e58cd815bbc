import { describe, expect, it } from "vitest";
import { toggled } from "./Legend";

const all = ["a", "b", "c"];

describe("toggled", () => {
  it("a click leaves one alone", () => expect(toggled(all, [], "b", true)).toEqual(["a", "c"]));
  it("and the same click brings all back", () => expect(toggled(all, ["a", "c"], "b", true)).toEqual([]));
  it("another click moves on", () => expect(toggled(all, ["a", "c"], "c", true)).toEqual(["a", "b"]));
  it("with Ctrl one goes and comes", () => {
    expect(toggled(all, [], "b", false)).toEqual(["b"]);
    expect(toggled(all, ["b"], "b", false)).toEqual([]);
  });
  it("leaves other legends alone", () => {
    expect(toggled(all, ["other"], "a", false)).toEqual(["other", "a"]);
    expect(toggled(all, ["other"], "a", true)).toEqual(["other", "b", "c"]);
  });
});
