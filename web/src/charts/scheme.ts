// The colours that canvases draw with, read from the tokens again whenever the theme changes.
import { useEffect, useState } from "preact/hooks";
import { colorOf, onThemeChange } from "../shell/theme";
import { onZoneChange } from "../time/zone";

export interface Scheme {
  readonly text: string;
  readonly textSoft: string;
  readonly line: string;
  readonly panel: string;
  readonly accent: string;
  readonly series: readonly string[];
  readonly heat: readonly string[];
}

const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => colorOf(`--${name}-${i + 1}`));

function read(): Scheme {
  return {
    text: colorOf("--text"),
    textSoft: colorOf("--text-soft"),
    line: colorOf("--line"),
    panel: colorOf("--panel"),
    accent: colorOf("--accent"),
    series: numbered("series", 12),
    heat: numbered("heat", 6),
  };
}

/** A new object when what is drawn must be drawn anew: with the theme, and with the zone of times. */
export function useScheme(): Scheme {
  const [scheme, setScheme] = useState(read);
  useEffect(() => {
    const again = () => setScheme(read());
    const stops = [onThemeChange(again), onZoneChange(again)];
    return () => stops.forEach((stop) => stop());
  }, []);
  return scheme;
}
