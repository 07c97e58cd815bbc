// One graph with its legend.
import { useMemo, useRef } from "preact/hooks";
import type { Zoom } from "../charts/axes";
import type { Pointed } from "../charts/ChartTip";
import { Legend } from "../charts/Legend";
import { seriesColour } from "../charts/palette";
import type { Scheme } from "../charts/scheme";
import { Signal } from "../charts/signal";
import { TimeChart } from "../charts/TimeChart";
import { unitTitle } from "../charts/units";
import { afterClick, shownOf, type Visible } from "../charts/visible";
import type { Span } from "../time/range";
import type { Panel } from "./panels";

export interface GraphPanelProps extends Zoom {
  readonly panel: Panel;
  readonly stacked: boolean;
  readonly log: boolean;
  readonly visible: Visible;
  readonly span: Span;
  readonly scheme: Scheme;
  onVisible(change: (visible: Visible) => Visible): void;
  /** Draw all series, however many. */
  onAll(): void;
}

export function GraphPanel(props: GraphPanelProps) {
  const { panel, visible, scheme } = props;
  const cursor = useRef(new Signal<number | undefined>(undefined)).current;
  const pointed = useRef(new Signal<Pointed | undefined>(undefined)).current;
  const series = useMemo(() => {
    const shown = shownOf(
      panel.series.map(({ name }) => name),
      visible,
    );
    return panel.series.map(({ name, shortName }, i) => ({
      name,
      shortName,
      colour: seriesColour(scheme.series, i),
      shown: shown[i]!,
    }));
  }, [panel, scheme, visible]);
  const names = series.map(({ name }) => name);

  return (
    <section class="panel graph-panel" aria-label={unitTitle(panel.unit) || "Graph"}>
      <PanelHead panel={panel} onAll={props.onAll} />
      <TimeChart
        times={panel.grid.times}
        columns={panel.grid.columns}
        series={series}
        span={props.span}
        unit={panel.unit}
        stacked={props.stacked}
        log={props.log}
        dots={panel.dots}
        height={340}
        scheme={scheme}
        sync="metrics"
        cursor={cursor}
        pointed={pointed}
        onZoom={props.onZoom}
        onBack={props.onBack}
      />
      <Legend
        series={series}
        columns={panel.grid.columns}
        unit={panel.unit}
        cursor={cursor}
        onChoose={(name, alone) => props.onVisible((old) => afterClick(names, old, name, alone))}
      />
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
