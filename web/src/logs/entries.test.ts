import { describe, expect, it } from "vitest";
import { after, type ApiStream, continueAt, join, levelOf, millisOf, toEntries } from "./entries";

const T = "1790000000000000";
const streams: ApiStream[] = [
  {
    stream: { app: "a" },
    values: [
      [`${T}001`, "one", { structuredMetadata: { detected_level: "warn" } }],
      [`${T}003`, "three"],
    ],
  },
  { stream: { app: "b", level: "ERROR" }, values: [[`${T}002`, "two", { parsed: { order: "7" } }]] },
];

describe("toEntries", () => {
  it("joins streams in order of time", () => {
    expect(toEntries(streams, "backward").map(({ line }) => line)).toEqual(["three", "two", "one"]);
    expect(toEntries(streams, "forward").map(({ line }) => line)).toEqual(["one", "two", "three"]);
  });
  it("keeps metadata and parsed labels apart", () => {
    const [one, two] = toEntries(streams, "forward");
    expect(one!.metadata).toEqual({ detected_level: "warn" });
    expect(two!.parsed).toEqual({ order: "7" });
  });
  it("finds the level in metadata, fields or labels", () =>
    expect(toEntries(streams, "forward").map(({ level }) => level)).toEqual(["warn", "error", "unknown"]));
  it("tells lines of the same nanosecond apart", () => {
    const same = toEntries(
      [
        {
          stream: {},
          values: [
            [`${T}001`, "x"],
            [`${T}001`, "y"],
          ],
        },
      ],
      "forward",
    );
    expect(same[0]!.id).not.toBe(same[1]!.id);
  });
});

describe("join", () => {
  it("leaves out what is there already", () => {
    const first = toEntries(streams, "backward");
    expect(join(first.slice(0, 2), first.slice(1)).map(({ line }) => line)).toEqual(["three", "two", "one"]);
  });
});

describe("continueAt", () => {
  const entries = toEntries(streams, "backward");
  it("includes the last time once more", () => expect(continueAt(entries, "backward")).toBe(`${T}002`));
  it("has no place without entries", () => expect(continueAt([], "backward")).toBeUndefined());
});

describe("times", () => {
  it("are exact to the nanosecond", () => expect(after("1790000000999999999")).toBe("1790000001000000000"));
  it("become milliseconds", () => expect(millisOf("1790000000123456789")).toBeCloseTo(1790000000123.457, 3));
});

it.each([
  ["FATAL", "critical"],
  ["err", "error"],
  ["Warning", "warn"],
  [undefined, "unknown"],
  ["x", "unknown"],
])("levelOf %s", (word, level) => expect(levelOf(word)).toBe(level));
