// Explore metrics: queries above, what they answer below.
import { useCallback, useRef, useState } from "preact/hooks";
import { Waiting } from "../shell/Notice";
import { useShortcut } from "../shell/shortcuts";
import { useWidth } from "../shell/useWidth";
import { focusEditor } from "../editors/focus";
import { RangePicker } from "../time/RangePicker";
import { RefreshPicker } from "../time/RefreshPicker";
import { StepPicker } from "../time/StepPicker";
import { useZoomHistory, type ZoomHistory } from "../time/useZoomHistory";
import { GraphView } from "./GraphView";
import { HeatView } from "./HeatView";
import { MetricBrowser } from "./MetricBrowser";
import "../charts/charts.css";
import "../editors/editors.css";
import "./metrics.css";
import { QueryList } from "./QueryList";
import type { Result } from "./results";
import { putExpression, type View } from "./state";
import { TableView } from "./TableView";
import { type MetricsPage as Page, useMetrics } from "./useMetrics";

export default function MetricsPage() {
  const results = useRef<HTMLDivElement>(null);
  const page = useMetrics(useWidth(results));
  const { state, commit, edit } = page;
  const [browsing, setBrowsing] = useState(false);
  const zoom = useZoomHistory(state.range, (range) => commit((old) => ({ ...old, range })));

  useShortcut(
    "/",
    "Write in the editor",
    useCallback(() => focusEditor(), []),
  );
  useShortcut("r", "Run the queries again", page.run);
  useShortcut(
    "m",
    "Browse metrics",
    useCallback(() => setBrowsing((open) => !open), []),
  );
  useShortcut("z", "Back to the range before", zoom.back);

  const insert = (expression: string) => {
    edit((old) => putExpression(old, expression));
    page.run();
  };

  return (
    <div class="explore">
      <Toolbar page={page} zoom={zoom} browsing={browsing} onBrowse={() => setBrowsing(!browsing)} />
      <div class={browsing ? "explore-columns" : ""}>
        {browsing && <MetricBrowser catalogue={page.catalogue} onInsert={insert} onClose={() => setBrowsing(false)} />}
        <div class="explore-main">
          <QueryList page={page} />
          <Waiting active={page.running} />
          <div ref={results}>
            <Options page={page} />
            <Results page={page} zoom={zoom} />
          </div>
        </div>
      </div>
    </div>
  );
}

interface ToolbarProps {
  readonly page: Page;
  readonly zoom: ZoomHistory;
  readonly browsing: boolean;
  onBrowse(): void;
}

function Toolbar({ page, zoom, browsing, onBrowse }: ToolbarProps) {
  const { state, commit } = page;
  return (
    <div class="page-head">
      <h1>Metrics</h1>
      <button aria-pressed={browsing} onClick={onBrowse} title="Search metrics and their labels (m)">
        Browse
      </button>
      <span class="grow" />
      <StepPicker choice={state.step} step={page.step} onChange={(step) => commit((old) => ({ ...old, step }))} />
      <RangePicker range={state.range} canGoBack={zoom.canGoBack} onChange={zoom.zoom} onBack={zoom.back} />
      <RefreshPicker
        seconds={state.refresh}
        onChange={(refresh) => commit((old) => ({ ...old, refresh }), { replace: true })}
      />
      {page.running ? (
        <button class="run" onClick={page.stop} title="Stop what is running, here and on the server">
          Stop
        </button>
      ) : (
        <button class="primary run" onClick={page.run} title="Ctrl+Enter or Shift+Enter in an editor, r elsewhere">
          Run
        </button>
      )}
    </div>
  );
}

const VIEWS: readonly (readonly [View, string])[] = [
  ["graph", "Graph"],
  ["table", "Table"],
  ["heat", "Heat map"],
];

function Options({ page }: { readonly page: Page }) {
  const { state, commit } = page;
  const toggle = (option: "stacked" | "log" | "exemplars") =>
    commit((old) => ({ ...old, graph: { ...old.graph, [option]: !old.graph[option] } }), { replace: true });
  return (
    <div class="row explore-options">
      <div class="choice" role="group" aria-label="View">
        {VIEWS.map(([view, title]) => (
          <button key={view} aria-pressed={state.view === view} onClick={() => commit((old) => ({ ...old, view }))}>
            {title}
          </button>
        ))}
      </div>
      <span class="grow" />
      {state.view === "graph" && <Check label="Stacked" on={state.graph.stacked} onChange={() => toggle("stacked")} />}
      {state.view === "graph" && <Check label="Logarithmic" on={state.graph.log} onChange={() => toggle("log")} />}
      {state.view !== "table" && (
        <Check label="Exemplars" on={state.graph.exemplars} onChange={() => toggle("exemplars")} />
      )}
    </div>
  );
}

function Check(props: { readonly label: string; readonly on: boolean; onChange(): void }) {
  return (
    <label class="inline">
      <input type="checkbox" checked={props.on} onChange={props.onChange} />
      {props.label}
    </label>
  );
}

function Results({ page, zoom }: { readonly page: Page; readonly zoom: ZoomHistory }) {
  const results = [...page.outcomes.values()]
    .map(({ value }) => value)
    .filter((value): value is Result => value !== undefined);
  switch (page.state.view) {
    case "table":
      return <TableView results={results} />;
    case "heat":
      return <HeatView page={page} results={results} zoom={zoom} />;
    default:
      return <GraphView page={page} results={results} zoom={zoom} />;
  }
}
