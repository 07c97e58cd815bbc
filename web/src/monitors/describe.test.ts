import { expect, test } from "vitest";
import type { Monitor, MonitorAlert } from "../api/control";
import { condition, sortMonitors, statusOf, subject } from "./describe";

function monitor(more: Partial<Monitor>): Monitor {
  return { id: "1", type: "host", name: "m", ...more };
}

function alert(monitorId: string, status: MonitorAlert["status"]): MonitorAlert {
  return { id: "a", monitorId, status, type: "host", openedAt: 0 };
}

test("conditions are told in words", () => {
  expect(condition(monitor({ operator: ">", warning: 4, critical: 8, duration: 3 }))).toBe(
    "> 4 warns, > 8 is critical, mean of 3 points",
  );
  expect(condition(monitor({ operator: "<", warning: null, critical: 0.5, duration: 1 }))).toBe("< 0.5 is critical");
  expect(condition(monitor({ type: "external", responseTimeCritical: 5000 }))).toBe("no good answer; > 5000 ms is critical");
  expect(condition(monitor({ type: "connectivity" }))).toBe("no values any more");
});

test("subjects are what is looked at", () => {
  expect(subject(monitor({ type: "service", service: "Blog", metric: "pv" }))).toBe("Blog: pv");
  expect(subject(monitor({ type: "external", url: "https://a.example" }))).toBe("GET https://a.example");
  expect(subject(monitor({ type: "query", query: "up" }))).toBe("up");
});

test("the gravest open alert decides, and stands first", () => {
  const monitors = [monitor({ id: "1", name: "b" }), monitor({ id: "2", name: "a" }), monitor({ id: "3", name: "c" })];
  const open = [alert("3", "WARNING"), alert("3", "CRITICAL"), alert("1", "WARNING")];
  expect(monitors.map((each) => statusOf(each, open))).toEqual(["WARNING", "OK", "CRITICAL"]);
  expect(sortMonitors(monitors, open).map(({ name }) => name)).toEqual(["c", "b", "a"]);
  const muted = [{ ...monitors[2]!, isMute: true }, monitors[1]!];
  expect(sortMonitors(muted, open).map(({ name }) => name)).toEqual(["a", "c"]);
});
