// Where the rows of a long list lie, when rows differ in height and most of them were never drawn. Undrawn rows count
// with an estimate. All operations take O(log n): a Fenwick tree over the heights.

export class RowHeights {
  private readonly heights: Float64Array;
  private readonly tree: Float64Array;

  constructor(
    readonly count: number,
    estimate: number,
  ) {
    this.heights = new Float64Array(count).fill(estimate);
    this.tree = new Float64Array(count + 1);
    for (let i = 1; i <= count; i++) {
      this.tree[i]! += estimate;
      const parent = i + (i & -i);
      if (parent <= count) this.tree[parent]! += this.tree[i]!;
    }
  }

  /** A list of another length that knows what this one knows of its first rows. */
  resized(count: number, estimate: number): RowHeights {
    const next = new RowHeights(count, estimate);
    for (let i = 0; i < Math.min(count, this.count); i++) next.set(i, this.heights[i]!);
    return next;
  }

  /** Says how high a row is. Returns by how much it differs from what was known. */
  set(row: number, height: number): number {
    const change = height - this.heights[row]!;
    if (change === 0) return 0;
    this.heights[row] = height;
    for (let i = row + 1; i <= this.count; i += i & -i) this.tree[i]! += change;
    return change;
  }

  /** Pixels above a row; of `count`, the height of all. */
  top(row: number): number {
    let sum = 0;
    for (let i = row; i > 0; i -= i & -i) sum += this.tree[i]!;
    return sum;
  }

  get total(): number {
    return this.top(this.count);
  }

  /** The row at a distance from the top; the nearest one beyond both ends. */
  at(offset: number): number {
    let [row, rest] = [0, offset];
    for (let size = 1 << Math.floor(Math.log2(Math.max(1, this.count))); size > 0; size >>= 1) {
      const next = row + size;
      if (next <= this.count && this.tree[next]! <= rest) {
        row = next;
        rest -= this.tree[next]!;
      }
    }
    return Math.max(0, Math.min(row, this.count - 1));
  }
}
