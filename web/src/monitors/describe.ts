// Monitors in a few words.
import type { Downtime, Monitor, MonitorAlert } from "../api/control";
import { formatDuration } from "../time/format";

const types: Record<Monitor["type"], string> = {
  host: "Host metric",
  connectivity: "Connectivity",
  service: "Service metric",
  external: "External",
  expression: "Expression",
  anomalyDetection: "Anomaly",
  query: "Query",
};

export function typeName(monitor: Monitor): string {
  return types[monitor.type] ?? monitor.type;
}

function thresholds(monitor: Monitor): string {
  const sign = monitor.operator ?? ">";
  const parts = [];
  if (typeof monitor.warning === "number") parts.push(`${sign} ${monitor.warning} warns`);
  if (typeof monitor.critical === "number") parts.push(`${sign} ${monitor.critical} is critical`);
  return parts.join(", ");
}

function milliseconds(warning: number | undefined, critical: number | undefined): string {
  const parts = [];
  if (warning !== undefined) parts.push(`> ${warning} ms warns`);
  if (critical !== undefined) parts.push(`> ${critical} ms is critical`);
  return parts.join(", ");
}

// When it alerts: "> 4 warns, > 8 is critical, mean of 3 points".
export function condition(monitor: Monitor): string {
  switch (monitor.type) {
    case "connectivity":
      return "no values any more";
    case "external":
      return ["no good answer", milliseconds(monitor.responseTimeWarning, monitor.responseTimeCritical)].filter(Boolean).join("; ");
    case "host":
    case "service":
      return [thresholds(monitor), monitor.duration && monitor.duration > 1 ? `mean of ${monitor.duration} points` : ""]
        .filter(Boolean)
        .join(", ");
    default:
      return thresholds(monitor);
  }
}

// What it looks at: a metric, an address, an expression.
export function subject(monitor: Monitor): string {
  switch (monitor.type) {
    case "host":
      return monitor.metric ?? "";
    case "service":
      return `${monitor.service ?? ""}: ${monitor.metric ?? ""}`;
    case "external":
      return `${monitor.method ?? "GET"} ${monitor.url ?? ""}`;
    case "expression":
      return monitor.expression ?? "";
    case "query":
      return monitor.query ?? "";
    default:
      return "";
  }
}

const gravity = { CRITICAL: 0, UNKNOWN: 1, WARNING: 2, OK: 3 };

// The gravest status of the monitor's open alerts; OK without one.
export function statusOf(monitor: Monitor, open: readonly MonitorAlert[]): MonitorAlert["status"] {
  return open
    .filter((alert) => alert.monitorId === monitor.id)
    .reduce<MonitorAlert["status"]>((worst, { status }) => (gravity[status] < gravity[worst] ? status : worst), "OK");
}

// Those with grave alerts first, muted ones last, then by name.
export function sortMonitors(monitors: readonly Monitor[], open: readonly MonitorAlert[]): Monitor[] {
  const rank = (monitor: Monitor) => gravity[statusOf(monitor, open)] + (monitor.isMute ? 10 : 0);
  return [...monitors].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

export function statusKind(status: MonitorAlert["status"]): "good" | "warn" | "bad" {
  if (status === "OK") return "good";
  return status === "WARNING" ? "warn" : "bad";
}

// "for 1h from 2026-…, every week": the time itself is written by the caller.
export function repetition(downtime: Downtime): string {
  const length = formatDuration(downtime.duration * 60_000);
  if (!downtime.recurrence) return `${length}, once`;
  const { type, interval } = downtime.recurrence;
  return `${length}, ${interval > 1 ? `every ${interval}, ${type}` : type}`;
}
