import { describe, expect, it } from "vitest";
import { markOfAnnotation, markOfError, offsetOf, withoutPlace } from "./positions";

describe("offsetOf", () => {
  it("counts from one", () => expect(offsetOf("abc", 1, 2)).toBe(1));
  it("finds later lines", () => expect(offsetOf("ab\ncd", 2, 2)).toBe(4));
  it("counts bytes, not characters", () => {
    expect(offsetOf('"é" + x', 1, 8)).toBe(6);
    expect(offsetOf('"🙂" + x', 1, 10)).toBe(7);
  });
  it("ends where the text ends", () => expect(offsetOf("ab", 3, 1)).toBe(2));
});

describe("markOfError", () => {
  it("marks the word", () =>
    expect(
      markOfError("sum(foo bar)", 'invalid parameter "query": 1:9: parse error: unexpected identifier "bar"'),
    ).toEqual({
      from: 8,
      to: 11,
      severity: "error",
      message: 'unexpected identifier "bar"',
    }));
  it("marks the last sign when the text ends too early", () =>
    expect(markOfError("foo(", 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis')).toMatchObject(
      { from: 3, to: 4 },
    ));
  it("reads the places of LogQL", () =>
    expect(markOfError('{a="b"} | foo', "parse error at line 1, col 11: syntax error: unexpected identifier")).toEqual({
      from: 10,
      to: 13,
      severity: "error",
      message: "syntax error: unexpected identifier",
    }));
  it("has nothing to mark in other errors", () => expect(markOfError("up", "query timed out")).toBeUndefined());
});

describe("markOfAnnotation", () => {
  const info =
    'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "up" (1:6)';
  it("marks its place", () =>
    expect(markOfAnnotation("rate(up[5m])", info, "info")).toMatchObject({ from: 5, to: 7, severity: "info" }));
  it("is shown without it", () =>
    expect(withoutPlace(info)).toBe(
      'metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "up"',
    ));
});
