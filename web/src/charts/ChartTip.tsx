// What lies under the pointer of a chart, beside the pointer.
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
}

export function ChartTip({ pointed }: { readonly pointed: Signal<Pointed | undefined> }) {
  const at = useSignal(pointed);
  if (!at) return null;
  const toLeft = at.left > at.width / 2;
  const place = toLeft
    ? { right: `${at.width - at.left + 14}px`, top: `${at.top}px` }
    : { left: `${at.left + 14}px`, top: `${at.top}px` };
  return (
    <div class="chart-tip" style={place} role="status">
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
