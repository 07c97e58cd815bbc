// What can be typed at a place of a LogQL query. Told from the text in front of it: while somebody types, the query is
// hardly ever complete, and a syntax tree of the broken rest says less than the text does.

export type LogqlContext =
  | { readonly kind: "label"; readonly from: number; readonly selector: string }
  | {
      readonly kind: "value";
      readonly from: number;
      readonly label: string;
      readonly selector: string;
      readonly quoted: boolean;
    }
  | { readonly kind: "stage"; readonly from: number }
  | { readonly kind: "field"; readonly from: number }
  | { readonly kind: "function"; readonly from: number }
  | { readonly kind: "duration"; readonly from: number };

interface Position {
  /** Offset of the `{` that is open here, if any. */
  readonly brace: number;
  /** Offset behind the opening quote of the string that is open here, if any. */
  readonly string: number;
  /** Offset of the last `|` of a pipeline; -1 without. */
  readonly pipe: number;
  readonly bracket: number;
}

function scan(text: string): Position {
  let [brace, string, pipe, bracket] = [-1, -1, -1, -1];
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!;
    if (quote !== "") {
      if (sign === "\\" && quote === '"') i++;
      else if (sign === quote) [quote, string] = ["", -1];
      continue;
    }
    if (sign === '"' || sign === "`") [quote, string] = [sign, i + 1];
    else if (sign === "{") brace = i;
    else if (sign === "}") brace = -1;
    else if (sign === "[") bracket = i;
    else if (sign === "]") bracket = -1;
    else if (sign === "|") pipe = i;
    else if (sign === "(" || sign === ")" || sign === ",") pipe = brace < 0 && sign !== "," ? -1 : pipe;
  }
  return { brace, string, pipe, bracket };
}

/** `text` is the query up to the cursor. */
export function contextOf(text: string): LogqlContext | undefined {
  const { brace, string, pipe, bracket } = scan(text);
  if (brace >= 0) return inSelector(text, brace, string);
  if (string >= 0) return undefined;
  if (bracket >= 0) return { kind: "duration", from: bracket + 1 };
  const word = /[A-Za-z_]\w*$/.exec(text);
  const from = text.length - (word?.[0].length ?? 0);
  if (pipe >= 0) return inPipeline(text, pipe, from);
  return text.trimEnd().endsWith("}") ? undefined : { kind: "function", from };
}

function inSelector(text: string, brace: number, string: number): LogqlContext | undefined {
  const end = string >= 0 ? string - 1 : text.length;
  const inside = text.slice(brace + 1, end);
  const selector = complete(inside);
  const matcher = /([A-Za-z_]\w*)\s*(?:=~|!~|!=|=)\s*$/.exec(inside);
  if (matcher)
    return { kind: "value", from: string >= 0 ? string : end, label: matcher[1]!, selector, quoted: string >= 0 };
  if (string >= 0) return undefined;
  const word = /[A-Za-z_]\w*$/.exec(inside);
  return { kind: "label", from: text.length - (word?.[0].length ?? 0), selector };
}

// The matchers that are finished: what is being typed does not narrow anything down yet.
function complete(inside: string): string {
  const matchers = inside.match(/[A-Za-z_]\w*\s*(?:=~|!~|!=|=)\s*(?:"(?:[^"\\]|\\.)*"|`[^`]*`)/g) ?? [];
  return matchers.length > 0 ? `{${matchers.join(", ")}}` : "";
}

const TAKES_FIELDS = /^\|\s*(?:(?:label_format|keep|drop|unwrap)\b.*|.*\b(?:and|or|by)\s*\(?\s*)$/s;

function inPipeline(text: string, pipe: number, from: number): LogqlContext | undefined {
  const stage = text.slice(pipe, from);
  if (stage.trim() === "|") return { kind: "stage", from };
  return TAKES_FIELDS.test(stage) ? { kind: "field", from } : undefined;
}
