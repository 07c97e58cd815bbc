// Limits of a tenant as rows: value, use, refusals.
import type { LimitValue, TenantLimits } from "../api/status";
import { formatBytes, formatCount, formatDuration } from "../time/format";

export interface LimitRow {
  name: string;
  value: string;
  limited: boolean; // Whether it limits anything.
  used?: number;
  most?: number;
  usedText?: string;
}

// As people write it; a limit of 0 is none.
export function limitText(name: string, value: LimitValue): string {
  if (Array.isArray(value)) return value.length ? value.join(", ") : "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") {
    const duration = /^(\d+)ms$/.exec(value);
    if (!duration) return value === "0" ? "no" : value;
    return Number(duration[1]) ? formatDuration(Number(duration[1])) : "no limit";
  }
  if (value === 0) return "no limit";
  return /bytes|size$/.test(name) ? formatBytes(value) : formatCount(value);
}

export function limitRows(limits: TenantLimits): LimitRow[] {
  return Object.entries(limits.config.limits).map(([name, value]) => {
    const used = limits.use[name];
    const most = typeof value === "number" && value > 0 ? value : undefined;
    return {
      name,
      value: limitText(name, value),
      limited: most !== undefined,
      ...(used !== undefined && { used, usedText: formatCount(used) }),
      ...(most !== undefined && { most }),
    };
  });
}

// What is in use first, the fullest before the others, then the order of the documentation.
export function sortRows(rows: readonly LimitRow[]): LimitRow[] {
  const fullness = (row: LimitRow) => (row.used === undefined ? -1 : row.most ? row.used / row.most : 0);
  return rows
    .map((row, index) => ({ row, index }))
    .sort((a, b) => fullness(b.row) - fullness(a.row) || a.index - b.index)
    .map(({ row }) => row);
}
