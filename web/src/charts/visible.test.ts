import { describe, expect, it } from "vitest";
import { afterClick, ALL_VISIBLE, shownOf } from "./visible";

const names = ["a", "b", "c"];
const click = (visible = ALL_VISIBLE, name = "b", alone = true) => afterClick(names, visible, name, alone);

describe("clicks in a legend", () => {
  it("leave one alone", () => expect(shownOf(names, click())).toEqual([false, true, false]));
  it("twice bring all back", () => expect(click(click())).toEqual(ALL_VISIBLE));
  it("move on to another", () => expect(shownOf(names, click(click(), "c"))).toEqual([false, false, true]));
  it("with Ctrl switch one of all", () => {
    expect(shownOf(names, click(ALL_VISIBLE, "a", false))).toEqual([false, true, true]);
    expect(click(click(ALL_VISIBLE, "a", false), "a", false)).toEqual(ALL_VISIBLE);
  });
  it("with Ctrl add to those that are chosen", () => {
    const two = click(click(), "c", false);
    expect(shownOf(names, two)).toEqual([false, true, true]);
    expect(shownOf(names, click(two, "c", false))).toEqual([false, true, false]);
  });
  it("keep what was hidden for when all come back", () =>
    expect(shownOf(names, click(click(click(ALL_VISIBLE, "a", false))))).toEqual([false, true, true]));
  it("leave other charts alone", () => {
    expect(shownOf(["x", "y"], click())).toEqual([true, true]);
    expect(click({ only: ["x"], hidden: [] }).only).toEqual(["x", "b"]);
  });
  it("name one series, however many there are", () => {
    const many = Array.from({ length: 5000 }, (_, i) => `s${i}`);
    expect(afterClick(many, ALL_VISIBLE, "s7", true).only).toEqual(["s7"]);
  });
});
