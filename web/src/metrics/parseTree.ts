// The syntax tree of an expression, as /api/v1/parse_query has it, in words.
import type { SyntaxTree } from "../api/prometheus";
import { exactDuration } from "../time/duration";
import { labelName, quote } from "./labels";

export interface TreeNode {
  readonly title: string;
  /** What kind of node it is, and what else there is to know. */
  readonly detail: string;
  readonly children: readonly TreeNode[];
}

type Fields = Readonly<Record<string, unknown>>;

interface Matching {
  readonly card: string;
  readonly labels: readonly string[];
  readonly on: boolean;
  readonly include: readonly string[];
}

const isTree = (value: unknown): value is SyntaxTree => typeof value === "object" && value !== null && "type" in value;
const list = (names: unknown) => (Array.isArray(names) ? names.join(", ") : "");

/** The names of types that the API has, in words. */
const KINDS: Readonly<Record<string, string>> = {
  vectorSelector: "instant vector selector",
  matrixSelector: "range vector selector",
  call: "function",
  aggregation: "aggregation",
  binaryExpr: "binary operation",
  unaryExpr: "sign",
  parenExpr: "parentheses",
  subquery: "subquery",
  numberLiteral: "number",
  stringLiteral: "text",
  durationExpr: "duration",
};

export function describe(node: SyntaxTree): TreeNode {
  return { title: titleOf(node), detail: detailOf(node), children: childrenOf(node).map(describe) };
}

function childrenOf(node: SyntaxTree): SyntaxTree[] {
  if (node.type === "call") return ((node.args as unknown[]) ?? []).filter(isTree);
  return [node.param, node.expr, node.lhs, node.rhs].filter(isTree);
}

function titleOf(node: SyntaxTree): string {
  switch (node.type) {
    case "vectorSelector":
      return selector(node) + modifiers(node);
    case "matrixSelector":
      return `${selector(node)}[${exactDuration(Number(node.range))}]${modifiers(node)}`;
    case "subquery":
      return `[${exactDuration(Number(node.range))}:${Number(node.step) > 0 ? exactDuration(Number(node.step)) : ""}]${modifiers(node)}`;
    case "call":
      return `${(node.func as { name: string }).name}(…)`;
    case "aggregation":
      return `${String(node.op)}${grouping(node)}`;
    case "binaryExpr":
      return `${String(node.op)}${node.bool ? " bool" : ""}${matching(node.matching as Matching | null)}`;
    case "unaryExpr":
      return String(node.op);
    case "numberLiteral":
      return String(node.val);
    case "stringLiteral":
      return quote(String(node.val));
    case "parenExpr":
      return "( … )";
    default:
      return node.type;
  }
}

function detailOf(node: SyntaxTree): string {
  const kind = KINDS[node.type] ?? node.type;
  if (node.type !== "call") return kind;
  return `${kind}, returns ${(node.func as { returnType: string }).returnType}`;
}

interface Matcher {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

function selector(node: Fields): string {
  const matchers = ((node.matchers as Matcher[]) ?? []).filter(
    ({ name, type, value }) => !(name === "__name__" && type === "=" && value === node.name),
  );
  const pairs = matchers.map(({ name, type, value }) => `${labelName(name)}${type}${quote(value)}`);
  return `${String(node.name ?? "")}${pairs.length > 0 || !node.name ? `{${pairs.join(", ")}}` : ""}`;
}

function modifiers(node: Fields): string {
  const offset = Number(node.offset ?? 0);
  const shift = offset === 0 ? "" : ` offset ${offset < 0 ? "-" : ""}${exactDuration(Math.abs(offset))}`;
  const at = node.timestamp === null || node.timestamp === undefined ? "" : ` @ ${Number(node.timestamp) / 1000}`;
  const preprocessor = node.startOrEnd ? ` @ ${String(node.startOrEnd)}()` : "";
  return `${node.anchored ? " anchored" : ""}${node.smoothed ? " smoothed" : ""}${at}${preprocessor}${shift}`;
}

function grouping(node: Fields): string {
  const labels = list(node.grouping);
  if (node.without) return ` without (${labels})`;
  return labels ? ` by (${labels})` : "";
}

function matching(match: Matching | null): string {
  if (!match) return "";
  const labels = match.on || match.labels.length > 0 ? ` ${match.on ? "on" : "ignoring"} (${list(match.labels)})` : "";
  const side = match.card === "many-to-one" ? "group_left" : match.card === "one-to-many" ? "group_right" : "";
  return labels + (side ? ` ${side} (${list(match.include)})` : "");
}
