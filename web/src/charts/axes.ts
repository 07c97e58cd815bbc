// What all charts over time have in common.
import uPlot from "uplot";
import { formatTick } from "../time/instant";
import type { Span } from "../time/range";
import { isUtc } from "../time/zone";
import type { Scheme } from "./scheme";

const FONT = '11px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif';

function axis(scheme: Scheme): uPlot.Axis {
  return {
    stroke: scheme.textSoft,
    font: FONT,
    grid: { stroke: scheme.line, width: 1 },
    ticks: { stroke: scheme.line, width: 1, size: 4 },
    border: { show: false },
  };
}

export function timeAxis(scheme: Scheme): uPlot.Axis {
  return {
    ...axis(scheme),
    space: 70,
    size: 26,
    gap: 4,
    values: (_, splits, __, ___, gap) => splits.map((seconds) => formatTick(seconds * 1000, gap * 1000)),
  };
}

/** Wide enough for the longest of its texts, and the same for most: charts below each other line up. */
export function valueAxis(scheme: Scheme, format: (value: number) => string): uPlot.Axis {
  return {
    ...axis(scheme),
    space: 34,
    gap: 6,
    values: (_, splits) => splits.map((value) => (value === null ? "" : format(value))),
    size: (_, values) => 16 + 6.4 * Math.max(7, ...(values ?? []).map((text) => text?.length ?? 0)),
  };
}

/** All of what was asked for, also where there is nothing to draw at its ends. */
export function timeScale(span: Span): uPlot.Scale {
  return { time: true, range: () => [span.from / 1000, span.to / 1000] };
}

export function zonedDate(seconds: number): Date {
  const date = new Date(seconds * 1000);
  return isUtc() ? uPlot.tzDate(date, "Etc/UTC") : date;
}

/** Above, right, below, left of all charts. */
export const PADDING: uPlot.Padding = [8, 14, 0, 0];

export interface Zoom {
  /** A range was dragged over; milliseconds. */
  onZoom?(from: number, to: number): void;
  /** Back to where it was zoomed from: a double click. */
  onBack?(): void;
}

/** Drag selects a range of time; the plot itself never zooms, the page asks the server anew. */
export function zoomCursor(latest: { readonly current: Zoom }, sync?: string): uPlot.Cursor {
  return {
    drag: { x: true, y: false, setScale: false },
    sync: sync ? { key: sync, setSeries: false } : undefined,
    bind: {
      dblclick: () => () => {
        latest.current.onBack?.();
        return null;
      },
    },
  };
}

export function zoomHook(latest: { readonly current: Zoom }): (plot: uPlot) => void {
  return (plot) => {
    const { left, width } = plot.select;
    if (width < 4) return;
    const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    latest.current.onZoom?.(Math.round(from * 1000), Math.round(to * 1000));
  };
}
