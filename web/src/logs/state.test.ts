import { describe, expect, it } from "vitest";
import { type LogsState, readState, writeState } from "./state";

const full: LogsState = {
  query: '{app="shop"} |= "a & b"',
  range: { kind: "last", duration: 900_000 },
  direction: "forward",
  limit: 2000,
  wrap: false,
  pretty: true,
  live: true,
  view: "patterns",
};

describe("in a URL", () => {
  it("everything comes back", () => expect(readState(new URLSearchParams(writeState(full).toString()))).toEqual(full));
  it("what is as usual is not written", () =>
    expect(writeState(readState(new URLSearchParams())).toString()).toBe("range=1h"));
  it("passes over limits that are not offered", () =>
    expect(readState(new URLSearchParams("limit=999999")).limit).toBe(500));
});
