// What lies under the pointer of a chart, beside the pointer.
import type uPlot from "uplot";
import { pageHref } from "../shell/router";
import { formatTime } from "../time/format";
import type { Dot } from "./dots";
import { type Signal, useSignal } from "./signal";

export interface Pointed {
  /** CSS pixels in the chart; its width tells on which side there is room. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  /** Unix seconds. */
  readonly time: number;
  readonly name?: string;
  readonly colour?: string;
  readonly value?: string;
  readonly dot?: Dot;
  /** Stays until it is closed or the chart is clicked again, so that its links can be reached. */
  readonly pinned?: boolean;
}

/** A click pins the exemplar under the pointer. */
export function pinOnClick(plot: uPlot, pointed: Signal<Pointed | undefined>): void {
  plot.over.addEventListener("click", () => {
    const now = pointed.value;
    if (now?.pinned) pointed.set(undefined);
    else if (now?.dot) pointed.set({ ...now, pinned: true });
  });
}

/** What the pointer is at now, unless something is pinned. */
export function pointAt(pointed: Signal<Pointed | undefined>, next: Pointed | undefined): void {
  if (!pointed.value?.pinned) pointed.set(next);
}

export function ChartTip({ pointed }: { readonly pointed: Signal<Pointed | undefined> }) {
  const at = useSignal(pointed);
  if (!at) return null;
  const toLeft = at.left > at.width / 2;
  const place = toLeft
    ? { right: `${at.width - at.left + 14}px`, top: `${at.top}px` }
    : { left: `${at.left + 14}px`, top: `${at.top}px` };
  return (
    <div class={`chart-tip${at.pinned ? " pinned" : ""}`} style={place} role="status">
      <div class="soft">{formatTime(at.time * 1000)}</div>
      {at.dot && <strong>Exemplar</strong>}
      {at.value !== undefined && (
        <div class="chart-tip-value">
          {at.colour && <span class="swatch" style={{ background: at.colour }} />}
          <b>{at.value}</b>
        </div>
      )}
      {at.name && <div class="mono">{at.name}</div>}
      {at.dot && <ExemplarLabels dot={at.dot} />}
      {at.dot && !at.pinned && <div class="soft">Click to keep it</div>}
      {at.dot && at.pinned && <ExemplarLinks dot={at.dot} onClose={() => pointed.set(undefined)} />}
    </div>
  );
}

function ExemplarLabels({ dot }: { readonly dot: Dot }) {
  return (
    <dl class="pairs">
      {Object.entries(dot.labels).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="mono">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const AROUND = 900_000;

/** From a trace to the log lines that name it, in whatever service. */
function ExemplarLinks({ dot, onClose }: { readonly dot: Dot; onClose(): void }) {
  const trace = dot.labels.trace_id ?? dot.labels.traceID;
  const iso = (ms: number) => new Date(ms).toISOString();
  const params = {
    q: `{service_name=~".+"} |= ${JSON.stringify(trace)}`,
    from: iso(dot.time * 1000 - AROUND),
    to: iso(dot.time * 1000 + AROUND),
  };
  return (
    <div class="row">
      {trace && <a href={pageHref("logs", params)}>Find its log lines</a>}
      <button class="link" onClick={onClose}>
        Close
      </button>
    </div>
  );
}
