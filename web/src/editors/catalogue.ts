// The names that the server knows in the range of the page: metrics, labels, values. For completion, hover and the
// metric browser.
import {
  labelNames,
  labelValues,
  type Metadata,
  metadata,
  type FamilyMetadata,
  type Selection,
} from "../api/prometheus";
import { tenant } from "../api/request";
import type { Span } from "../time/range";
import { Memo } from "./memo";

const KEEP = 60_000;
// More is no help to somebody who looks through a list, and slow to draw and to send.
const MOST_NAMES = 50_000;
const MOST_VALUES = 5_000;
const HOUR = 3_600_000;

interface Question {
  readonly label?: string;
  readonly match?: string;
}

export class Catalogue {
  private readonly names = new Memo((key) => this.askNames(key), KEEP);
  private readonly families = new Memo(() => metadata(), KEEP);

  /** `span` says which range the page shows just now. */
  constructor(private readonly span: () => Span) {}

  metricNames(): Promise<string[]> {
    return this.get({ label: "__name__" });
  }

  labelNames(metric?: string): Promise<string[]> {
    return this.get({ match: metric });
  }

  /** `match` is a selector that narrows the series down. */
  labelValues(label: string, match?: string): Promise<string[]> {
    return this.get({ label, match });
  }

  metadata(): Promise<Metadata> {
    return this.families.get(tenant());
  }

  /** Of a series' name: that of its family, where suffixes of histograms and summaries are cut off. */
  async metadataOf(metric: string): Promise<FamilyMetadata | undefined> {
    const all = await this.metadata();
    return (all[metric] ?? all[metric.replace(/_(?:bucket|count|sum|total)$/, "")])?.[0];
  }

  // Whole hours, so that the key stays the same while "now" moves.
  private get(question: Question): Promise<string[]> {
    const { from, to } = this.span();
    const bounds = [Math.floor(from / HOUR) * HOUR, Math.ceil(to / HOUR) * HOUR];
    return this.names.get(JSON.stringify([tenant(), ...bounds, question.label ?? "", question.match ?? ""]));
  }

  private async askNames(key: string): Promise<string[]> {
    const [, from, to, label, match] = JSON.parse(key) as [string, number, number, string, string];
    const limit = label === "" || label === "__name__" ? MOST_NAMES : MOST_VALUES;
    const selection: Selection = { match: match ? [match] : undefined, start: from / 1000, end: to / 1000, limit };
    return [...(label ? await labelValues(label, selection) : await labelNames(selection))];
  }
}
