// A line without axes: how a figure moved while the page was open.
const width = 120;
const height = 16;

// Points of a polyline: all of the width, from 0 to a third more than the largest value, so that what does not move is
// no line at the edge.
export function sparkPoints(values: readonly number[]): string {
  const most = Math.max(...values, 0) * (4 / 3) || 1;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values.map((value, index) => `${(index * step).toFixed(1)},${(height - 1 - (value / most) * (height - 2)).toFixed(1)}`).join(" ");
}

export function Spark(props: { values: readonly number[] }) {
  if (props.values.length < 3 || props.values.every((value) => value === 0)) return null;
  const points = sparkPoints(props.values);
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,${height} ${points} ${width},${height}`} />
      <polyline points={points} />
    </svg>
  );
}

// How much of a bound is used.
export function UseBar(props: { used: number; most: number; label: string }) {
  const share = Math.min(1, props.most > 0 ? props.used / props.most : 0);
  const kind = share > 0.9 ? "bad" : share > 0.75 ? "warn" : "";
  return (
    <div
      class={`use-bar ${kind}`}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      title={`${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`}
    >
      <div style={{ width: `${share * 100}%` }} />
    </div>
  );
}
