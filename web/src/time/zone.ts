// The zone that times are shown in: the browser's, or UTC, which everybody in a call shares. A choice of this browser.

const STORED = "tidegate-utc";
const listeners = new Set<() => void>();

// Unit tests run without a browser.
const store = typeof localStorage === "undefined" ? undefined : localStorage;
let utc = store?.getItem(STORED) === "1";

export function isUtc(): boolean {
  return utc;
}

export function setUtc(next: boolean): void {
  utc = next;
  store?.setItem(STORED, next ? "1" : "0");
  for (const listener of [...listeners]) listener();
}

/** Tells when the zone changes. Returns how to stop. */
export function onZoneChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Months count from one. */
export function partsOf(ms: number): Parts {
  const shifted = new Date(utc ? ms : ms - new Date(ms).getTimezoneOffset() * 60_000);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}
