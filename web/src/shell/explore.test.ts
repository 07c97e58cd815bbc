import { expect, test, vi } from "vitest";

vi.stubGlobal("location", { pathname: "/ui/rules", search: "" });
const { exploreHref, isLogQl } = await import("./explore");

test.each([
  "up == 0",
  'rate(http_requests_total{code!=""}[5m])',
  '{__name__="up"}',
  'count_over_time({__name__=~"a|b"}[5m])',
  'sum by (a) (x{re=~"a|b"})',
  "a or b",
])("%s is PromQL", (expression) => expect(isLogQl(expression)).toBe(false));

test.each([
  'sum(rate({app="a"}[5m]))',
  'count_over_time({app="a"} |= "error" [5m]) > 0',
  'sum by (level) (rate({app="a"} | json [1m]))',
  'bytes_over_time({app="a"}[5m])',
  '{app="a"} != "debug"',
])("%s is LogQL", (expression) => expect(isLogQl(expression)).toBe(true));

test("expressions lead to the page of their language", () => {
  expect(exploreHref("up == 0")).toBe("/ui/metrics?q=up+%3D%3D+0");
  expect(exploreHref('{a="b"} |= "c"')).toMatch(/^\/ui\/logs\?q=/);
});
