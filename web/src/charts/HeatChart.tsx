// Histograms over time: how many observations fell into which bucket, when.
import { useCallback, useMemo, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { Span } from "../time/range";
import { PADDING, timeAxis, timeScale, valueAxis, type Zoom, zonedDate, zoomCursor, zoomHook } from "./axes";
import { ChartTip, pinOnClick, pointAt, type Pointed } from "./ChartTip";
import { type Dot, dotAt, drawDots } from "./dots";
import { type Bucket, density, type HeatMap, labelledRows, rowIndex, rowOf } from "./heat";
import { heatColour } from "./palette";
import type { Scheme } from "./scheme";
import type { Signal } from "./signal";
import { formatValue, type Unit } from "./units";
import { usePlot } from "./usePlot";

export interface HeatChartProps extends Zoom {
  readonly map: HeatMap;
  readonly span: Span;
  /** Seconds: how wide a cell is. It shows what was counted up to its time. */
  readonly step: number;
  /** Of the boundaries. */
  readonly unit: Unit;
  readonly dots: readonly Dot[];
  readonly height: number;
  readonly scheme: Scheme;
  readonly sync: string;
  readonly pointed: Signal<Pointed | undefined>;
}

export function HeatChart(props: HeatChartProps) {
  const latest = useRef(props);
  latest.current = props;
  const { map, span, step, unit, dots, height, scheme, sync } = props;
  const data = useMemo<uPlot.AlignedData>(
    () => [map.columns.map(({ time }) => time), map.columns.map(() => null)],
    [map],
  );
  const build = useCallback(
    (width: number) => options(latest, width),
    [map, span.from, span.to, step, unit, dots, height, scheme, sync],
  );
  const { host } = usePlot(build, data);
  return (
    <div class="chart">
      <div ref={host} class="chart-host" onMouseLeave={() => pointAt(props.pointed, undefined)} />
      <ChartTip pointed={props.pointed} />
      <HeatScale map={map} scheme={scheme} />
    </div>
  );
}

/** What the colours mean. */
function HeatScale({ map, scheme }: { readonly map: HeatMap; readonly scheme: Scheme }) {
  return (
    <div class="heat-scale soft">
      <span>0</span>
      <span class="heat-scale-bar" style={{ background: `linear-gradient(to right, ${scheme.heat.join(", ")})` }} />
      <span>{formatValue(map.most, "count", 3)}</span>
    </div>
  );
}

function options(latest: { readonly current: HeatChartProps }, width: number): uPlot.Options {
  const { map, span, height, scheme, unit, sync } = latest.current;
  const rows = Math.max(1, map.bounds.length - 1);
  return {
    width,
    height,
    padding: PADDING,
    legend: { show: false },
    tzDate: zonedDate,
    scales: { x: timeScale(span), y: { range: () => [0, rows] } },
    axes: [
      { ...timeAxis(scheme), grid: { show: false } },
      {
        ...valueAxis(scheme, (row) => formatValue(map.bounds[row], unit, 3)),
        grid: { show: false },
        splits: (plot) => labelledRows(map.bounds, plot.height / 26),
      },
    ],
    series: [{}, { show: true, paths: () => null, points: { show: false } }],
    cursor: { ...zoomCursor(latest, sync), points: { show: false } },
    hooks: {
      ready: [(plot) => pinOnClick(plot, latest.current.pointed)],
      setSelect: [zoomHook(latest)],
      setCursor: [(plot) => point(plot, latest.current)],
      drawClear: [(plot) => drawCells(plot, latest.current)],
      draw: [(plot) => drawDots(plot, latest.current.dots, scheme.panel, scheme.text, toY(plot, map))],
    },
  };
}

function toY(plot: uPlot, map: HeatMap): (value: number) => number | undefined {
  return (value) => {
    const row = rowOf(value, map.bounds);
    return row === undefined ? undefined : plot.valToPos(row, "y");
  };
}

// The square root: histograms have few full buckets and many sparse ones, which would all look empty otherwise.
function share(bucket: Bucket, rows: ReadonlyMap<number, number>, most: number): number {
  return Math.sqrt(density(bucket, rows) / most);
}

function drawCells(plot: uPlot, { map, step, scheme }: HeatChartProps): void {
  const rows = rowIndex(map.bounds);
  const { ctx } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
  ctx.clip();
  for (const { time, buckets } of map.columns) {
    const left = Math.round(plot.valToPos(time - step, "x", true));
    const right = Math.round(plot.valToPos(time, "x", true));
    for (const bucket of buckets) {
      const top = Math.round(plot.valToPos(rows.get(bucket.high)!, "y", true));
      const bottom = Math.round(plot.valToPos(rows.get(bucket.low)!, "y", true));
      ctx.fillStyle = heatColour(scheme.heat, share(bucket, rows, map.most));
      ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    }
  }
  ctx.restore();
}

function point(plot: uPlot, { map, step, unit, dots, pointed, scheme }: HeatChartProps): void {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0) return pointAt(pointed, undefined);
  const at = { left: left + plot.over.offsetLeft, top: top + plot.over.offsetTop, width: plot.width };
  const dot = dotAt(plot, dots, left, top, toY(plot, map));
  if (dot) return pointAt(pointed, { ...at, time: dot.time, dot, value: formatValue(dot.value, unit) });
  const time = plot.posToVal(left, "x");
  const column = map.columns.find((each) => time > each.time - step && time <= each.time);
  const row = Math.floor(plot.posToVal(top, "y"));
  const [low, high] = [map.bounds[row], map.bounds[row + 1]];
  if (!column || low === undefined || high === undefined) return pointAt(pointed, undefined);
  const bucket = column.buckets.find((each) => each.low <= low && each.high >= high);
  const bounds = bucket ?? { low, high, count: 0 };
  pointAt(pointed, {
    ...at,
    time: column.time,
    name: `${formatValue(bounds.low, unit)} … ${formatValue(bounds.high, unit)}`,
    colour: heatColour(scheme.heat, bucket ? share(bucket, rowIndex(map.bounds), map.most) : 0),
    value: formatValue(bounds.count, "count"),
  });
}
