import { describe, expect, it } from "vitest";
import { QueryHistory, type Store } from "./history";

class Memory implements Store {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

describe("QueryHistory", () => {
  it("has the latest first, each once", () => {
    const history = new QueryHistory("k", new Memory());
    ["a", "b", "a", "  "].forEach((query) => history.add(query));
    expect(history.list()).toEqual(["a", "b"]);
  });
  it("is bounded", () => {
    const history = new QueryHistory("k", new Memory());
    for (let i = 0; i < 150; i++) history.add(`q${i}`);
    history.add("x".repeat(5000));
    expect(history.list()).toHaveLength(100);
    expect(history.list()[0]).toBe("q149");
  });
  it("survives what others wrote there", () => {
    const store = new Memory();
    store.setItem("k", '{"not": "a list"}');
    expect(new QueryHistory("k", store).list()).toEqual([]);
    store.setItem("k", '[1, "up"');
    expect(new QueryHistory("k", store).list()).toEqual([]);
  });
  it("is cleared", () => {
    const history = new QueryHistory("k", new Memory());
    history.add("up");
    history.clear();
    expect(history.list()).toEqual([]);
  });
});
