import { expect, test } from "vitest";
import type { Alert, Rule, RuleGroup } from "../api/control";
import { activeAlerts, countAll, isSlow, plainValue, shownGroups } from "./view";

function alert(state: Alert["state"], activeAt: string, labels: Record<string, string> = {}): Alert {
  return { state, activeAt, labels, annotations: {}, value: "1e+00" };
}

function rule(name: string, more: Partial<Rule> = {}): Rule {
  return { type: "recording", name, query: `sum(${name})`, health: "ok", evaluationTime: 0, lastEvaluation: "", ...more };
}

function group(name: string, rules: Rule[], more: Partial<RuleGroup> = {}): RuleGroup {
  return { name, file: "f.yml", interval: 60, limit: 0, evaluationTime: 0, lastEvaluation: "", rules, ...more };
}

const down = rule("Down", {
  type: "alerting",
  alerts: [alert("pending", "2026-01-01T00:00:00Z"), alert("firing", "2026-01-03T00:00:00Z", { job: "shop" })],
});
const late = rule("Late", { type: "alerting", alerts: [alert("firing", "2026-01-02T00:00:00Z")] });
const idle = rule("Idle", { type: "alerting", alerts: [] });
const broken = rule("broken", { health: "err", lastError: "many-to-many" });
const groups = [group("a", [down, idle, rule("fine")]), group("b", [late, broken])];

test("firing alerts stand before pending ones, the oldest first", () => {
  const found = activeAlerts(groups, "", "");
  expect(found.map(({ name, alerts }) => [name, alerts.map(({ state }) => state)])).toEqual([
    ["Late", ["firing"]],
    ["Down", ["firing", "pending"]],
  ]);
});

test("alerts are chosen by state and by words in any label", () => {
  expect(activeAlerts(groups, "pending", "").map(({ name }) => name)).toEqual(["Down"]);
  expect(activeAlerts(groups, "", "job=SHOP down").map(({ name }) => name)).toEqual(["Down"]);
  expect(activeAlerts(groups, "", "nothing")).toEqual([]);
});

test("groups with failing rules stand first", () => {
  expect(shownGroups(groups, "", "").map(({ name }) => name)).toEqual(["b", "a"]);
  expect(shownGroups(groups, "failing", "").flatMap(({ rules }) => rules)).toEqual([broken]);
  expect(shownGroups(groups, "recording", "SUM(fine)").flatMap(({ rules }) => rules.map(({ name }) => name))).toEqual([
    "fine",
  ]);
});

test("everything is counted", () => {
  expect(countAll(groups)).toEqual({ firing: 2, pending: 1, rules: 5, failing: 1, alerting: 3, recording: 2 });
});

test("values are written plainly", () => {
  expect(["0e+00", "1.25e+01", "+Inf", "3.3333333e-01"].map(plainValue)).toEqual(["0", "12.5", "+Inf", "0.333333"]);
});

test("a group is slow that takes more than half of its interval", () => {
  expect([isSlow(group("a", [], { evaluationTime: 31 })), isSlow(group("a", [], { evaluationTime: 29 }))]).toEqual([true, false]);
});
