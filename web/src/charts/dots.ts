// Exemplars as dots over a chart.
import type uPlot from "uplot";

export interface Dot {
  /** Unix seconds. */
  readonly time: number;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly series: Readonly<Record<string, string>>;
}

const RADIUS = 4;
const REACH = 9;

/** Where a dot lies in CSS pixels of the plotting area. A value beyond the axis is drawn at its edge. */
export function placeOf(
  plot: uPlot,
  dot: Dot,
  toY: (value: number) => number | undefined,
): readonly [number, number] | undefined {
  const y = toY(dot.value);
  if (y === undefined) return undefined;
  const height = plot.over.clientHeight;
  return [plot.valToPos(dot.time, "x"), Math.min(height - RADIUS, Math.max(RADIUS, y))];
}

export function drawDots(
  plot: uPlot,
  dots: readonly Dot[],
  fill: string,
  edge: string,
  toY: (value: number) => number | undefined,
): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.translate(plot.bbox.left, plot.bbox.top);
  ctx.scale(ratio, ratio);
  ctx.fillStyle = fill;
  ctx.strokeStyle = edge;
  for (const dot of dots) {
    const place = placeOf(plot, dot, toY);
    if (!place || place[0] < 0 || place[0] > plot.over.clientWidth) continue;
    ctx.beginPath();
    ctx.moveTo(place[0], place[1] - RADIUS);
    ctx.lineTo(place[0] + RADIUS, place[1]);
    ctx.lineTo(place[0], place[1] + RADIUS);
    ctx.lineTo(place[0] - RADIUS, place[1]);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

/** The dot within reach of the pointer that is nearest to it. */
export function dotAt(
  plot: uPlot,
  dots: readonly Dot[],
  x: number,
  y: number,
  toY: (value: number) => number | undefined,
): Dot | undefined {
  let [nearest, least] = [undefined as Dot | undefined, REACH * REACH];
  for (const dot of dots) {
    const place = placeOf(plot, dot, toY);
    if (!place) continue;
    const distance = (place[0] - x) ** 2 + (place[1] - y) ** 2;
    if (distance < least) [nearest, least] = [dot, distance];
  }
  return nearest;
}
