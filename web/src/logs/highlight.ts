// What of a line the query looked for, so that the page can mark it.
import { parser } from "@grafana/lezer-logql";

export interface Segment {
  readonly text: string;
  readonly marked: boolean;
}

/** An expression that finds what line filters of the query ask for; undefined where there is none. */
export function searchedIn(query: string): RegExp | undefined {
  const parts: string[] = [];
  parser.parse(query).iterate({
    enter: ({ node }) => {
      if (node.name !== "LineFilter") return;
      const sign = query.slice(node.from, node.to).trimStart().slice(0, 2);
      const text = node.getChild("String");
      if (!text || (sign !== "|=" && sign !== "|~")) return;
      const value = unquote(query.slice(text.from, text.to));
      if (value !== "") parts.push(sign === "|=" ? escape(value) : toScript(value));
    },
  });
  return parts.length > 0 ? compile(parts.map((part) => `(?:${part})`).join("|")) : undefined;
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function unquote(text: string): string {
  if (text.startsWith("`")) return text.slice(1, -1);
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

// RE2's flag in front, which scripts do not know; marking too much does no harm, so that case is not looked at.
const toScript = (expression: string) => expression.replace(/^\(\?[a-z]+\)/, "");

// What RE2 knows and scripts do not is not marked.
function compile(source: string): RegExp | undefined {
  try {
    return new RegExp(source, "gi");
  } catch {
    return undefined;
  }
}

const MOST_MARKS = 100;

export function segmentsOf(line: string, searched: RegExp | undefined): Segment[] {
  if (!searched) return [{ text: line, marked: false }];
  const segments: Segment[] = [];
  let at = 0;
  for (const match of line.matchAll(searched)) {
    if (match[0] === "" || segments.length > 2 * MOST_MARKS) continue;
    if (match.index > at) segments.push({ text: line.slice(at, match.index), marked: false });
    segments.push({ text: match[0], marked: true });
    at = match.index + match[0].length;
  }
  if (at < line.length || segments.length === 0) segments.push({ text: line.slice(at), marked: false });
  return segments;
}
