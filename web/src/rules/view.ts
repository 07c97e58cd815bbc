// What the page shows of rules and alerts: pure functions over the API's answers.
import type { Alert, AlertState, Rule, RuleGroup } from "../api/control";
import { labelTexts, matchesFilter } from "../shell/Labels";

export interface NamedAlerts {
  name: string;
  rule: Rule;
  group: RuleGroup;
  alerts: Alert[]; // Firing ones first, then the longest active.
}

const order: Record<AlertState, number> = { firing: 0, pending: 1, inactive: 2 };

function compare(a: Alert, b: Alert): number {
  return order[a.state] - order[b.state] || a.activeAt.localeCompare(b.activeAt);
}

// Rules with active alerts that fit, those with firing ones first.
export function activeAlerts(groups: readonly RuleGroup[], state: string, filter: string): NamedAlerts[] {
  const found: NamedAlerts[] = [];
  for (const group of groups) {
    for (const rule of group.rules) {
      const alerts = (rule.alerts ?? []).filter(
        (alert) =>
          alert.state !== "inactive" &&
          (state === "" || alert.state === state) &&
          matchesFilter(filter, [rule.name, ...labelTexts(alert.labels), ...Object.values(alert.annotations)]),
      );
      if (alerts.length) found.push({ name: rule.name, rule, group, alerts: alerts.sort(compare) });
    }
  }
  return found.sort((a, b) => compare(a.alerts[0]!, b.alerts[0]!));
}

export type RuleKind = "" | "failing" | "alerting" | "recording";

export function fits(rule: Rule, kind: RuleKind): boolean {
  if (kind === "failing") return rule.health === "err";
  return kind === "" || rule.type === kind;
}

// Groups with the rules that fit, without groups that have none; those with failing rules first, the others in the
// order of the answer (by file and name).
export function shownGroups(groups: readonly RuleGroup[], kind: RuleKind, filter: string): RuleGroup[] {
  return groups
    .map((group) => ({
      ...group,
      rules: group.rules.filter(
        (rule) =>
          fits(rule, kind) &&
          matchesFilter(filter, [rule.name, rule.query, rule.lastError, group.name, group.file, ...labelTexts(rule.labels)]),
      ),
    }))
    .filter((group) => group.rules.length > 0)
    .sort((a, b) => Number(isFailing(b)) - Number(isFailing(a)));
}

export function isFailing(group: RuleGroup): boolean {
  return group.rules.some((rule) => rule.health === "err");
}

export interface Counts {
  firing: number;
  pending: number;
  rules: number;
  failing: number;
  alerting: number;
  recording: number;
}

export function countAll(groups: readonly RuleGroup[]): Counts {
  const rules = groups.flatMap((group) => group.rules);
  const alerts = rules.flatMap((rule) => rule.alerts ?? []);
  const of = (kind: RuleKind) => rules.filter((rule) => fits(rule, kind)).length;
  return {
    firing: alerts.filter(({ state }) => state === "firing").length,
    pending: alerts.filter(({ state }) => state === "pending").length,
    rules: rules.length,
    failing: of("failing"),
    alerting: of("alerting"),
    recording: of("recording"),
  };
}

// "0e+00", as alerts have their values, as people write it.
export function plainValue(text: string): string {
  const value = Number(text);
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : text;
}

// Whether a group takes more than half of its interval: the next one may come late.
export function isSlow(group: RuleGroup): boolean {
  return group.interval > 0 && group.evaluationTime > group.interval / 2;
}
