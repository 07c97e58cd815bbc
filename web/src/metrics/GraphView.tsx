// Range results as lines, one graph per unit.
import { useMemo, useState } from "preact/hooks";
import { useScheme } from "../charts/scheme";
import { Empty } from "../shell/Notice";
import { resolve } from "../time/range";
import type { ZoomHistory } from "../time/useZoomHistory";
import { GraphPanel } from "./GraphPanel";
import { graphPanels } from "./panels";
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
          stacked={page.state.graph.stacked}
          log={page.state.graph.log}
          visible={page.state.visible}
          span={span}
          scheme={scheme}
          onVisible={(change) => page.commit((old) => ({ ...old, visible: change(old.visible) }), { replace: true })}
          onAll={() => setMost(Infinity)}
          onZoom={(from, to) => zoom.zoom({ kind: "between", from, to })}
          onBack={zoom.back}
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
