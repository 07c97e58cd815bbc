// Numbers as people read them: 1.5 GiB, 230 ms, 12k/s.

/** `count` is a number without a unit. `/s` forms are rates. */
export type Unit =
  "count" | "seconds" | "bytes" | "ratio" | "percent" | "count/s" | "bytes/s" | "timestamp" | "celsius" | "unknown";

const SI: readonly [number, string][] = [
  [1e15, "P"],
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];
const SMALL: readonly [number, string][] = [
  [1, ""],
  [1e-3, "m"],
  [1e-6, "µ"],
  [1e-9, "n"],
];
const BINARY: readonly [number, string][] = [
  [2 ** 50, "PiB"],
  [2 ** 40, "TiB"],
  [2 ** 30, "GiB"],
  [2 ** 20, "MiB"],
  [2 ** 10, "KiB"],
];

/** At most `digits` significant digits, no trailing zeros. */
function digitsOf(value: number, digits: number): string {
  if (value === 0) return "0";
  return String(Number(value.toPrecision(digits)));
}

function scaled(value: number, steps: readonly [number, string][], digits: number, gap = ""): string | undefined {
  const size = Math.abs(value);
  const step = steps.find(([least]) => size >= least);
  return step && `${digitsOf(value / step[0], digits)}${gap}${step[1]}`;
}

// Below one with zeros and not with prefixes: "310m" reads like millions.
function count(value: number, digits: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size < 1e-4) return value.toExponential(2);
  return scaled(value, SI, digits) ?? digitsOf(value, digits);
}

function bytes(value: number, digits: number): string {
  return scaled(value, BINARY, digits, " ") ?? `${digitsOf(value, digits)} B`;
}

function seconds(value: number, digits: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0 s";
  if (size < 1)
    return scaled(value, SMALL, digits, " ") === undefined
      ? `${value.toExponential(2)} s`
      : `${scaled(value, SMALL, digits, " ")}s`;
  if (size < 120) return `${digitsOf(value, digits)} s`;
  if (size < 7200) return `${digitsOf(value / 60, digits)} min`;
  if (size < 172_800) return `${digitsOf(value / 3600, digits)} h`;
  return `${digitsOf(value / 86_400, digits)} d`;
}

/** A value for an axis, a legend or a tooltip. */
export function formatValue(value: number | null | undefined, unit: Unit, digits = 4): string {
  if (value === null || value === undefined) return "–";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  switch (unit) {
    case "bytes":
      return bytes(value, digits);
    case "bytes/s":
      return `${bytes(value, digits)}/s`;
    case "count/s":
      return `${count(value, digits)}/s`;
    case "seconds":
      return seconds(value, digits);
    case "ratio":
      return `${digitsOf(value * 100, digits)} %`;
    case "percent":
      return `${digitsOf(value, digits)} %`;
    case "celsius":
      return `${digitsOf(value, digits)} °C`;
    case "timestamp":
      return new Date(value * 1000).toISOString().replace(".000Z", "Z");
    default:
      return count(value, digits);
  }
}

/** What stands beside an axis. */
export function unitTitle(unit: Unit): string {
  return {
    count: "",
    unknown: "",
    seconds: "time",
    bytes: "bytes",
    ratio: "share",
    percent: "percent",
    "count/s": "per second",
    "bytes/s": "bytes per second",
    timestamp: "time",
    celsius: "degrees",
  }[unit];
}

/** Whether an axis of this unit wants ticks at powers of two. */
export function isBinary(unit: Unit): boolean {
  return unit === "bytes" || unit === "bytes/s";
}
