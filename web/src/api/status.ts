// What the server says about itself.
import { getJson, RequestError, send } from "./request";

interface Envelope<T> {
  data: T;
}

async function data<T>(path: string, signal: AbortSignal, params?: Record<string, string | number>): Promise<T> {
  return (await getJson<Envelope<T>>(path, { signal, ...(params && { params }) })).data;
}

export interface BuildInfo {
  version: string; // Of the Prometheus API that is spoken.
  revision: string;
}

export interface RuntimeInfo {
  startTime: string;
  CWD: string;
  hostname: string;
  serverTime: string;
  reloadConfigSuccess: boolean;
  lastConfigTime: string;
  storageRetention: string;
}

export interface About {
  build: BuildInfo;
  runtime: RuntimeInfo;
  ready: string; // "" when it is, else why not.
}

async function readiness(signal: AbortSignal): Promise<string> {
  try {
    await send("-/ready", { signal });
    return "";
  } catch (error) {
    if (error instanceof RequestError) return error.message;
    throw error;
  }
}

export async function about(signal: AbortSignal): Promise<About> {
  const [build, runtime, ready] = await Promise.all([
    data<BuildInfo>("api/v1/status/buildinfo", signal),
    data<RuntimeInfo>("api/v1/status/runtimeinfo", signal),
    readiness(signal),
  ]);
  return { build, runtime, ready };
}

export function flags(signal: AbortSignal): Promise<Record<string, string>> {
  return data("api/v1/status/flags", signal);
}

export async function configuration(signal: AbortSignal): Promise<string> {
  return (await data<{ yaml: string }>("api/v1/status/config", signal)).yaml;
}

export async function ownMetricsText(signal: AbortSignal): Promise<string> {
  return (await send("-/metrics", { signal })).text();
}

// --- Limits ---

export type LimitValue = number | string | boolean | string[];

export interface TenantLimits {
  tenant: string;
  config: { retention: string; limits: Record<string, LimitValue>; outbound_allow: string[]; outbound_deny: string[] };
  use: Record<string, number>;
  rejected: Record<string, number>;
}

export function tenantLimits(signal: AbortSignal): Promise<TenantLimits> {
  return data("api/v1/status/tenant_limits", signal);
}

// --- Queries, deletions ---

export interface ActiveQuery {
  id: string | number;
  duration: string; // Seconds, with its unit.
  remote_addr: string;
  language: "promql" | "logql";
  query: string;
  start: number; // Milliseconds.
  end: number;
  step: number;
}

export async function activeQueries(signal: AbortSignal): Promise<ActiveQuery[]> {
  return (await getJson<Envelope<ActiveQuery[]>>("api/v1/status/active_queries", { signal })).data;
}

export interface TopQuery {
  query: string;
  language: "promql" | "logql";
  count: number;
  avgDurationSeconds?: number;
  sumDurationSeconds?: number;
}

export async function costliestQueries(signal: AbortSignal): Promise<TopQuery[]> {
  const answer = await getJson<{ topBySumDuration: TopQuery[] }>("api/v1/status/top_queries", {
    signal,
    params: { topN: 10, maxLifetime: "10m" },
  });
  return answer.topBySumDuration ?? [];
}

export interface LogDeletion {
  request_id: string;
  start_time: number; // Seconds since 1970.
  end_time: number;
  query: string;
  status: string;
  created_at: number;
}

export function logDeletions(signal: AbortSignal): Promise<LogDeletion[]> {
  return getJson("loki/api/v1/delete", { signal });
}
