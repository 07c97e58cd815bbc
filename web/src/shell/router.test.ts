import { beforeEach, expect, test, vi } from "vitest";

let pushed: string[];
beforeEach(() => {
  vi.resetModules();
  pushed = [];
  const place = { pathname: "/a/ui/metrics", search: "?q=up" };
  vi.stubGlobal("location", place);
  const move = (_state: unknown, _title: string, href: string) => {
    pushed.push(href);
    [place.pathname, place.search] = [href.split("?")[0]!, href.includes("?") ? `?${href.split("?")[1]}` : ""];
  };
  vi.stubGlobal("history", { pushState: move, replaceState: move });
});

test("page and state come from the address, below any prefix", async () => {
  const { place, serverRoot } = await import("./router");
  expect(serverRoot).toBe("/a/");
  expect(place().page).toBe("metrics");
  expect(place().params.get("q")).toBe("up");
});

test("parameters change the address, empty ones leave it", async () => {
  const { place, setParams } = await import("./router");
  setParams({ range: "1h", q: "a b" });
  setParams({ range: "" });
  expect(pushed).toEqual(["/a/ui/metrics?q=a+b&range=1h", "/a/ui/metrics?q=a+b"]);
  expect(place().params.get("q")).toBe("a b");
});

test("going where one is adds nothing to the history", async () => {
  const { go } = await import("./router");
  go("/a/ui/metrics?q=up");
  expect(pushed).toEqual([]);
});
