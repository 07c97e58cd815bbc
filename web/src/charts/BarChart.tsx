// Counts per span of time as stacked bars; a click on a bar or a drag zooms into it.
import { useCallback, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Span } from "../time/range";
import { PADDING, timeAxis, timeScale, valueAxis, type Zoom, zonedDate, zoomCursor, zoomHook } from "./axes";
import { ChartTip, type Pointed } from "./ChartTip";
import { stack } from "./grid";
import type { Scheme } from "./scheme";
import { Signal } from "./signal";
import { formatValue } from "./units";
import { usePlot } from "./usePlot";

export interface BarChartProps extends Zoom {
  /** Unix seconds: the end of each bar's span, which it includes. */
  readonly times: Float64Array;
  /** The lowest first. */
  readonly columns: readonly (number | null)[][];
  readonly names: readonly string[];
  readonly colours: readonly string[];
  /** Seconds: the span of a bar. */
  readonly step: number;
  readonly span: Span;
  readonly height: number;
  readonly scheme: Scheme;
}

export function BarChart(props: BarChartProps) {
  const latest = useRef(props);
  latest.current = props;
  const pointed = useRef(new Signal<Pointed | undefined>(undefined)).current;
  const { times, columns, names, colours, step, span, height, scheme } = props;
  const data = useMemo(() => toData(times, columns, step), [times, columns, step]);
  const build = useCallback(
    (width: number) => options(latest, pointed, width),
    [names.join(), colours.join(), step, span.from, span.to, height, scheme],
  );
  const { host } = usePlot(build, data);
  return (
    <div class="chart">
      <div ref={host} class="chart-host" onMouseLeave={() => pointed.set(undefined)} />
      <ChartTip pointed={pointed} />
    </div>
  );
}

// The topmost sum is drawn first and those below over it: bars need no bands then.
function toData(times: Float64Array, columns: readonly (number | null)[][], step: number): uPlot.AlignedData {
  const middles = Array.from(times, (time) => time - step / 2);
  return [
    middles,
    ...stack(
      columns,
      columns.map(() => true),
    ).reverse(),
  ];
}

function options(
  latest: { readonly current: BarChartProps },
  pointed: Signal<Pointed | undefined>,
  width: number,
): uPlot.Options {
  const { names, colours, span, height, scheme } = latest.current;
  const bars = uPlot.paths.bars!({ size: [0.9, 60], gap: 1 });
  return {
    width,
    height,
    padding: PADDING,
    legend: { show: false },
    tzDate: zonedDate,
    scales: { x: timeScale(span), y: { range: (_, __, max) => [0, Math.max(1, (max ?? 1) * 1.05)] } },
    axes: [
      timeAxis(scheme),
      { ...valueAxis(scheme, (value) => (Number.isInteger(value) ? formatValue(value, "count", 3) : "")), space: 26 },
    ],
    series: [
      {},
      ...names
        .map((label, i) => ({
          label,
          stroke: colours[i],
          fill: colours[i],
          width: 0,
          paths: bars,
          points: { show: false },
        }))
        .reverse(),
    ],
    cursor: { ...zoomCursor(latest), points: { show: false } },
    hooks: {
      setSelect: [zoomHook(latest)],
      setCursor: [(plot) => point(plot, latest.current, pointed)],
      ready: [(plot) => plot.over.addEventListener("click", () => zoomIntoBar(plot, latest.current))],
    },
  };
}

function zoomIntoBar(plot: uPlot, { times, step, onZoom }: BarChartProps): void {
  const { idx } = plot.cursor;
  if (idx === null || idx === undefined || plot.select.width > 0) return;
  const end = times[idx];
  if (end !== undefined) onZoom?.((end - step) * 1000, end * 1000);
}

function point(plot: uPlot, { times, columns, names }: BarChartProps, pointed: Signal<Pointed | undefined>): void {
  const { idx, left = -1, top = -1 } = plot.cursor;
  if (left < 0 || idx === null || idx === undefined) return pointed.set(undefined);
  const counts = names
    .map((name, i) => ({ name, count: columns[i]![idx] ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${name} ${count.toLocaleString("en")}`);
  const at = { left: left + plot.over.offsetLeft, top: top + plot.over.offsetTop, width: plot.width };
  pointed.set({ ...at, time: times[idx]!, name: counts.join("  ") || "no lines" });
}
