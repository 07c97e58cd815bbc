// Answers that are asked for again and again while somebody types: kept for a while, a bounded number of them.

interface Kept<T> {
  readonly answer: Promise<T>;
  readonly until: number;
}

/** The clock is milliseconds since any time. A failed answer is not kept. */
export class Memo<T> {
  private readonly kept = new Map<string, Kept<T>>();

  constructor(
    private readonly ask: (key: string) => Promise<T>,
    private readonly keepFor: number,
    private readonly most = 200,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  get(key: string): Promise<T> {
    const known = this.kept.get(key);
    if (known && known.until > this.clock()) return known.answer;
    const answer = this.ask(key);
    this.kept.delete(key);
    this.kept.set(key, { answer, until: this.clock() + this.keepFor });
    answer.catch(() => this.kept.delete(key));
    if (this.kept.size > this.most) this.kept.delete(this.kept.keys().next().value!);
    return answer;
  }
}
