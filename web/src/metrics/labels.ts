// Label sets as text.

export type Labels = Readonly<Record<string, string>>;

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

export function quote(value: string): string {
  return JSON.stringify(value);
}

/** A label name as a matcher writes it: bare where it can be. */
export function labelName(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quote(name);
}

/** `http_requests_total{code="200"}`, labels by name: what identifies a series on a page, and selects it again. */
export function seriesName(labels: Labels): string {
  const metric = labels.__name__;
  const pairs = Object.keys(labels)
    .filter((name) => name !== "__name__")
    .sort()
    .map((name) => `${labelName(name)}=${quote(labels[name]!)}`);
  if (metric === undefined) return `{${pairs.join(", ")}}`;
  if (!NAME.test(metric)) return `{${[quote(metric), ...pairs].join(", ")}}`;
  return pairs.length > 0 ? `${metric}{${pairs.join(", ")}}` : metric;
}

/** The labels that all have in common: a legend leaves them out of its rows and says them once. */
export function commonLabels(sets: readonly Labels[]): Labels {
  const [first, ...rest] = sets;
  if (!first || rest.length === 0) return {};
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => rest.every((set) => set[name] === value)));
}

export function withoutLabels(labels: Labels, leaveOut: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !(name in leaveOut)));
}
