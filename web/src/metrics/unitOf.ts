// Guesses the unit of an expression: from the metadata of its metrics and their names, and from what functions and
// operators make of units. A guess that may be wrong is 'unknown', which is drawn as a plain number.
import { parser } from "@prometheus-io/lezer-promql";
import type { SyntaxNode } from "@lezer/common";
import type { Unit } from "../charts/units";

/** The unit that the metadata of a family names; undefined or empty when there is none. */
export type UnitLookup = (metric: string) => string | undefined;

const WORDS: Readonly<Record<string, Unit>> = {
  seconds: "seconds",
  second: "seconds",
  s: "seconds",
  bytes: "bytes",
  byte: "bytes",
  by: "bytes",
  ratio: "ratio",
  percent: "percent",
  celsius: "celsius",
  "1": "ratio",
  "%": "percent",
};

const PER_SECOND = new Set(["rate", "irate", "deriv", "idelta_rate"]);
const COUNTS = new Set([
  "count",
  "count_values",
  "count_over_time",
  "changes",
  "resets",
  "absent",
  "absent_over_time",
  "present_over_time",
  "group",
  "sgn",
  "histogram_count",
]);
const TIMES = new Set(["time", "timestamp"]);
const FRACTIONS = new Set(["histogram_fraction"]);
const LOST = new Set([
  "ln",
  "log2",
  "log10",
  "exp",
  "stdvar",
  "stdvar_over_time",
  "histogram_stdvar",
  "sin",
  "cos",
  "tan",
]);

export function unitOfMetric(metric: string, lookup: UnitLookup): Unit {
  const said = WORDS[(lookup(metric) ?? "").toLowerCase()];
  if (said) return said;
  if (/_timestamp_seconds$|_time_seconds$/.test(metric) && !/_cpu_|_total/.test(metric)) return "timestamp";
  if (/_(?:count|bucket|info)$/.test(metric)) return "count";
  const word =
    metric
      .replace(/_(?:total|sum|max|min|avg)$/, "")
      .split(/[_.:]/)
      .at(-1) ?? "";
  return WORDS[word] ?? "unknown";
}

export function unitOf(expression: string, lookup: UnitLookup): Unit {
  const top = parser.parse(expression).topNode.firstChild;
  return top ? of(top, expression, lookup) : "unknown";
}

const textOf = (node: SyntaxNode, source: string) => source.slice(node.from, node.to);

function of(node: SyntaxNode, source: string, lookup: UnitLookup): Unit {
  switch (node.name) {
    case "VectorSelector":
      return ofSelector(node, source, lookup);
    case "NumberDurationLiteral":
      return "count";
    case "FunctionCall":
      return ofCall(textOf(node.firstChild!, source), node, source, lookup);
    case "AggregateExpr":
      return ofCall(textOf(node.firstChild!, source).toLowerCase(), node, source, lookup);
    case "BinaryExpr":
      return ofBinary(node, source, lookup);
    default:
      return node.firstChild ? of(lastExpression(node) ?? node.firstChild, source, lookup) : "unknown";
  }
}

function ofSelector(node: SyntaxNode, source: string, lookup: UnitLookup): Unit {
  const name = node.getChild("Identifier");
  if (name) return unitOfMetric(textOf(name, source), lookup);
  const quoted = /^\{\s*"((?:[^"\\]|\\.)*)"|__name__\s*=\s*"([^"]*)"/.exec(textOf(node, source));
  return quoted ? unitOfMetric(quoted[1] ?? quoted[2]!, lookup) : "unknown";
}

const EXPRESSIONS = new Set([
  "VectorSelector",
  "MatrixSelector",
  "SubqueryExpr",
  "FunctionCall",
  "AggregateExpr",
  "BinaryExpr",
  "ParenExpr",
  "UnaryExpr",
  "StepInvariantExpr",
  "OffsetExpr",
  "NumberDurationLiteral",
]);

function expressionsIn(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (EXPRESSIONS.has(child.name)) found.push(child);
  }
  return found;
}

const lastExpression = (node: SyntaxNode) =>
  expressionsIn(node).find(({ name }) => name !== "NumberDurationLiteral") ?? expressionsIn(node).at(0);

function ofCall(name: string, node: SyntaxNode, source: string, lookup: UnitLookup): Unit {
  if (COUNTS.has(name)) return "count";
  if (TIMES.has(name)) return "timestamp";
  if (FRACTIONS.has(name)) return "ratio";
  if (LOST.has(name)) return "unknown";
  const body = node.getChild("FunctionCallBody");
  const argument = body && lastExpression(body);
  if (!argument) return "unknown";
  if (name.startsWith("histogram_")) return ofHistogram(argument, source, lookup);
  const inner = of(argument, source, lookup);
  return PER_SECOND.has(name) ? perSecond(inner) : inner;
}

// A quantile, an average and the like of a histogram have the unit of what was observed, however it was summed.
function ofHistogram(argument: SyntaxNode, source: string, lookup: UnitLookup): Unit {
  let unit: Unit = "unknown";
  argument.cursor().iterate(({ node }) => {
    if (node.name !== "VectorSelector" || unit !== "unknown") return;
    const name = node.getChild("Identifier");
    if (name) unit = unitOfMetric(textOf(name, source).replace(/_bucket$/, ""), lookup);
  });
  return unit;
}

// Seconds per second is how much of the time something was busy: a plain number.
function perSecond(unit: Unit): Unit {
  if (unit === "bytes") return "bytes/s";
  if (unit === "count" || unit === "unknown") return "count/s";
  return "unknown";
}

function ofBinary(node: SyntaxNode, source: string, lookup: UnitLookup): Unit {
  const [left, right] = expressionsIn(node);
  if (!left || !right) return "unknown";
  const sign = source.slice(left.to, right.from).trim();
  const [a, b] = [of(left, source, lookup), of(right, source, lookup)];
  const literal = [left, right].find(({ name }) => name === "NumberDurationLiteral");
  if (sign.startsWith("/")) return ofRatio(a, b, right.name === "NumberDurationLiteral", source, left, right);
  if (sign.startsWith("*") && literal) {
    const other = literal === left ? b : a;
    return other === "ratio" && textOf(literal, source) === "100" ? "percent" : "unknown";
  }
  if (/^(?:\+|-|and|or|unless|==|!=|<|>)/i.test(sign))
    return a === b || literal === right || /^(?:and|unless|<|>|=|!)/i.test(sign) ? a : "unknown";
  return "unknown";
}

function ofRatio(a: Unit, b: Unit, byNumber: boolean, source: string, left: SyntaxNode, right: SyntaxNode): Unit {
  if (byNumber) return "unknown";
  // The average of a histogram or summary: seconds per call, not seconds per second per call.
  const sum = /([a-zA-Z_:][\w:]*)_sum\b/.exec(textOf(left, source));
  if (sum && textOf(right, source).includes(`${sum[1]}_count`)) return unitOfMetric(sum[1]!, () => undefined);
  if (a === b && a !== "unknown") return "ratio";
  return "unknown";
}

/** The metrics that an expression names, for asking about their metadata. */
export function metricsIn(expression: string): string[] {
  const names = new Set<string>();
  parser.parse(expression).iterate({
    enter(ref) {
      const name = ref.name === "VectorSelector" ? ref.node.getChild("Identifier") : null;
      if (name) names.add(textOf(name, expression));
    },
  });
  return [...names];
}
