// Fields of a line that the query did not parse: read here, so that a click can filter by them.

export interface LineFields {
  readonly parser: "json" | "logfmt";
  readonly fields: Readonly<Record<string, string>>;
}

const MOST = 200;

/** What `| json` or `| logfmt` would find in a line; undefined where neither does. */
export function fieldsOf(line: string): LineFields | undefined {
  const trimmed = line.trim();
  if (trimmed.startsWith("{")) {
    const fields = jsonFields(trimmed);
    if (fields) return { parser: "json", fields };
  }
  const fields = logfmtFields(trimmed);
  return fields && { parser: "logfmt", fields };
}

/** The line as indented JSON; undefined where it is none. */
export function prettyJson(line: string): string | undefined {
  const value = parseObject(line.trim());
  return value && JSON.stringify(value, null, 2);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function jsonFields(text: string): Record<string, string> | undefined {
  const value = parseObject(text);
  if (!value) return undefined;
  const fields: Record<string, string> = {};
  flatten(value, "", fields);
  return fields;
}

// As Loki's json parser: nested names are joined with underscores, arrays and nulls are left out.
function flatten(value: Readonly<Record<string, unknown>>, prefix: string, into: Record<string, string>): void {
  for (const [name, inner] of Object.entries(value)) {
    const full = prefix + sanitize(name);
    if (Object.keys(into).length >= MOST) return;
    if (inner === null || Array.isArray(inner)) continue;
    if (typeof inner === "object") flatten(inner as Record<string, unknown>, `${full}_`, into);
    else into[full] = String(inner);
  }
}

function sanitize(name: string): string {
  return name.replace(/[^a-zA-Z0-9_]/g, "_").replace(/^(?=\d)/, "_");
}

const PAIR = /([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/g;

// Two pairs at least: a URL with a parameter in the middle of a sentence is no logfmt.
function logfmtFields(text: string): Record<string, string> | undefined {
  const fields: Record<string, string> = {};
  let count = 0;
  for (const [, name, quoted, bare] of text.matchAll(PAIR)) {
    if (++count > MOST) break;
    fields[sanitize(name!)] = quoted === undefined ? bare! : unescape(quoted);
  }
  return count >= 2 && /^[^\s="]+=/.test(text) ? fields : undefined;
}

function unescape(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
