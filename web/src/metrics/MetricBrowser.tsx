// Finds metrics by name or help, and shows what labels they have.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Metadata } from "../api/prometheus";
import { useLoad } from "../api/useLoad";
import type { Catalogue } from "../editors/catalogue";
import { Empty, Failure, Waiting } from "../shell/Notice";
import { Breakable } from "../shell/Breakable";
import { Icon } from "../shell/Icon";
import { labelName, quote, seriesName } from "./labels";
import { type FoundMetric, searchMetrics } from "./metricSearch";

const MOST = 200;
const MOST_VALUES = 200;

export interface MetricBrowserProps {
  readonly catalogue: Catalogue;
  onInsert(expression: string): void;
  onClose(): void;
}

async function load(catalogue: Catalogue): Promise<{ names: string[]; metadata: Metadata }> {
  const [names, metadata] = await Promise.all([catalogue.metricNames(), catalogue.metadata()]);
  return { names, metadata };
}

export function MetricBrowser({ catalogue, onInsert, onClose }: MetricBrowserProps) {
  const { value, error, loading, reload } = useLoad(() => load(catalogue), [catalogue]);
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const found = useMemo(() => (value ? searchMetrics(value.names, value.metadata, search) : []), [value, search]);

  return (
    <aside class="panel browser" aria-label="Metric browser">
      <div class="panel-head">
        <input
          ref={input}
          class="grow"
          type="search"
          placeholder="Search names and helps"
          aria-label="Search metrics"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <button class="quiet" aria-label="Close the metric browser" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <Waiting active={loading} />
      <Failure error={error} retry={reload} />
      {value && found.length === 0 && <Empty title="No metric is called so">in the range of the page</Empty>}
      <ul class="browser-list">
        {found.slice(0, MOST).map((metric) => (
          <MetricEntry
            key={metric.name}
            metric={metric}
            open={chosen === metric.name}
            catalogue={catalogue}
            onToggle={() => setChosen(chosen === metric.name ? undefined : metric.name)}
            onInsert={onInsert}
          />
        ))}
      </ul>
      {found.length > MOST && (
        <p class="browser-more soft">{(found.length - MOST).toLocaleString("en")} more: narrow the search down</p>
      )}
    </aside>
  );
}

interface MetricEntryProps {
  readonly metric: FoundMetric;
  readonly open: boolean;
  readonly catalogue: Catalogue;
  onToggle(): void;
  onInsert(expression: string): void;
}

function MetricEntry({ metric, open, catalogue, onToggle, onInsert }: MetricEntryProps) {
  const { name, family } = metric;
  return (
    <li>
      <div class="browser-entry">
        <button class="quiet browser-name" aria-expanded={open} onClick={onToggle}>
          <span class="mono">
            <Breakable name={name} />
          </span>
          {family && <span class="state plain">{family.type}</span>}
        </button>
        <button
          class="quiet"
          title="Ask for it"
          aria-label={`Ask for ${name}`}
          onClick={() => onInsert(suggest(name, family?.type))}
        >
          <Icon name="enter" />
        </button>
      </div>
      {family?.help && <p class="browser-help soft">{family.help}</p>}
      {open && <MetricLabels metric={name} catalogue={catalogue} onInsert={onInsert} />}
    </li>
  );
}

/** What one usually wants to see of a metric of this type. */
function suggest(name: string, type: string | undefined): string {
  const selector = seriesName({ __name__: name });
  if (type === "counter" || /_(?:total|count|sum)$/.test(name)) return `rate(${selector}[5m])`;
  if (name.endsWith("_bucket")) return `sum by (le) (rate(${selector}[5m]))`;
  if (type === "histogram") return `histogram_quantile(0.95, sum(rate(${selector}[5m])))`;
  return selector;
}

interface MetricLabelsProps {
  readonly metric: string;
  readonly catalogue: Catalogue;
  onInsert(expression: string): void;
}

function MetricLabels({ metric, catalogue, onInsert }: MetricLabelsProps) {
  const { value, error, loading } = useLoad(() => catalogue.labelNames(seriesName({ __name__: metric })), [metric]);
  return (
    <div class="browser-labels">
      <Waiting active={loading} />
      <Failure error={error} />
      {value
        ?.filter((label) => label !== "__name__")
        .map((label) => (
          <LabelValues key={label} metric={metric} label={label} catalogue={catalogue} onInsert={onInsert} />
        ))}
    </div>
  );
}

function LabelValues({ metric, label, catalogue, onInsert }: MetricLabelsProps & { readonly label: string }) {
  const { value = [] } = useLoad(() => catalogue.labelValues(label, seriesName({ __name__: metric })), [metric, label]);
  return (
    <details>
      <summary>
        <span class="mono">{label}</span> <span class="soft">{value.length.toLocaleString("en")}</span>
      </summary>
      <div class="browser-values">
        {value.slice(0, MOST_VALUES).map((each) => (
          <button key={each} class="label" onClick={() => onInsert(withMatcher(metric, label, each))}>
            {each === "" ? '""' : each}
          </button>
        ))}
        {value.length > MOST_VALUES && (
          <span class="soft">and {(value.length - MOST_VALUES).toLocaleString("en")} more</span>
        )}
      </div>
    </details>
  );
}

function withMatcher(metric: string, label: string, value: string): string {
  const selector = seriesName({ __name__: metric });
  const matcher = `${labelName(label)}=${quote(value)}`;
  return selector.endsWith("}") ? `${selector.slice(0, -1)}, ${matcher}}` : `${selector}{${matcher}}`;
}
