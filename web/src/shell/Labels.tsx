import type { LabelSet } from "../api/control";

// Labels as small tags, sorted by name, without those that stand elsewhere already.
export function Labels(props: { labels: LabelSet | undefined; without?: readonly string[] }) {
  const names = Object.keys(props.labels ?? {})
    .filter((name) => !props.without?.includes(name))
    .sort();
  return (
    <>
      {names.map((name) => (
        <span class="label" key={name}>
          <b>{name}=</b>
          {props.labels![name]}
        </span>
      ))}
    </>
  );
}

// Whether any of the texts holds every word of the filter, whatever its case.
export function matchesFilter(filter: string, texts: readonly (string | undefined)[]): boolean {
  const all = texts.join("\n").toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

export function labelTexts(labels: LabelSet | undefined): string[] {
  return Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`);
}
