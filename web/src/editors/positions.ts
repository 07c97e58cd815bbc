// Where in an expression an error or an annotation points. The server counts lines and bytes of UTF-8 from one.

export interface Mark {
  /** Offsets into the text in UTF-16 units, from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
}

/** The offset of line:column; the end of the text where it has no such place. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let l = 1; l < line; l++) {
    const next = text.indexOf("\n", start);
    if (next < 0) return text.length;
    start = next + 1;
  }
  let bytes = 0;
  for (let at = start; at < text.length;) {
    if (bytes >= column - 1) return at;
    const code = text.codePointAt(at)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += code < 0x10000 ? 1 : 2;
  }
  return text.length;
}

// To the end of the word, bracketed name or single sign that begins here; at the end of the text the sign before it.
function wordAt(text: string, from: number): { from: number; to: number } {
  const word = /^[\w:.]+/.exec(text.slice(from));
  if (word) return { from, to: from + word[0].length };
  return from < text.length ? { from, to: from + 1 } : { from: Math.max(0, text.length - 1), to: text.length };
}

/** `invalid parameter "query": 1:5: parse error: ...` of PromQL, `parse error at line 1, col 5: ...` of LogQL. */
export function markOfError(text: string, error: string): Mark | undefined {
  const place =
    /(?:^|\s)(\d+):(\d+): (?:parse error: )?(.*)$/s.exec(error) ??
    /parse error at line (\d+), col (\d+): (.*)$/s.exec(error);
  if (!place) return undefined;
  return { ...wordAt(text, offsetOf(text, Number(place[1]), Number(place[2]))), severity: "error", message: place[3]! };
}

/** `PromQL info: metric might not be a counter ... (1:6)` */
export function markOfAnnotation(text: string, annotation: string, severity: "warning" | "info"): Mark | undefined {
  const place = /\((\d+):(\d+)(?:-(\d+):(\d+))?\)\s*$/.exec(annotation);
  if (!place) return undefined;
  const from = offsetOf(text, Number(place[1]), Number(place[2]));
  const to = place[3] === undefined ? wordAt(text, from).to : offsetOf(text, Number(place[3]), Number(place[4]));
  return { from, to: Math.max(to, from), severity, message: withoutPlace(annotation) };
}

/** An annotation without its position and prefix, for a list beside the editor that marks the position. */
export function withoutPlace(annotation: string): string {
  return annotation.replace(/^PromQL (?:info|warning): /, "").replace(/\s*\(\d+:\d+(?:-\d+:\d+)?\)\s*$/, "");
}
