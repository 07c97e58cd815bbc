import { describe, expect, it } from "vitest";
import css from "../shell/tokens.css?raw";
import { heatColour, mix, seriesColour, withAlpha } from "./palette";

/** [light, dark] of a token. */
function token(name: string): [string, string] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  if (!found) throw new Error(`no token ${name}`);
  return [found[1]!, found[2]!];
}

/** Relative luminance as WCAG defines it, of "rgb(r, g, b)" or "#rrggbb". */
function luminance(colour: string): number {
  const plain = mix(colour, colour, 0);
  const [r, g, b] = plain.match(/\d+/g)!.map((text) => {
    const c = Number(text) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

const contrast = (a: string, b: string) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
};

describe.each([
  ["light", 0],
  ["dark", 1],
] as const)("tokens in %s", (_, theme) => {
  const page = token("panel")[theme];
  it("series stand out from the page", () => {
    for (let i = 1; i <= 12; i++) expect(contrast(token(`series-${i}`)[theme], page)).toBeGreaterThan(3);
  });
  it("levels that matter stand out from the page", () => {
    for (const level of ["critical", "error", "warn", "info"])
      expect(contrast(token(`level-${level}`)[theme], page)).toBeGreaterThan(3);
  });
  it("the heat map changes lightness in one direction", () => {
    const stops = Array.from({ length: 6 }, (_, i) => token(`heat-${i + 1}`)[theme]);
    const steps = Array.from({ length: 21 }, (_, i) => luminance(heatColour(stops, i / 20)));
    expect(steps).toEqual([...steps].sort((a, b) => (theme === 1 ? a - b : b - a)));
  });
  it("code can be read", () => {
    for (const part of ["keyword", "function", "string", "number", "label"]) {
      expect(contrast(token(`code-${part}`)[theme], page)).toBeGreaterThan(4.5);
    }
  });
});

describe("seriesColour", () => {
  const tokens = ["#102030", "#405060"];
  it("begins with the tokens", () => expect(seriesColour(tokens, 1)).toBe("#405060"));
  it("has three times as many", () =>
    expect(new Set([0, 1, 2, 3, 4, 5].map((i) => seriesColour(tokens, i))).size).toBe(6));
});

describe("mixing", () => {
  it("half way", () => expect(mix("#000000", "rgb(255, 255, 255)", 0.5)).toBe("rgb(128, 128, 128)"));
  it("see-through", () => expect(withAlpha("#102030", 0.5)).toBe("rgba(16, 32, 48, 0.5)"));
  it("takes shares beyond the ends", () => expect(heatColour(["#000000", "#ffffff"], 2)).toBe("rgb(255, 255, 255)"));
});
