// What the cardinality page shows, all of it in the URL.

export interface CardinalityState {
  /** 2026-01-31 in UTC; empty: series of the last two hours. */
  readonly day: string;
  /** Label whose values are counted; may be empty. */
  readonly focus: string;
  /** Selector that narrows down; may be empty. */
  readonly match: string;
  readonly topN: number;
}

export const TOPS: readonly number[] = [10, 20, 50, 100, 500];

export function readState(params: URLSearchParams): CardinalityState {
  const top = Number(params.get("top"));
  const day = params.get("day") ?? "";
  return {
    day: /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : "",
    focus: params.get("focus") ?? "",
    match: params.get("match") ?? "",
    topN: TOPS.includes(top) ? top : 20,
  };
}

export function writeState({ day, focus, match, topN }: CardinalityState): URLSearchParams {
  const params = new URLSearchParams();
  if (day !== "") params.set("day", day);
  if (focus !== "") params.set("focus", focus);
  if (match !== "") params.set("match", match);
  if (topN !== 20) params.set("top", String(topN));
  return params;
}

/** The selector with one more matcher: a click that looks into one label or value. */
export function narrowed(match: string, matcher: string): string {
  const inside = match
    .trim()
    .replace(/^\{|\}$/g, "")
    .trim();
  if (inside === "") return `{${matcher}}`;
  // A selector that begins with a name keeps it.
  const named = /^([a-zA-Z_:][\w:]*)\s*(?:\{(.*))?$/s.exec(match.trim().replace(/\}$/, ""));
  if (named && !match.trim().startsWith("{"))
    return `${named[1]}{${[named[2]?.trim(), matcher].filter(Boolean).join(", ")}}`;
  return `{${inside}, ${matcher}}`;
}
