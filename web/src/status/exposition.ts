// The server's own metrics: Prometheus' text format, as far as it writes it.

export interface OwnSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export function readExposition(text: string): OwnSample[] {
  const samples: OwnSample[] = [];
  for (const line of text.split("\n")) {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/.exec(line);
    if (!found) continue;
    const labels: Record<string, string> = {};
    for (const [, name, value] of (found[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      labels[name!] = value!.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
    }
    samples.push({ name: found[1]!, labels, value: readValue(found[3]!) });
  }
  return samples;
}

function readValue(text: string): number {
  if (text === "+Inf") return Infinity;
  return text === "-Inf" ? -Infinity : Number(text);
}

// The metrics at one moment.
export class OwnMetrics {
  private readonly byName = new Map<string, OwnSample[]>();

  constructor(
    samples: readonly OwnSample[],
    readonly at: number, // Milliseconds since 1970.
  ) {
    for (const sample of samples) {
      const same = this.byName.get(sample.name);
      if (same) same.push(sample);
      else this.byName.set(sample.name, [sample]);
    }
  }

  // Sum over the series of the name; undefined when this process has none.
  sum(name: string, wanted: Record<string, string> = {}): number | undefined {
    const samples = this.byName.get(name);
    if (!samples) return undefined;
    return samples
      .filter(({ labels }) => Object.entries(wanted).every(([label, value]) => labels[label] === value))
      .reduce((sum, { value }) => sum + value, 0);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  // What a histogram's observations took on average, in its unit.
  mean(name: string): number | undefined {
    const count = this.sum(`${name}_count`);
    return count ? this.sum(`${name}_sum`)! / count : undefined;
  }
}

// Growth a second between two moments; undefined without a past, 0 after a restart.
export function rate(now: OwnMetrics, past: OwnMetrics | undefined, name: string): number | undefined {
  const current = now.sum(name);
  const before = past?.sum(name);
  if (current === undefined || before === undefined || !past || now.at <= past.at) return undefined;
  return Math.max(0, current - before) / ((now.at - past.at) / 1000);
}
