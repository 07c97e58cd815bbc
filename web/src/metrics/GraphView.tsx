// Range results as lines, one graph per unit.
import { useMemo, useRef, useState } from "preact/hooks";
import { Legend, toggled } from "../charts/Legend";
import { seriesColour } from "../charts/palette";
import type { Pointed } from "../charts/ChartTip";
import { type Scheme, useScheme } from "../charts/scheme";
import { Signal } from "../charts/signal";
import { TimeChart } from "../charts/TimeChart";
import { unitTitle } from "../charts/units";
import { Empty } from "../shell/Notice";
import { resolve, type Span } from "../time/range";
import type { ZoomHistory } from "../time/useZoomHistory";
import { graphPanels, type Panel } from "./panels";
import type { Result } from "./results";
import { runnable } from "./state";
import type { MetricsPage } from "./useMetrics";

// More lines than this nobody can read, and they cost seconds to draw; all of them on demand.
const MOST_SERIES = 300;

export interface ViewProps {
  readonly page: MetricsPage;
  readonly results: readonly Result[];
  readonly zoom: ZoomHistory;
}

export function GraphView({ page, results, zoom }: ViewProps) {
  const scheme = useScheme();
  const [most, setMost] = useState(MOST_SERIES);
  const lookup = (metric: string) => page.metadata[metric]?.[0]?.unit;
  const panels = useMemo(() => graphPanels(results, lookup, most), [page.outcomes, page.metadata, most]);
  const span = useMemo(() => resolve(page.state.range, page.askedAt), [page.state.range, page.askedAt]);
  if (panels.length === 0) return <NothingToDraw page={page} results={results} />;
  return (
    <>
      {panels.map((panel, i) => (
        <GraphPanel
          key={`${panel.unit} ${i}`}
          panel={panel}
          page={page}
          zoom={zoom}
          scheme={scheme}
          span={span}
          onAll={() => setMost(Infinity)}
        />
      ))}
    </>
  );
}

function NothingToDraw({ page, results }: { readonly page: MetricsPage; readonly results: readonly Result[] }) {
  if (runnable(page.state).length === 0) {
    return (
      <Empty title="Nothing is asked yet">
        Write a query and press Ctrl+Enter, or browse the metrics that are there.
      </Empty>
    );
  }
  if (page.running || results.length === 0) return <div class="chart-space" />;
  const histograms = results.some(({ answer }) => answer.data.resultType === "matrix" && answer.data.result.length > 0);
  if (histograms)
    return (
      <Empty title="These are native histograms">
        They are drawn as a heat map. Or draw a number of them: histogram_quantile(0.99, ...).
      </Empty>
    );
  return (
    <Empty title="No series">
      Nothing has samples in this range. Look at an earlier or longer one, or at the names in the metric browser (m).
    </Empty>
  );
}

interface GraphPanelProps {
  readonly panel: Panel;
  readonly page: MetricsPage;
  readonly zoom: ZoomHistory;
  readonly scheme: Scheme;
  readonly span: Span;
  onAll(): void;
}

function GraphPanel({ panel, page, zoom, scheme, span, onAll }: GraphPanelProps) {
  const cursor = useRef(new Signal<number | undefined>(undefined)).current;
  const pointed = useRef(new Signal<Pointed | undefined>(undefined)).current;
  const { graph, hidden } = page.state;
  const series = useMemo(() => {
    const off = new Set(hidden);
    return panel.series.map(({ name, shortName }, i) => ({
      name,
      shortName,
      colour: seriesColour(scheme.series, i),
      shown: !off.has(name),
    }));
  }, [panel, scheme, hidden]);
  const choose = (name: string, alone: boolean) =>
    page.commit(
      (old) => ({
        ...old,
        hidden: toggled(
          series.map((each) => each.name),
          old.hidden,
          name,
          alone,
        ),
      }),
      { replace: true },
    );

  return (
    <section class="panel graph-panel" aria-label={unitTitle(panel.unit) || "Graph"}>
      <PanelHead panel={panel} onAll={onAll} />
      <TimeChart
        times={panel.grid.times}
        columns={panel.grid.columns}
        series={series}
        span={span}
        unit={panel.unit}
        stacked={graph.stacked}
        log={graph.log}
        dots={panel.dots}
        height={340}
        scheme={scheme}
        sync="metrics"
        cursor={cursor}
        pointed={pointed}
        onZoom={(from, to) => zoom.zoom({ kind: "between", from, to })}
        onBack={zoom.back}
      />
      <Legend series={series} columns={panel.grid.columns} unit={panel.unit} cursor={cursor} onChoose={choose} />
    </section>
  );
}

function PanelHead({ panel, onAll }: { readonly panel: Panel; onAll(): void }) {
  const partly = panel.total > panel.series.length;
  if (!panel.common && !partly) return null;
  return (
    <div class="graph-head soft">
      {panel.common && <span class="mono">{panel.common}</span>}
      <span class="grow" />
      {partly && (
        <span>
          {panel.series.length.toLocaleString("en")} of {panel.total.toLocaleString("en")} series.{" "}
          <button class="link" onClick={onAll}>
            Draw all
          </button>
        </span>
      )}
    </div>
  );
}
