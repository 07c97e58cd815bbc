// LogQL in an editor: Grafana's grammar, with completion from this server.
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { LRLanguage } from "@codemirror/language";
import { linter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { styleTags, tags } from "@lezer/highlight";
import { parser } from "@grafana/lezer-logql";
import { contextOf, type LogqlContext } from "./logqlContext";
import { CONVERSIONS, DURATIONS, FUNCTIONS, STAGES } from "./logqlTerms";

/** What completion asks of the server; `selector` narrows down and may be empty. */
export interface LogNames {
  labels(selector: string): Promise<readonly string[]>;
  values(label: string, selector: string): Promise<readonly string[]>;
  /** Fields of the lines that the query selects, with what Loki takes them for. */
  fields(query: string): Promise<readonly { readonly label: string; readonly type: string }[]>;
}

const WORDS =
  "Json Logfmt Unpack Pattern Regexp Unwrap LabelFormat LineFormat LabelReplace Vector Offset Bool On Ignoring GroupLeft " +
  "GroupRight Decolorize Drop Keep By Without And Or Unless";
const CALLS =
  "Sum Avg Count Max Min Stddev Stdvar Bottomk Topk Sort Sort_Desc CountOverTime Rate RateCounter BytesOverTime BytesRate " +
  "AvgOverTime SumOverTime MinOverTime MaxOverTime StddevOverTime StdvarOverTime QuantileOverTime FirstOverTime LastOverTime " +
  "AbsentOverTime BytesConv DurationConv DurationSecondsConv";

const language = LRLanguage.define({
  name: "logql",
  parser: parser.configure({
    props: [
      styleTags({
        [WORDS]: tags.keyword,
        [CALLS]: tags.function(tags.variableName),
        Identifier: tags.labelName,
        String: tags.string,
        "Number Duration Bytes": tags.number,
        LineComment: tags.comment,
        "PipeExact PipeMatch PipePattern Npa Eq Neq Re Nre Gtr Gte Lss Lte Eql Pipe": tags.operator,
      }),
    ],
  }),
  languageData: { closeBrackets: { brackets: ["(", "[", "{", '"', "`"] }, commentTokens: { line: "#" } },
});

export function logql(names: LogNames): Extension {
  return [
    language,
    language.data.of({ autocomplete: (context: CompletionContext) => complete(context, names) }),
    autocompletion({ maxRenderedOptions: 60 }),
    linter((view) => brokenPlaces(view.state.doc.toString()), { delay: 800 }),
  ];
}

async function complete(context: CompletionContext, names: LogNames): Promise<CompletionResult | null> {
  const place = contextOf(context.state.sliceDoc(0, context.pos));
  if (!place) return null;
  if (!context.explicit && place.kind === "function" && place.from === context.pos) return null;
  const query = context.state.doc.toString();
  // An answer that does not come is no reason to disturb somebody who types.
  const options = await optionsFor(place, names, query).catch(() => []);
  return options.length > 0
    ? { from: place.from, options, validFor: place.kind === "value" ? /^[^"]*$/ : /^\w*$/ }
    : null;
}

async function optionsFor(place: LogqlContext, names: LogNames, query: string): Promise<readonly Completion[]> {
  switch (place.kind) {
    case "label":
      return (await names.labels(place.selector)).map((label) => ({ label, type: "property" }));
    case "value":
      return (await names.values(place.label, place.selector)).map((label) => ({
        label,
        type: "text",
        apply: place.quoted ? JSON.stringify(label).slice(1, -1) : JSON.stringify(label),
      }));
    case "stage":
      return [...STAGES, ...(await fieldOptions(names, query, 1))];
    case "field":
      return [...CONVERSIONS, ...(await fieldOptions(names, query, 2))];
    case "function":
      return FUNCTIONS;
    case "duration":
      return DURATIONS;
  }
}

async function fieldOptions(names: LogNames, query: string, boost: number): Promise<Completion[]> {
  const selector = /\{[^}]*\}/.exec(query)?.[0];
  if (!selector) return [];
  const fields = await names.fields(selector).catch(() => []);
  return fields.map(({ label, type }) => ({ label, detail: type, type: "variable", boost }));
}

// One mark at the first place that the grammar does not know; the server says what is wrong when the query runs.
function brokenPlaces(text: string) {
  if (text.trim() === "") return [];
  let from = -1;
  let to = -1;
  parser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError && from < 0)
        [from, to] = [node.from, Math.max(node.to, Math.min(node.from + 1, text.length))];
    },
  });
  if (from < 0) return [];
  if (from === text.length) from = Math.max(0, text.trimEnd().length - 1);
  return [{ from, to, severity: "warning" as const, message: "LogQL does not go on like this" }];
}
