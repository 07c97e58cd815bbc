import { describe, expect, it } from "vitest";
import { commonLabels, seriesName, withoutLabels } from "./labels";

describe("seriesName", () => {
  it.each([
    [{ __name__: "up", job: "a", instance: "b" }, 'up{instance="b", job="a"}'],
    [{ __name__: "up" }, "up"],
    [{}, "{}"],
    [{ job: 'say "x"\n' }, '{job="say \\"x\\"\\n"}'],
    [{ __name__: "cpu.load", "host.name": "a" }, '{"cpu.load", "host.name"="a"}'],
  ])("%o", (labels, text) => expect(seriesName(labels)).toBe(text));
});

describe("commonLabels", () => {
  it("are what all agree on", () =>
    expect(commonLabels([{ a: "1", b: "2" }, { a: "1", b: "3" }, { a: "1" }])).toEqual({ a: "1" }));
  it("a single series keeps its labels", () => expect(commonLabels([{ a: "1" }])).toEqual({}));
  it("are left out", () => expect(withoutLabels({ a: "1", b: "2" }, { a: "1" })).toEqual({ b: "2" }));
});
