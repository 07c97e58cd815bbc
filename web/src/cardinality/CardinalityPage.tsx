// How many series there are, and of what: which metric, label or value is about to blow up.
import { useState } from "preact/hooks";
import type { NamedCount } from "../api/prometheus";
import { setTenant } from "../api/request";
import { useLoad } from "../api/useLoad";
import { labelName, quote, seriesName } from "../metrics/labels";
import { Failure, Waiting } from "../shell/Notice";
import { go, pageHref } from "../shell/router";
import { useUrlState } from "../shell/useUrlState";
import { formatCount } from "../time/format";
import { utcDay } from "../time/instant";
import "./cardinality.css";
import { compare, pairOf } from "./comparison";
import { CountTable } from "./CountTable";
import { type Counts, loadCounts, loadTenants, seriesOf } from "./load";
import { type CardinalityState, narrowed, readState, TOPS, writeState } from "./state";

const codec = { page: "cardinality", read: readState, write: writeState };

export default function CardinalityPage() {
  const { committed: state, commit } = useUrlState<CardinalityState>(codec);
  const { value, error, loading, reload } = useLoad((signal) => loadCounts(state, signal), [state]);
  const set = (part: Partial<CardinalityState>) => commit((old) => ({ ...old, ...part }));
  return (
    <>
      <Toolbar state={state} onChange={set} />
      <Waiting active={loading} />
      <Failure error={error} retry={reload} />
      {value && <Overview counts={value} state={state} />}
      <div class="counts-grid">
        <Tenants day={state.day} />
        {value && <Tables counts={value} state={state} onChange={set} />}
      </div>
    </>
  );
}

interface ToolbarProps {
  readonly state: CardinalityState;
  onChange(part: Partial<CardinalityState>): void;
}

function Toolbar({ state, onChange }: ToolbarProps) {
  return (
    <div class="page-head">
      <h1>Cardinality</h1>
      <span class="grow" />
      <TextField
        label="Series"
        placeholder='{job="node"}'
        value={state.match}
        onChange={(match) => onChange({ match })}
      />
      <TextField
        label="Focus label"
        placeholder="instance"
        value={state.focus}
        onChange={(focus) => onChange({ focus })}
      />
      <label class="inline">
        <span class="soft">Day (UTC)</span>
        <input
          type="date"
          max={utcDay(Date.now())}
          value={state.day}
          onChange={(event) => onChange({ day: event.currentTarget.value })}
        />
      </label>
      <button disabled={state.day === ""} onClick={() => onChange({ day: "" })} title="Series of the last two hours">
        Now
      </button>
      <label class="inline">
        <span class="soft">Top</span>
        <select value={String(state.topN)} onChange={(event) => onChange({ topN: Number(event.currentTarget.value) })}>
          {TOPS.map((top) => (
            <option key={top} value={String(top)}>
              {top}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function TextField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  onChange(value: string): void;
}) {
  const [text, setText] = useState(props.value);
  const [shown, setShown] = useState(props.value);
  if (shown !== props.value) {
    setShown(props.value);
    setText(props.value);
  }
  return (
    <label class="inline">
      <span class="soft">{props.label}</span>
      <input
        class="mono"
        placeholder={props.placeholder}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={() => props.onChange(text.trim())}
      />
    </label>
  );
}

function Overview({ counts, state }: { readonly counts: Counts; readonly state: CardinalityState }) {
  const series = seriesOf(counts.now);
  const change = counts.before && series - seriesOf(counts.before);
  return (
    <dl class="counts-overview">
      <Figure
        title={state.day === "" ? "Series in the last two hours" : `Series on ${state.day}`}
        value={formatCount(series)}
      />
      <Figure
        title="Pairs of label and value"
        value={formatCount(counts.now.totalLabelValuePairs ?? counts.now.headStats.numLabelPairs)}
      />
      {change !== undefined && (
        <Figure
          title={`Since ${counts.beforeDay}`}
          value={`${change >= 0 ? "+" : "−"}${formatCount(Math.abs(change))}`}
        />
      )}
    </dl>
  );
}

function Figure({ title, value }: { readonly title: string; readonly value: string }) {
  return (
    <div>
      <dt class="soft">{title}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Tables({ counts, state, onChange }: ToolbarProps & { readonly counts: Counts }) {
  const { now, before } = counts;
  const total = seriesOf(now);
  const since = before && counts.beforeDay;
  const rows = (list: (status: typeof now) => readonly NamedCount[] | undefined, of = total) =>
    compare(list(now) ?? [], of, before && (list(before) ?? []), state.topN);
  const explore = (selector: string) => go(pageHref("metrics", { q: `count(${selector})`, range: "1d" }));
  const narrow = (label: string, value: string) =>
    onChange({ match: narrowed(state.match, `${labelName(label)}=${quote(value)}`) });

  return (
    <>
      <CountTable
        title="Series by metric"
        unit="Series"
        shares
        since={since}
        action="Look at it in Metrics"
        rows={rows((status) => status.seriesCountByMetricName)}
        onChoose={(name) => explore(seriesName({ __name__: name }))}
      />
      <CountTable
        title="Values by label"
        unit="Values"
        shares={false}
        since={since}
        action="Count series by its values"
        rows={rows((status) => status.labelValueCountByLabelName)}
        onChoose={(focus) => onChange({ focus })}
      />
      {state.focus !== "" && (
        <CountTable
          title={`Series by ${state.focus}`}
          unit="Series"
          shares
          since={since}
          action="Only series with this value"
          rows={rows((status) => status.seriesCountByFocusLabelValue)}
          onChoose={(value) => narrow(state.focus, value)}
        />
      )}
      <CountTable
        title="Series by label and value"
        unit="Series"
        shares
        since={since}
        action="Only series with this value"
        rows={rows((status) => status.seriesCountByLabelValuePair)}
        onChoose={(name) => narrow(pairOf(name).label, pairOf(name).value)}
      />
    </>
  );
}

// Without a choice of tenants there is nothing to compare, and nothing is shown.
function Tenants({ day }: { readonly day: string }) {
  const { value } = useLoad((signal) => loadTenants(day, signal), [day]);
  if (!value || value.length < 2) return null;
  const total = value.reduce((sum, { series }) => sum + series, 0);
  const choose = (tenant: string) => {
    setTenant(tenant);
    location.reload();
  };
  return (
    <CountTable
      title="Series by tenant"
      unit="Series"
      shares
      since={undefined}
      action="Look at this tenant"
      rows={compare(
        value.map(({ tenant, series }) => ({ name: tenant, value: series })),
        total,
        undefined,
        value.length,
      )}
      onChoose={choose}
    />
  );
}
