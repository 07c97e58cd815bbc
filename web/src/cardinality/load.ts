// What the page asks: the counts of a day, those of the day before, and those of other tenants.
import { tsdbStatus, type TsdbStatus } from "../api/prometheus";
import { RequestError } from "../api/request";
import { choosableTenants, session } from "../api/session";
import { dayBefore } from "./comparison";
import type { CardinalityState } from "./state";

export interface Counts {
  readonly now: TsdbStatus;
  /** Undefined without a day, or where the server cannot tell. */
  readonly before: TsdbStatus | undefined;
  /** The day that it is compared with. */
  readonly beforeDay: string | undefined;
}

export async function loadCounts(state: CardinalityState, signal: AbortSignal): Promise<Counts> {
  const { day, focus, match, topN } = state;
  const question = { topN, focusLabel: focus || undefined, match: match ? [match] : undefined };
  const beforeDay = day === "" ? undefined : dayBefore(day);
  const [now, before] = await Promise.all([
    tsdbStatus({ ...question, date: day || undefined }, signal),
    beforeDay === undefined ? undefined : tsdbStatus({ ...question, date: beforeDay }, signal).catch(onlyWhenRefused),
  ]);
  // A day without anything says nothing about what is new since.
  return { now, before: before && seriesOf(before) > 0 ? before : undefined, beforeDay };
}

function onlyWhenRefused(error: unknown): undefined {
  if (error instanceof RequestError) return undefined;
  throw error;
}

export function seriesOf(status: TsdbStatus): number {
  return status.totalSeries ?? status.headStats.numSeries;
}

export interface TenantCount {
  readonly tenant: string;
  readonly series: number;
}

/** Series of each tenant that this session may look at; empty where there is no choice. */
export async function loadTenants(day: string, signal: AbortSignal): Promise<TenantCount[]> {
  const names = choosableTenants(await session(signal)).filter((name) => !name.includes("|"));
  const counts = await Promise.all(
    names.map(async (tenant) => ({
      tenant,
      series: seriesOf(await tsdbStatus({ topN: 1, date: day || undefined, tenant }, signal)),
    })),
  );
  return counts.sort((a, b) => b.series - a.series);
}
