import { describe, expect, it } from "vitest";
import { exactDuration, readDuration } from "./duration";

describe("exactDuration", () => {
  it.each(["5m", "1h30m", "1d", "2w", "1d12h", "15s", "1s500ms", "250ms"])("%s comes back", (text) =>
    expect(exactDuration(readDuration(text)!)).toBe(text),
  );
  it("does not write weeks with a rest", () => expect(exactDuration(8 * 86_400_000)).toBe("8d"));
  it("has a word for nothing", () => expect(exactDuration(0)).toBe("0s"));
});

describe("readDuration", () => {
  it("takes plain seconds", () => expect(readDuration("90")).toBe(90_000));
  it.each(["", "0", "0s", "m", "5x", "-5m", "1h 30m"])('refuses "%s"', (text) =>
    expect(readDuration(text)).toBeUndefined(),
  );
});
