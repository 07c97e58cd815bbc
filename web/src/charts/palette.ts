// Colours for canvases, worked out from the tokens of the page. Colour is never the only sign: legends name every
// series, tooltips every cell.

type Rgb = readonly [number, number, number];

/** "#rrggbb" or "rgb(r, g, b)". */
function channels(colour: string): Rgb {
  const parts = colour.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : colour.match(/[\d.]+/g)!.map(Number);
  return [parts[0]!, parts[1]!, parts[2]!];
}

export function mix(a: string, b: string, share: number): string {
  const [x, y] = [channels(a), channels(b)];
  return `rgb(${x.map((value, i) => Math.round(value + (y[i]! - value) * share)).join(", ")})`;
}

/** The same colour, see-through. */
export function withAlpha(colour: string, alpha: number): string {
  return `rgba(${channels(colour).join(", ")}, ${alpha})`;
}

/** The colour of the n-th series: after all tokens were given out, they come again lighter, then darker. */
export function seriesColour(tokens: readonly string[], index: number): string {
  const colour = tokens[index % tokens.length]!;
  const round = Math.floor(index / tokens.length) % 3;
  if (round === 0) return colour;
  return mix(colour, round === 1 ? "#ffffff" : "#000000", 0.35);
}

/** A colour for a share from 0 (nearly nothing) to 1 (the most), between stops that lie evenly. */
export function heatColour(stops: readonly string[], share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  return mix(stops[low]!, stops[low + 1]!, at - low);
}
