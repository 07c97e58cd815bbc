import { describe, expect, it } from "vitest";
import { toEntries } from "./entries";
import { groupsOf } from "./LogDetails";

const entry = (line: string, parsed?: Record<string, string>) =>
  toEntries(
    [
      {
        stream: { app: "shop" },
        values: [["1790000000000000000", line, { structuredMetadata: { trace_id: "0af" }, parsed }]],
      },
    ],
    "forward",
  )[0]!;

describe("groupsOf", () => {
  it("has what the query parsed", () =>
    expect(groupsOf(entry('{"a":1}', { b: "2" })).at(-1)).toEqual({
      title: "Fields",
      fields: [{ name: "b", value: "2", kind: "parsed" }],
    }));
  it("else what can be found in the line, with the parser for it", () =>
    expect(groupsOf(entry("level=info order=7")).at(-1)).toEqual({
      title: "Fields, as logfmt reads them",
      fields: [
        { name: "level", value: "info", kind: "parsed", parser: "logfmt" },
        { name: "order", value: "7", kind: "parsed", parser: "logfmt" },
      ],
    }));
  it("leaves out what is empty", () =>
    expect(groupsOf(entry("plain")).map(({ title }) => title)).toEqual(["Labels", "Metadata"]));
});
