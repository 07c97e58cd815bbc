// Changes of a LogQL query by clicks. The text stays as it was typed but for what is changed.
import { parser } from "@grafana/lezer-logql";
import type { SyntaxNode } from "@lezer/common";
import { labelName, quote } from "../metrics/labels";

export type Kind = "stream" | "metadata" | "parsed";

export interface Field {
  readonly name: string;
  readonly value: string;
  /** Of a stream's labels: in the selector. All others are filtered behind the pipeline. */
  readonly kind: Kind;
  /** The parser that the query needs to see the field, where it has none yet. */
  readonly parser?: "json" | "logfmt";
}

interface Insertion {
  readonly at: number;
  readonly to: number;
  readonly text: string;
}

const nodes = (query: string, name: string): SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  parser.parse(query).iterate({ enter: (ref) => void (ref.name === name && found.push(ref.node)) });
  return found;
};

/** Only entries with this value; a filter that leaves just these out is replaced. */
export function filterIn(query: string, field: Field): string {
  return setFilter(query, field, "=", "!=");
}

/** Only entries without this value; a filter for just these is replaced. */
export function filterOut(query: string, field: Field): string {
  return setFilter(query, field, "!=", "=");
}

/** Of each line nothing but this field. */
export function showOnly(query: string, field: Field): string {
  const stage = `| line_format ${quote(`{{.${field.name}}}`)}`;
  const old = nodes(query, "LineFormatExpr").at(-1);
  const whole = old && stageOf(old);
  if (whole) return apply(query, [{ at: whole.from, to: whole.to, text: stage }]);
  return appendStage(withParser(query, field), stage);
}

/** A line filter behind the selector and its line filters: the cheapest place. */
export function addLineFilter(query: string, sign: "|=" | "!=" | "|>" | "!>", text: string): string {
  return apply(
    query,
    nodes(query, "Selector").map((selector) => {
      const at = endOfLineFilters(selector);
      return { at, to: at, text: ` ${sign} ${quote(text)}` };
    }),
  );
}

/** Whether a query asks for lines (and not for numbers); undefined where it cannot be read. */
export function isLogQuery(query: string): boolean | undefined {
  const top = parser.parse(query).topNode.getChild("Expr")?.firstChild;
  if (!top || top.type.isError) return undefined;
  if (top.name === "LogExpr") return true;
  return top.name === "MetricExpr" ? false : undefined;
}

/** The first stream selector of a query: `{app="shop"}`. */
export function selectorOf(query: string): string | undefined {
  const selector = nodes(query, "Selector")[0];
  return selector && query.slice(selector.from, selector.to);
}

function setFilter(query: string, field: Field, sign: string, opposite: string): string {
  if (field.kind === "stream") return setMatcher(query, field, sign, opposite);
  return setLabelFilter(withParser(query, field), field, sign, opposite);
}

function setMatcher(query: string, { name, value }: Field, sign: string, opposite: string): string {
  const wanted = `${labelName(name)}${sign}${quote(value)}`;
  const edits = nodes(query, "Selector").flatMap((selector): Insertion[] => {
    const matchers = descendants(selector, "Matcher");
    const same = matchers.find((matcher) => textEquals(query, matcher, `${labelName(name)}${sign}${quote(value)}`));
    if (same) return [];
    const replaced = matchers.find(
      (matcher) =>
        textEquals(query, matcher, `${labelName(name)}${opposite}${quote(value)}`) ||
        // A label has one value: another "=" of it would leave nothing.
        (sign === "=" && compact(query, matcher).startsWith(`${labelName(name)}="`)),
    );
    if (replaced) return [{ at: replaced.from, to: replaced.to, text: wanted }];
    const last = matchers.at(-1);
    if (last) return [{ at: last.to, to: last.to, text: `, ${wanted}` }];
    return [{ at: selector.from + 1, to: selector.from + 1, text: wanted }];
  });
  return apply(query, edits);
}

function setLabelFilter(query: string, { name, value }: Field, sign: string, opposite: string): string {
  const filters = nodes(query, "LabelFilter").filter(({ parent }) => parent?.name !== "LabelFilter");
  if (filters.some((filter) => textEquals(query, filter, `${labelName(name)}${sign}${quote(value)}`))) return query;
  const other = filters.find((filter) => textEquals(query, filter, `${labelName(name)}${opposite}${quote(value)}`));
  if (other) return apply(query, [{ at: other.from, to: other.to, text: `${labelName(name)}${sign}${quote(value)}` }]);
  return appendStage(query, `| ${labelName(name)}${sign}${quote(value)}`);
}

function withParser(query: string, field: Field): string {
  if (!field.parser) return query;
  const parsers = [
    ...nodes(query, "LabelParser"),
    ...nodes(query, "LogfmtParser"),
    ...nodes(query, "JsonExpressionParser"),
    ...nodes(query, "LogfmtExpressionParser"),
  ];
  if (parsers.some((node) => query.slice(node.from, node.to).startsWith(field.parser!))) return query;
  return appendStage(query, `| ${field.parser}`);
}

// Behind the pipeline of every log expression, in front of `| unwrap` and of a range in brackets.
function appendStage(query: string, stage: string): string {
  const edits = nodes(query, "Selector").map((selector) => {
    const at = endOfPipeline(selector);
    return { at, to: at, text: ` ${stage}` };
  });
  return apply(query, edits);
}

function stagesBehind(selector: SyntaxNode): SyntaxNode[] {
  const owner = selector.parent;
  if (!owner) return [];
  return descendants(owner, "PipelineStage").filter(({ from }) => from >= selector.to);
}

function endOfPipeline(selector: SyntaxNode): number {
  return Math.max(selector.to, ...stagesBehind(selector).map(({ to }) => to));
}

function endOfLineFilters(selector: SyntaxNode): number {
  let end = selector.to;
  for (const stage of stagesBehind(selector).sort((a, b) => a.from - b.from)) {
    if (stage.firstChild?.name !== "LineFilters") break;
    end = Math.max(end, stage.to);
  }
  return end;
}

function stageOf(node: SyntaxNode): SyntaxNode | undefined {
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.name === "PipelineStage") return at;
  }
  return undefined;
}

function descendants(node: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  node.cursor().iterate((ref) => void (ref.name === name && found.push(ref.node)));
  return found;
}

const compact = (query: string, node: SyntaxNode) => query.slice(node.from, node.to).replace(/\s*(!?=~?|!~)\s*/, "$1");
const textEquals = (query: string, node: SyntaxNode, text: string) => compact(query, node) === text;

// From behind, so that places in front stay where they are.
function apply(query: string, edits: readonly Insertion[]): string {
  return [...edits]
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, to, text: put }) => text.slice(0, at) + put + text.slice(to), query);
}
