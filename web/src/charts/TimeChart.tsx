// Lines over time: tens of thousands of points, zoom by drag, what lies under the pointer.
import { useCallback, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Span } from "../time/range";
import { PADDING, timeAxis, timeScale, valueAxis, type Zoom, zonedDate, zoomCursor, zoomHook } from "./axes";
import { ChartTip, pinOnClick, pointAt, type Pointed } from "./ChartTip";
import { type Dot, dotAt, drawDots } from "./dots";
import { stack } from "./grid";
import { withAlpha } from "./palette";
import type { Scheme } from "./scheme";
import type { Signal } from "./signal";
import { formatValue, isBinary, type Unit } from "./units";
import { usePlot } from "./usePlot";

export interface ChartSeries {
  readonly name: string;
  readonly colour: string;
  readonly shown: boolean;
}

export interface TimeChartProps extends Zoom {
  readonly times: Float64Array;
  readonly columns: readonly (number | null)[][];
  readonly series: readonly ChartSeries[];
  readonly span: Span;
  readonly unit: Unit;
  readonly stacked: boolean;
  readonly log: boolean;
  readonly dots: readonly Dot[];
  readonly height: number;
  readonly scheme: Scheme;
  /** Charts with the same key move their pointers together. */
  readonly sync: string;
  /** The place on the grid of times that the pointer is at. */
  readonly cursor: Signal<number | undefined>;
  readonly pointed: Signal<Pointed | undefined>;
}

// Beyond so many lines, dimming all but one at every move of the pointer costs more than it shows.
const MOST_FOCUSED = 20;

export function TimeChart(props: TimeChartProps) {
  const latest = useRef(props);
  latest.current = props;
  const { times, columns, series, stacked, log, scheme, span, unit, height, sync } = props;

  const data = useMemo(() => toData(times, columns, series, stacked, log), [times, columns, series, stacked, log]);
  const build = useCallback(
    (width: number) => options(latest, width),
    [series, stacked, log, scheme, span.from, span.to, unit, height, sync],
  );
  const { host } = usePlot(build, data);
  return (
    <div class="chart">
      <div ref={host} class="chart-host" onMouseLeave={() => pointAt(props.pointed, undefined)} />
      <ChartTip pointed={props.pointed} />
    </div>
  );
}

function toData(
  times: Float64Array,
  columns: readonly (number | null)[][],
  series: readonly ChartSeries[],
  stacked: boolean,
  log: boolean,
): uPlot.AlignedData {
  const shown = series.map((each) => each.shown);
  const drawn = stacked ? stack(columns, shown) : columns;
  // A logarithm has no place for zero: the line breaks there.
  const positive = log
    ? drawn.map((column) => column.map((value) => (value !== null && value > 0 ? value : null)))
    : drawn;
  return [times as unknown as number[], ...positive] as uPlot.AlignedData;
}

function options(latest: { readonly current: TimeChartProps }, width: number): uPlot.Options {
  const { series, stacked, log, scheme, span, unit, height, sync } = latest.current;
  const cursor = zoomCursor(latest, sync);
  const many = series.length > MOST_FOCUSED;
  return {
    width,
    height,
    padding: PADDING,
    legend: { show: false },
    tzDate: zonedDate,
    scales: { x: timeScale(span), y: log ? { distr: 3 } : { range: yRange(stacked) } },
    axes: [
      timeAxis(scheme),
      {
        ...valueAxis(scheme, (value) => formatValue(value, unit, 3)),
        incrs: isBinary(unit) && !log ? BINARY_STEPS : undefined,
      },
    ],
    series: [{}, ...series.map((each) => line(each, stacked))],
    bands: stacked ? bandsOf(series) : undefined,
    cursor: { ...cursor, focus: many ? undefined : { prox: 24 }, points: many ? { show: false } : { size: 6 } },
    focus: { alpha: many ? 1 : 0.35 },
    hooks: {
      ready: [(plot) => pinOnClick(plot, latest.current.pointed)],
      setSelect: [zoomHook(latest)],
      setCursor: [(plot) => point(plot, latest.current)],
      draw: [
        (plot) => drawDots(plot, latest.current.dots, scheme.panel, scheme.text, (value) => plot.valToPos(value, "y")),
      ],
    },
  };
}

function line({ name, colour, shown }: ChartSeries, stacked: boolean): uPlot.Series {
  return {
    label: name,
    stroke: colour,
    fill: stacked ? withAlpha(colour, 0.45) : undefined,
    width: stacked ? 1 : 1.5,
    show: shown,
    spanGaps: false,
  };
}

// A line fills down to the next one below it that is shown; the lowest down to zero.
function bandsOf(series: readonly ChartSeries[]): uPlot.Band[] {
  const shown = series.map((each, i) => (each.shown ? i + 1 : 0)).filter((i) => i > 0);
  return shown.slice(1).map((i, at) => ({ series: [i, shown[at]!] }));
}

function yRange(stacked: boolean): uPlot.Range.Function {
  return (_, min, max) => {
    if (min === null || max === null || !Number.isFinite(min)) return [0, 1];
    if (min === max) return min === 0 ? [0, 1] : [Math.min(0, min * 1.1), Math.max(0, max * 1.1)];
    const low = stacked || (min > 0 && min < max / 2) ? Math.min(0, min) : min - (max - min) * 0.06;
    return [low, max + (max - min) * 0.06];
  };
}

const BINARY_STEPS = Array.from({ length: 60 }, (_, i) => 2 ** i);

function point(plot: uPlot, { cursor, pointed, dots, series, unit, columns, times }: TimeChartProps): void {
  const { idx, left = -1, top = -1 } = plot.cursor;
  cursor.set(idx ?? undefined);
  if (left < 0 || idx === null || idx === undefined) return pointAt(pointed, undefined);
  const dot = dotAt(plot, dots, left, top, (value) => plot.valToPos(value, "y"));
  const at = { left: left + plot.over.offsetLeft, top: top + plot.over.offsetTop, width: plot.width };
  if (dot) return pointAt(pointed, { ...at, time: dot.time, dot, value: formatValue(dot.value, unit) });
  const nearest = nearestSeries(plot, series, idx, top);
  if (nearest === undefined) return pointAt(pointed, { ...at, time: times[idx]! });
  const { name, colour } = series[nearest]!;
  pointAt(pointed, { ...at, time: times[idx]!, name, colour, value: formatValue(columns[nearest]![idx], unit) });
}

/** The shown series whose line is nearest to the pointer at this time. */
function nearestSeries(plot: uPlot, series: readonly ChartSeries[], index: number, top: number): number | undefined {
  let [nearest, least] = [undefined as number | undefined, Infinity];
  series.forEach(({ shown }, i) => {
    const value = plot.data[i + 1]?.[index];
    if (!shown || value === null || value === undefined) return;
    const distance = Math.abs(plot.valToPos(value, "y") - top);
    if (distance < least) [nearest, least] = [i, distance];
  });
  return nearest;
}
