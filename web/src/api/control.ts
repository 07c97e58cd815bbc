// What the server does without being asked: scrapes, rules, monitors.
import { getJson } from "./request";

interface Envelope<T> {
  data: T;
}

export type LabelSet = Readonly<Record<string, string>>;

// --- Targets ---

export interface Target {
  scrapePool: string;
  scrapeUrl: string;
  labels: LabelSet;
  discoveredLabels: LabelSet;
  health: "up" | "down" | "unknown";
  lastError: string;
  lastScrape: string;
  lastScrapeDuration: number; // Seconds.
  scrapeInterval: string;
  scrapeTimeout: string;
}

export interface DroppedTarget {
  scrapePool: string;
  discoveredLabels: LabelSet;
}

export interface Targets {
  activeTargets: Target[];
  droppedTargets: DroppedTarget[];
  droppedTargetCounts: Record<string, number>;
}

export async function targets(signal: AbortSignal): Promise<Targets> {
  return (await getJson<Envelope<Targets>>("api/v1/targets", { signal })).data;
}

// --- Rules and alerts ---

export type AlertState = "firing" | "pending" | "inactive";

export interface Alert {
  labels: LabelSet;
  annotations: LabelSet;
  state: AlertState;
  activeAt: string;
  value: string;
}

export interface Rule {
  type: "alerting" | "recording";
  name: string;
  query: string;
  health: "ok" | "err" | "unknown";
  lastError?: string;
  evaluationTime: number; // Seconds.
  lastEvaluation: string;
  labels?: LabelSet;
  state?: AlertState;
  duration?: number; // Seconds: `for`.
  annotations?: LabelSet;
  alerts?: Alert[];
}

export interface RuleGroup {
  name: string;
  file: string;
  interval: number; // Seconds.
  limit: number;
  evaluationTime: number; // Seconds.
  lastEvaluation: string;
  rules: Rule[];
}

export async function ruleGroups(signal: AbortSignal): Promise<RuleGroup[]> {
  return (await getJson<Envelope<{ groups: RuleGroup[] }>>("api/v1/rules", { signal })).data.groups;
}

export async function alertmanagers(signal: AbortSignal): Promise<string[]> {
  const answer = await getJson<Envelope<{ activeAlertmanagers: { url: string }[] }>>("api/v1/alertmanagers", { signal });
  return answer.data.activeAlertmanagers.map(({ url }) => url);
}

// --- Monitors (Mackerel's v0 API) ---

export interface Monitor {
  id: string;
  type: "host" | "connectivity" | "service" | "external" | "expression" | "anomalyDetection" | "query";
  name: string;
  memo?: string;
  isMute?: boolean;
  metric?: string;
  service?: string;
  operator?: ">" | "<";
  warning?: number | null;
  critical?: number | null;
  duration?: number;
  maxCheckAttempts?: number;
  notificationInterval?: number;
  scopes?: string[];
  excludeScopes?: string[];
  url?: string;
  method?: string;
  expression?: string;
  query?: string;
  legend?: string;
  responseTimeWarning?: number;
  responseTimeCritical?: number;
  missingDurationWarning?: number;
  missingDurationCritical?: number;
}

export interface MonitorAlert {
  id: string;
  status: "OK" | "WARNING" | "CRITICAL" | "UNKNOWN";
  monitorId: string;
  type: string;
  hostId?: string;
  value?: number;
  message?: string;
  reason?: string;
  openedAt: number; // Seconds since 1970.
  closedAt?: number;
}

export interface Host {
  id: string;
  name: string;
  status: string;
  roles: Record<string, string[]>;
}

export interface Downtime {
  id: string;
  name: string;
  memo?: string;
  start: number; // Seconds since 1970.
  duration: number; // Minutes.
  recurrence?: { type: string; interval: number; until?: number };
}

export interface Channel {
  id: string;
  type: string;
  name: string;
  suspendedAt?: number | null;
}

export interface Monitoring {
  monitors: Monitor[];
  open: MonitorAlert[];
  closed: MonitorAlert[]; // The latest ones.
  hosts: Host[];
  downtimes: Downtime[];
  channels: Channel[];
}

// All of it: a tenant has at most some thousands.
export async function monitoring(signal: AbortSignal): Promise<Monitoring> {
  const get = <T>(path: string) => getJson<T>(`api/v0/${path}`, { signal });
  const [monitors, alerts, hosts, downtimes, channels] = await Promise.all([
    get<{ monitors: Monitor[] }>("monitors"),
    get<{ alerts: MonitorAlert[] }>("alerts?withClosed=true&limit=100"),
    get<{ hosts: Host[] }>("hosts"),
    get<{ downtimes: Downtime[] }>("downtimes"),
    get<{ channels: Channel[] }>("channels"),
  ]);
  const open = (await get<{ alerts: MonitorAlert[] }>("alerts?limit=100")).alerts;
  return {
    monitors: monitors.monitors,
    open,
    closed: alerts.alerts.filter((alert) => alert.closedAt !== undefined || alert.status === "OK"),
    hosts: hosts.hosts,
    downtimes: downtimes.downtimes,
    channels: channels.channels,
  };
}
