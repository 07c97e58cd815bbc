import { describe, expect, it } from "vitest";
import { addLineFilter, type Field, filterIn, filterOut, isLogQuery, selectorOf, showOnly } from "./queryEdit";

const host: Field = { name: "host", value: "node-1", kind: "stream" };
const trace: Field = { name: "trace_id", value: "0af", kind: "metadata" };
const order: Field = { name: "order", value: "7", kind: "parsed", parser: "logfmt" };

describe("labels of the stream", () => {
  it.each([
    ['{app="shop"}', '{app="shop", host="node-1"}'],
    ['{ app="shop" } |= "x"', '{ app="shop", host="node-1" } |= "x"'],
    ["{}", '{host="node-1"}'],
    ['{host!="node-1"}', '{host="node-1"}'],
    ['{host="node-2", app="a"}', '{host="node-1", app="a"}'],
    ['{host = "node-1"}', '{host = "node-1"}'],
    [
      'sum(rate({app="a"} |= "x" [5m])) / sum(rate({app="b"}[5m]))',
      'sum(rate({app="a", host="node-1"} |= "x" [5m])) / sum(rate({app="b", host="node-1"}[5m]))',
    ],
  ])("in: %s", (query, want) => expect(filterIn(query, host)).toBe(want));
  it("out: beside other values", () =>
    expect(filterOut('{host="node-2"}', host)).toBe('{host="node-2", host!="node-1"}'));
  it("out: instead of in", () => expect(filterOut('{app="a", host="node-1"}', host)).toBe('{app="a", host!="node-1"}'));
});

describe("metadata and fields", () => {
  it("go behind the pipeline", () =>
    expect(filterIn('{app="shop"} |= "x" | json', trace)).toBe('{app="shop"} |= "x" | json | trace_id="0af"'));
  it("bring their parser", () => expect(filterIn('{app="shop"}', order)).toBe('{app="shop"} | logfmt | order="7"'));
  it("do not parse twice", () =>
    expect(filterOut('{app="shop"} | logfmt', order)).toBe('{app="shop"} | logfmt | order!="7"'));
  it("turn round", () =>
    expect(filterOut('{app="shop"} | logfmt | order="7"', order)).toBe('{app="shop"} | logfmt | order!="7"'));
  it("are not repeated", () =>
    expect(filterIn('{app="a"} | trace_id="0af"', trace)).toBe('{app="a"} | trace_id="0af"'));
  it("stay in front of a range", () =>
    expect(filterIn('count_over_time({app="a"} | json [5m])', trace)).toBe(
      'count_over_time({app="a"} | json | trace_id="0af" [5m])',
    ));
  it("stay in front of unwrap", () =>
    expect(filterIn('sum_over_time({app="a"} | unwrap took [5m])', trace)).toBe(
      'sum_over_time({app="a"} | trace_id="0af" | unwrap took [5m])',
    ));
  it("quote what must be quoted", () =>
    expect(filterIn('{a="b"}', { ...trace, value: 'say "x"' })).toBe('{a="b"} | trace_id="say \\"x\\""'));
});

describe("showOnly", () => {
  it("formats the line", () => expect(showOnly('{a="b"}', order)).toBe('{a="b"} | logfmt | line_format "{{.order}}"'));
  it("replaces the format that is there", () =>
    expect(showOnly('{a="b"} | logfmt | line_format "{{.msg}}"', order)).toBe(
      '{a="b"} | logfmt | line_format "{{.order}}"',
    ));
});

describe("addLineFilter", () => {
  it("comes in front of parsers", () =>
    expect(addLineFilter('{a="b"} |= "x" | json', "!=", "y")).toBe('{a="b"} |= "x" != "y" | json'));
  it("takes patterns", () => expect(addLineFilter('{a="b"}', "|>", "<_> failed")).toBe('{a="b"} |> "<_> failed"'));
});

describe("reading", () => {
  it.each([
    ['{a="b"} | json', true],
    ['rate({a="b"}[1m])', false],
    ['sum by (x) (rate({a="b"}[1m])) > 2', false],
    ["", undefined],
  ])("isLogQuery %s", (query, want) => expect(isLogQuery(query)).toBe(want));
  it("selectorOf", () => expect(selectorOf('rate({a="b"} | json [1m])')).toBe('{a="b"}'));
});
