// Histograms as heat maps, one per query.
import { useMemo, useRef } from "preact/hooks";
import type { Pointed } from "../charts/ChartTip";
import { HeatChart } from "../charts/HeatChart";
import { type Scheme, useScheme } from "../charts/scheme";
import { Signal } from "../charts/signal";
import { Empty } from "../shell/Notice";
import { resolve, type Span } from "../time/range";
import type { ZoomHistory } from "../time/useZoomHistory";
import type { ViewProps } from "./GraphView";
import { type HeatPanel, heatPanels } from "./panels";

export function HeatView({ page, results, zoom }: ViewProps) {
  const scheme = useScheme();
  const lookup = (metric: string) => page.metadata[metric]?.[0]?.unit;
  const panels = useMemo(() => heatPanels(results, lookup), [page.outcomes, page.metadata]);
  const span = useMemo(() => resolve(page.state.range, page.askedAt), [page.state.range, page.askedAt]);
  if (panels.length === 0) {
    if (page.running) return <div class="chart-space" />;
    return (
      <Empty title="No histograms">
        A heat map is drawn of native histograms, rate(latency_seconds[5m]), and of classic ones, sum by (le)
        (rate(latency_seconds_bucket[5m])).
      </Empty>
    );
  }
  return (
    <>
      {panels.map((panel) => (
        <HeatMapPanel key={panel.expression} panel={panel} span={span} scheme={scheme} zoom={zoom} />
      ))}
    </>
  );
}

interface HeatMapPanelProps {
  readonly panel: HeatPanel;
  readonly span: Span;
  readonly scheme: Scheme;
  readonly zoom: ZoomHistory;
}

function HeatMapPanel({ panel, span, scheme, zoom }: HeatMapPanelProps) {
  const pointed = useRef(new Signal<Pointed | undefined>(undefined)).current;
  return (
    <section class="panel graph-panel" aria-label={`Heat map of ${panel.expression}`}>
      <div class="graph-head soft">
        <span class="mono">{panel.expression}</span>
        {panel.groups > 1 && <span>{panel.groups.toLocaleString("en")} histograms, added up</span>}
        <span class="grow" />
        <span class="heat-scale-space" />
      </div>
      <HeatChart
        map={panel.map}
        span={span}
        step={panel.step}
        unit={panel.unit}
        dots={panel.dots}
        height={360}
        scheme={scheme}
        sync="metrics"
        pointed={pointed}
        onZoom={(from, to) => zoom.zoom({ kind: "between", from, to })}
        onBack={zoom.back}
      />
    </section>
  );
}
