// The queries that were run in this browser, the latest first. They stay here: nothing of it is sent.

const LIMIT = 100;
const LONGEST = 4096;

/** What of the browser is needed: localStorage, or something like it. */
export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export class QueryHistory {
  constructor(
    private readonly key: string,
    private readonly store: Store,
  ) {}

  list(): string[] {
    try {
      const parsed: unknown = JSON.parse(this.store.getItem(this.key) ?? "[]");
      return Array.isArray(parsed)
        ? parsed.filter((entry): entry is string => typeof entry === "string").slice(0, LIMIT)
        : [];
    } catch {
      return [];
    }
  }

  /** A query that was there moves to the front. Very long ones are not kept. */
  add(query: string): void {
    const text = query.trim();
    if (text === "" || text.length > LONGEST) return;
    this.write([text, ...this.list().filter((entry) => entry !== text)].slice(0, LIMIT));
  }

  clear(): void {
    this.write([]);
  }

  // A full or forbidden storage costs the history, not the page.
  private write(entries: readonly string[]): void {
    try {
      this.store.setItem(this.key, JSON.stringify(entries));
    } catch {
      return;
    }
  }
}
