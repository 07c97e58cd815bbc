import { describe, expect, it } from "vitest";
import { fieldsOf, prettyJson } from "./fields";

describe("fieldsOf", () => {
  it("reads logfmt", () =>
    expect(fieldsOf('level=info msg="order \\"7\\" paid" took=5ms empty=')).toEqual({
      parser: "logfmt",
      fields: { level: "info", msg: 'order "7" paid', took: "5ms", empty: "" },
    }));
  it("reads JSON as Loki does", () =>
    expect(fieldsOf('{"a":1,"b":{"c-d":true,"e":null},"f":[1],"2g":"x"}')).toEqual({
      parser: "json",
      fields: { a: "1", b_c_d: "true", _2g: "x" },
    }));
  it.each(["GET /a?x=1&y=2 HTTP/1.1", "just words", "a=1", "{broken", ""])("finds none in %s", (line) =>
    expect(fieldsOf(line)).toBeUndefined(),
  );
  it("is bounded", () => {
    const line = JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i])));
    expect(Object.keys(fieldsOf(line)!.fields).length).toBeLessThanOrEqual(200);
  });
});

it("prettyJson indents objects only", () => {
  expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyJson("a=1")).toBeUndefined();
});
