// PromQL in an editor: Prometheus' own grammar, completion and checks, with names and values from this server.
import { autocompletion } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip, type Tooltip } from "@codemirror/view";
import { PromQLExtension } from "@prometheus-io/codemirror-promql";
import type { PrometheusClient } from "@prometheus-io/codemirror-promql/dist/esm/client";
import {
  aggregateOpTerms,
  functionIdentifierTerms,
} from "@prometheus-io/codemirror-promql/dist/esm/complete/promql.terms";
import type { Matcher } from "@prometheus-io/codemirror-promql/dist/esm/types";
import { EqlSingle } from "@prometheus-io/lezer-promql";
import { labelName, quote } from "../metrics/labels";
import type { Catalogue } from "./catalogue";

export function promql(catalogue: Catalogue): Extension {
  const extension = new PromQLExtension().setComplete({
    remote: completionClient(catalogue),
    maxMetricsMetadata: 20_000,
  });
  return [extension.asExtension(), autocompletion({ maxRenderedOptions: 60 }), hoverTooltip(hover(catalogue))];
}

// What completion asks is answered by the page's own requests, with the tenant and the session that they carry.
function completionClient(catalogue: Catalogue): PrometheusClient {
  return {
    metricNames: () => catalogue.metricNames(),
    labelNames: (metric) => catalogue.labelNames(metric),
    labelValues: (label, metric, matchers) => catalogue.labelValues(label, selectorFor(label, metric, matchers)),
    metricMetadata: async () => ({ ...(await catalogue.metadata()) }),
    series: async () => [],
    flags: async () => ({}),
  };
}

/** What is typed already narrows the values down: the metric, and labels that are equal to something. */
export function selectorFor(label: string, metric?: string, matchers: readonly Matcher[] = []): string | undefined {
  const pairs = matchers
    .filter(({ type, name, value }) => type === EqlSingle && name !== label && name !== "" && value !== "")
    .map(({ name, value }) => `${labelName(name)}=${quote(value)}`);
  if (pairs.length === 0) return metric || undefined;
  return `${metric ?? ""}{${pairs.join(",")}}`;
}

const CALLS = new Map([...functionIdentifierTerms, ...aggregateOpTerms].map((term) => [term.label, term]));

type Hover = (view: EditorView, position: number) => Promise<Tooltip | null>;

/** Help for what lies under the pointer: a metric's type and help, or what a function does. */
function hover(catalogue: Catalogue): Hover {
  return async (view, position) => {
    const node = syntaxTree(view.state).resolveInner(position, 0);
    const text = view.state.sliceDoc(node.from, node.to);
    const call = CALLS.get(text);
    if (call && node.name !== "Identifier") return tooltip(node.from, node.to, text, call.detail, call.info);
    if (node.name !== "Identifier") return null;
    const family = await catalogue.metadataOf(text).catch(() => undefined);
    return family ? tooltip(node.from, node.to, text, family.type, family.help) : null;
  };
}

function tooltip(from: number, to: number, name: string, detail: string, info: string): Tooltip {
  return { pos: from, end: to, above: true, create: () => ({ dom: card(name, detail, info) }) };
}

export function card(name: string, detail: string, info: string): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "cm-hover";
  const title = document.createElement("b");
  title.textContent = name;
  const kind = document.createElement("small");
  kind.textContent = ` ${detail}`;
  const text = document.createElement("div");
  text.textContent = info;
  dom.append(title, kind, text);
  return dom;
}
