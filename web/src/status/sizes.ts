// Sizes as flags and limits have them: bytes, or with KB, MB, GB, TB (powers of 1024).
const factors: Record<string, number> = { "": 1, B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

// Undefined when it is none, or 0, which is no bound.
export function parseSize(text: string | undefined): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*([KMGT]?B)?$/.exec(text?.trim() ?? "");
  if (!found) return undefined;
  return Number(found[1]) * factors[found[2] ?? ""]! || undefined;
}
