// How far the points of a range query lie apart. All in milliseconds.
import { exactDuration, readDuration } from "./duration";
import type { Span } from "./range";

export type StepChoice =
  | { readonly kind: "auto" }
  | { readonly kind: "points"; readonly points: number }
  | { readonly kind: "fixed"; readonly step: number };

/** The server refuses more steps than this. */
export const MAX_POINTS = 11_000;

const ROUND_STEPS: readonly number[] = [
  "1s",
  "2s",
  "5s",
  "10s",
  "15s",
  "30s",
  "1m",
  "2m",
  "5m",
  "10m",
  "15m",
  "30m",
  "1h",
  "2h",
  "3h",
  "6h",
  "12h",
  "1d",
  "7d",
].map((text) => readDuration(text)!);

/** The step for a span on a graph that is `width` pixels wide. */
export function stepFor(choice: StepChoice, span: Span, width: number): number {
  const length = Math.max(1, span.to - span.from);
  const least = Math.ceil(length / (MAX_POINTS - 1));
  switch (choice.kind) {
    case "fixed":
      return Math.max(choice.step, 1);
    case "points":
      return Math.max(Math.ceil(length / Math.max(1, choice.points)), least, 1);
    case "auto":
      return Math.max(roundUp(length / autoPoints(width)), least);
  }
}

// A point every other pixel shows all that the eye can tell apart; short ranges are not asked for below a second.
function autoPoints(width: number): number {
  return Math.min(1000, Math.max(100, Math.floor(width / 2)));
}

function roundUp(step: number): number {
  return ROUND_STEPS.find((round) => round >= step) ?? Math.ceil(step / 86_400_000) * 86_400_000;
}

/** Moves both ends to multiples of the step, so that a refresh does not make the whole graph flicker. */
export function alignSpan(span: Span, step: number): Span {
  return { from: Math.floor(span.from / step) * step, to: Math.floor(span.to / step) * step };
}

/** Why a step cannot be asked for, in words for people; undefined when it can. */
export function stepProblem(step: number, span: Span): string | undefined {
  const points = Math.floor((span.to - span.from) / step) + 1;
  if (points <= MAX_POINTS) return undefined;
  const least = exactDuration(Math.ceil((span.to - span.from) / (MAX_POINTS - 1) / 1000) * 1000);
  return `a step of ${exactDuration(step)} makes ${points.toLocaleString("en")} points, the most is ${MAX_POINTS.toLocaleString("en")}: use ${least} or more, or a shorter range`;
}

/** auto, "500p" or "15s". */
export function writeStep(choice: StepChoice): string {
  if (choice.kind === "auto") return "auto";
  return choice.kind === "points" ? `${choice.points}p` : exactDuration(choice.step);
}

export function readStep(text: string | null): StepChoice {
  const points = /^(\d{1,5})p$/.exec(text ?? "");
  if (points) return { kind: "points", points: Math.min(MAX_POINTS, Math.max(1, Number(points[1]))) };
  const step = readDuration(text ?? "");
  return step === undefined ? { kind: "auto" } : { kind: "fixed", step };
}
