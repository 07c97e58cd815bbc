import { describe, expect, it } from "vitest";
import { contextOf } from "./logqlContext";

describe("contextOf", () => {
  it.each([
    ["{", { kind: "label", from: 1, selector: "" }],
    ["{ap", { kind: "label", from: 1, selector: "" }],
    ['{app="shop", ho', { kind: "label", from: 13, selector: '{app="shop"}' }],
    ['{app="', { kind: "value", from: 6, label: "app", selector: "", quoted: true }],
    ['{app="sh', { kind: "value", from: 6, label: "app", selector: "", quoted: true }],
    ["{app=", { kind: "value", from: 5, label: "app", selector: "", quoted: false }],
    ['{app="shop", host=~"no', { kind: "value", from: 20, label: "host", selector: '{app="shop"}', quoted: true }],
    ['{app="shop"} | ', { kind: "stage", from: 15 }],
    ['{app="shop"} |= "x" | js', { kind: "stage", from: 22 }],
    ['{app="shop"} | json | unwrap ', { kind: "field", from: 29 }],
    ['{app="shop"} | json | keep a, b', { kind: "field", from: 30 }],
    ['{app="shop"} | json | a > 5 and ', { kind: "field", from: 32 }],
    ['rate({app="shop"} | json [', { kind: "duration", from: 26 }],
    ["", { kind: "function", from: 0 }],
    ["sum(ra", { kind: "function", from: 4 }],
    ['sum(rate({a="b"} | json [5m])) / co', { kind: "function", from: 33 }],
  ])("%s", (text, want) => expect(contextOf(text)).toEqual(want));
  it.each(['{app="shop"}', '{app="shop"} |= "text', '{app="shop"} | json | a > 5', '{app="a{b'])(
    "nothing in %s",
    (text) =>
      expect(text === '{app="a{b' ? contextOf(text)?.kind : contextOf(text)).toEqual(
        text === '{app="a{b' ? "value" : undefined,
      ),
  );
});
