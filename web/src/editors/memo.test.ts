import { describe, expect, it, vi } from "vitest";
import { Memo } from "./memo";

describe("Memo", () => {
  it("asks once while an answer is fresh", async () => {
    let now = 0;
    const ask = vi.fn(async (key: string) => `${key}!`);
    const memo = new Memo(ask, 100, 10, () => now);
    expect(await memo.get("a")).toBe("a!");
    now = 99;
    await memo.get("a");
    expect(ask).toHaveBeenCalledTimes(1);
    now = 101;
    await memo.get("a");
    expect(ask).toHaveBeenCalledTimes(2);
  });
  it("asks again after a failure", async () => {
    const ask = vi.fn().mockRejectedValueOnce(new Error("away")).mockResolvedValueOnce("here");
    const memo = new Memo<string>(ask, 1000);
    await expect(memo.get("a")).rejects.toThrow("away");
    expect(await memo.get("a")).toBe("here");
  });
  it("forgets the oldest", async () => {
    const ask = vi.fn(async (key: string) => key);
    const memo = new Memo(ask, 1000, 2);
    for (const key of ["a", "b", "c", "a"]) await memo.get(key);
    expect(ask).toHaveBeenCalledTimes(4);
  });
});
