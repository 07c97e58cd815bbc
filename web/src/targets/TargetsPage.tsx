// What is scraped, and how it goes.
import { useMemo, useState } from "preact/hooks";
import { targets as loadTargets, type DroppedTarget, type Target, type Targets } from "../api/control";
import { useLoad } from "../api/useLoad";
import { Choice, FilterBox, Freshness } from "../shell/Controls";
import { labelTexts, Labels, matchesFilter } from "../shell/Labels";
import { Empty, Failure, Waiting } from "../shell/Notice";
import { pageHref, useParam } from "../shell/router";
import { formatAgo, formatDuration, formatTime } from "../time/format";
import { countByHealth, poolsOf, type Pool } from "./pools";
import "./targets.css";

const kinds = { up: "good", down: "bad", unknown: "plain" } as const;

function selectorOf(target: Target): string {
  return `up{job=${JSON.stringify(target.labels.job ?? "")}, instance=${JSON.stringify(target.labels.instance ?? "")}}`;
}

function TargetRow(props: { target: Target; now: number }) {
  const { target } = props;
  const scraped = Date.parse(target.lastScrape);
  return (
    <tr>
      <td>
        <span class={`state ${kinds[target.health]}`}>{target.health}</span>
      </td>
      <td class="endpoint">
        <a href={pageHref("metrics", { q: selectorOf(target) })} title="The target's up, over time">
          {target.scrapeUrl}
        </a>
        {target.lastError && <div class="error">{target.lastError}</div>}
      </td>
      <td>
        <Labels labels={target.labels} without={["job"]} />
      </td>
      <td class="number" title={scraped > 0 ? formatTime(scraped) : ""}>
        {formatAgo(scraped, props.now)}
      </td>
      <td class="number">{scraped > 0 ? formatDuration(target.lastScrapeDuration * 1000) : ""}</td>
      <td class="number soft" title={`Timeout ${target.scrapeTimeout}`}>
        {target.scrapeInterval}
      </td>
    </tr>
  );
}

// Of a pool at first; a job of thousands is rarely read to its end.
const shownAtFirst = 200;

function PoolTable(props: { pool: Pool; now: number }) {
  const { targets } = props.pool;
  const [all, setAll] = useState(false);
  const shown = all ? targets : targets.slice(0, shownAtFirst);
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th class="col-state">State</th>
            <th>Endpoint</th>
            <th>Labels</th>
            <th class="number col-time">Last scrape</th>
            <th class="number col-time">Took</th>
            <th class="number col-time">Every</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((target) => (
            <TargetRow key={target.scrapeUrl + target.labels.instance} target={target} now={props.now} />
          ))}
        </tbody>
      </table>
      {shown.length < targets.length && (
        <button class="link more" onClick={() => setAll(true)}>
          Show all {targets.length}
        </button>
      )}
    </div>
  );
}

// Rows are drawn when they can be seen. `open` is how it begins; whoever opens or closes it decides from then on.
function PoolPanel(props: { pool: Pool; now: number; open: boolean }) {
  const { pool } = props;
  const [chosen, setChosen] = useState<boolean>();
  const open = chosen ?? props.open;
  const healthy = pool.up === pool.total;
  const toggle = (event: Event) => {
    event.preventDefault();
    setChosen(!open);
  };
  return (
    <details class="panel pool" open={open}>
      <summary class="panel-head" onClick={toggle}>
        <h2>{pool.name}</h2>
        <span class={`state ${healthy ? "good" : "bad"}`}>
          {pool.up} of {pool.total} up
        </span>
        {pool.dropped > 0 && <span class="soft">{pool.dropped} dropped</span>}
      </summary>
      {open && <PoolTable pool={pool} now={props.now} />}
    </details>
  );
}

function Dropped(props: { targets: DroppedTarget[]; counts: Record<string, number> }) {
  const total = Object.values(props.counts).reduce((sum, count) => sum + count, 0);
  if (!props.targets.length) return <Empty title="No target was dropped">Relabelling keeps everything that was found.</Empty>;
  return (
    <div class="panel">
      <div class="panel-head soft">
        Found, and left out by <code>relabel_configs</code>
        {total > props.targets.length && `: the first ${props.targets.length} of ${total}`}
      </div>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Job</th>
              <th>Labels before relabelling</th>
            </tr>
          </thead>
          <tbody>
            {props.targets.map((target, index) => (
              <tr key={index}>
                <td>{target.scrapePool}</td>
                <td>
                  <Labels labels={target.discoveredLabels} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Shown(props: { value: Targets; state: string; filter: string; now: number }) {
  const { value, state, filter } = props;
  const pools = useMemo(() => {
    const wanted = value.activeTargets.filter(
      (target) =>
        (state === "" || target.health === state) &&
        matchesFilter(filter, [target.scrapePool, target.scrapeUrl, target.lastError, ...labelTexts(target.labels)]),
    );
    return poolsOf(wanted, value.droppedTargetCounts);
  }, [value, state, filter]);
  if (state === "dropped") {
    const wanted = value.droppedTargets.filter((target) =>
      matchesFilter(filter, [target.scrapePool, ...labelTexts(target.discoveredLabels)]),
    );
    return <Dropped targets={wanted} counts={value.droppedTargetCounts} />;
  }
  if (value.activeTargets.length === 0) {
    return (
      <Empty title="Nothing is scraped">
        Name Prometheus configuration files in <code>scrape_config_files</code>, or make jobs with the workspaces' API.
      </Empty>
    );
  }
  if (pools.length === 0) return <Empty title="No target is like this" />;
  const many = value.activeTargets.length > 200;
  return (
    <>
      {pools.map((pool) => (
        <PoolPanel key={pool.name} pool={pool} now={props.now} open={!many || filter !== "" || pool.up < pool.total} />
      ))}
    </>
  );
}

export default function TargetsPage() {
  const [state, setState] = useParam("state");
  const [filter, setFilter] = useParam("filter");
  const { value, error, loading, at, reload } = useLoad(loadTargets, [], 5);
  const counts = countByHealth(value?.activeTargets ?? []);
  const dropped = Object.values(value?.droppedTargetCounts ?? {}).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <div class="page-head">
        <h1>Targets</h1>
        <Choice
          label="State"
          value={state}
          onChange={setState}
          options={[
            { value: "", text: "All", count: value?.activeTargets.length ?? 0 },
            { value: "up", text: "Up", count: counts.up },
            { value: "down", text: "Down", count: counts.down },
            ...(counts.unknown ? [{ value: "unknown", text: "Not yet scraped", count: counts.unknown }] : []),
            { value: "dropped", text: "Dropped", count: dropped },
          ]}
        />
        <FilterBox
          value={filter}
          onChange={(text) => setFilter(text, { replace: true })}
          placeholder="Filter by job, address, label, error"
        />
        <span class="grow" />
        <Freshness at={at} reload={reload} />
      </div>
      <Waiting active={loading && !value} />
      <Failure error={error} retry={reload} />
      {value && <Shown value={value} state={state} filter={filter} now={at} />}
    </>
  );
}
