// Search in the names and helps of metrics.
import type { Metadata, FamilyMetadata } from "../api/prometheus";

export interface FoundMetric {
  readonly name: string;
  readonly family: FamilyMetadata | undefined;
}

/** Of a series name, also by the name of its family. */
export function familyOf(name: string, metadata: Metadata): FamilyMetadata | undefined {
  return (metadata[name] ?? metadata[name.replace(/_(?:bucket|count|sum|total)$/, "")])?.[0];
}

/**
 * Metrics with all words of the search in name or help, the best first: whole name, then names that begin with it, names
 * with all words, and those where the help has them.
 */
export function searchMetrics(names: readonly string[], metadata: Metadata, search: string): FoundMetric[] {
  const text = search.trim().toLowerCase();
  const words = text.split(/\s+/).filter((word) => word !== "");
  const ranked: (FoundMetric & { rank: number })[] = [];
  for (const name of names) {
    const family = familyOf(name, metadata);
    const rank = rankOf(name.toLowerCase(), family?.help.toLowerCase() ?? "", text, words);
    if (rank !== undefined) ranked.push({ name, family, rank });
  }
  return ranked
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
    .map(({ name, family }) => ({ name, family }));
}

function rankOf(name: string, help: string, text: string, words: readonly string[]): number | undefined {
  if (words.length === 0) return 0;
  if (name === text) return 0;
  if (name.startsWith(text)) return 1;
  if (words.every((word) => name.includes(word))) return 2;
  return words.every((word) => name.includes(word) || help.includes(word)) ? 3 : undefined;
}
