// Figures of the process, in groups: what comes in, what is in memory, what is on disk, what is asked.
import type { ComponentChildren } from "preact";
import type { About } from "../api/status";
import { RequestError } from "../api/request";
import { Failure, Notice, Waiting } from "../shell/Notice";
import { formatAgo, formatBytes, formatCount, formatDuration, formatTime } from "../time/format";
import { parseSize } from "./sizes";
import { Spark, UseBar } from "./Spark";
import { useOwnMetrics, type OwnHistory } from "./useOwnMetrics";

function Card(props: { title: string; children: ComponentChildren }) {
  return (
    <section class="panel card" aria-label={props.title}>
      <h2>{props.title}</h2>
      <dl>{props.children}</dl>
    </section>
  );
}

// A figure that this process does not have is left out.
function Figure(props: { name: string; value: ComponentChildren; title?: string; children?: ComponentChildren }) {
  if (props.value === undefined) return null;
  return (
    <div class="figure" title={props.title}>
      <dt>{props.name}</dt>
      <dd>
        {props.children}
        <span>{props.value}</span>
      </dd>
    </div>
  );
}

type Format = (value: number) => string;

function Rate(props: { of: OwnHistory; metric: string; name: string; format?: Format; unit?: string; title?: string }) {
  const value = props.of.rate(props.metric);
  if (!props.of.now.has(props.metric)) return null;
  const format = props.format ?? formatCount;
  return (
    <Figure name={props.name} title={props.title} value={value === undefined ? "…" : format(value) + (props.unit ?? "/s")}>
      <Spark values={props.of.rates(props.metric)} />
    </Figure>
  );
}

function Gauge(props: { of: OwnHistory; metric: string; name: string; format?: Format; title?: string; spark?: boolean }) {
  const value = props.of.now.sum(props.metric);
  if (value === undefined) return null;
  return (
    <Figure name={props.name} title={props.title} value={(props.format ?? formatCount)(value)}>
      {props.spark && <Spark values={props.of.values(props.metric)} />}
    </Figure>
  );
}

function Mean(props: { of: OwnHistory; metric: string; name: string }) {
  const mean = props.of.now.mean(props.metric);
  if (!props.of.now.has(`${props.metric}_count`)) return null;
  return <Figure name={props.name} value={mean === undefined ? "none yet" : formatDuration(mean * 1000)} title="Mean since the start" />;
}

function Bounded(props: { name: string; used: number | undefined; most: number | undefined; format: Format }) {
  const { used, most, format } = props;
  if (used === undefined) return null;
  if (!most) return <Figure name={props.name} value={format(used)} />;
  return (
    <Figure name={props.name} value={`${format(used)} of ${format(most)}`}>
      <UseBar used={used} most={most} label={props.name} />
    </Figure>
  );
}

function ProcessCard(props: { about: About; flags: Record<string, string>; of: OwnHistory | undefined }) {
  const { about, of } = props;
  const started = Date.parse(about.runtime.startTime);
  return (
    <Card title="Process">
      <Figure name="Runs as" value={`--target=${props.flags.target ?? "all"}`} />
      <Figure name="On" value={about.runtime.hostname} />
      <Figure name="Up" value={formatAgo(started).replace(" ago", "")} title={`since ${formatTime(started)}`} />
      <Figure name="Retention" value={about.runtime.storageRetention} title="Of tenants that say nothing else" />
      {!about.runtime.reloadConfigSuccess && (
        <Figure name="Configuration" value={<span class="state bad">last reload failed</span>} />
      )}
      {of && (
        <>
          <Gauge of={of} metric="process_resident_memory_bytes" name="Memory" format={formatBytes} spark />
          <Rate of={of} metric="process_cpu_seconds_total" name="Processors" format={(cores) => cores.toFixed(2)} unit=" cores" />
          <Bounded name="Open files" used={of.now.sum("process_open_fds")} most={of.now.sum("process_max_fds")} format={formatCount} />
          <Gauge of={of} metric="process_threads" name="Threads" />
        </>
      )}
    </Card>
  );
}

function IncomingCard(props: { of: OwnHistory }) {
  const { of } = props;
  if (!of.now.has("tidegate_ingest_requests_total")) return null;
  return (
    <Card title="Coming in">
      <Rate of={of} metric="tidegate_ingest_samples_total" name="Samples" />
      <Rate of={of} metric="tidegate_ingest_log_entries_total" name="Log entries" />
      <Rate of={of} metric="tidegate_ingest_requests_total" name="Pushes" />
      <Rate of={of} metric="tidegate_ingest_decoder_bytes_total" name="Bytes" format={(bytes) => formatBytes(Math.round(bytes))} />
      <Mean of={of} metric="tidegate_ingest_push_duration_seconds" name="A push takes" />
      <Gauge of={of} metric="tidegate_ingest_rejected_samples_total" name="Refused since the start" />
      <Gauge of={of} metric="tidegate_scrape_targets" name="Targets" />
    </Card>
  );
}

function MemoryCard(props: { of: OwnHistory; flags: Record<string, string> }) {
  const { of, flags } = props;
  if (!of.now.has("tidegate_ingest_head_series")) return null;
  return (
    <Card title="Unsealed, in memory and in the log">
      <Gauge of={of} metric="tidegate_ingest_head_series" name="Series" />
      <Gauge of={of} metric="tidegate_ingest_head_samples" name="Samples" spark />
      <Gauge of={of} metric="tidegate_ingest_head_chunk_bytes" name="Chunks" format={formatBytes} />
      <Bounded
        name="Log entries"
        used={of.now.sum("tidegate_ingest_head_entry_bytes")}
        most={parseSize(flags.max_head_log_memory)}
        format={formatBytes}
      />
      <Bounded
        name="Log on disk"
        used={of.now.sum("tidegate_ingest_log_bytes")}
        most={parseSize(flags.max_log_bytes)}
        format={formatBytes}
      />
      <Figure name="Sealed every" value={flags.head_cut_interval} />
    </Card>
  );
}

function DiskCard(props: { of: OwnHistory }) {
  const { of } = props;
  const size = of.now.sum("tidegate_storage_size_bytes");
  const free = of.now.sum("tidegate_storage_free_bytes");
  const points = of.now.sum("tidegate_store_points");
  const bytes = of.now.sum("tidegate_store_bytes");
  if (!of.now.has("tidegate_store_segments")) return null;
  return (
    <Card title="Sealed, on disk">
      <Gauge of={of} metric="tidegate_store_points" name="Points" />
      <Gauge of={of} metric="tidegate_store_bytes" name="Size" format={formatBytes} />
      {points && points > 1000 && bytes ? <Figure name="A point takes" value={`${(bytes / points).toFixed(2)} B`} /> : null}
      <Gauge of={of} metric="tidegate_store_partitions" name="Partitions" />
      <Gauge of={of} metric="tidegate_store_segments" name="Segments" />
      {size && free !== undefined ? <Bounded name="File system" used={size - free} most={size} format={formatBytes} /> : null}
    </Card>
  );
}

function QueryCard(props: { of: OwnHistory }) {
  const { of } = props;
  if (!of.now.has("tidegate_query_running") && !of.now.has("tidegate_query_duration_seconds_count")) return null;
  return (
    <Card title="Asked">
      <Rate of={of} metric="tidegate_query_requests_total" name="Queries" />
      <Gauge of={of} metric="tidegate_query_running" name="Running" />
      <Gauge of={of} metric="tidegate_query_waiting" name="Waiting" />
      <Mean of={of} metric="tidegate_query_duration_seconds" name="A query takes" />
      <Gauge of={of} metric="tidegate_query_rejected_total" name="Refused since the start" />
      <Rate of={of} metric="tidegate_http_requests_total" name="HTTP requests" />
      <Gauge of={of} metric="tidegate_http_connections" name="Connections" />
    </Card>
  );
}

function ActingCard(props: { of: OwnHistory }) {
  const { of } = props;
  if (!of.now.has("tidegate_scrapes_total")) return null;
  return (
    <Card title="Done on its own">
      <Rate of={of} metric="tidegate_scrapes_total" name="Scrapes" />
      <Rate of={of} metric="tidegate_rule_evaluations_total" name="Rule evaluations" />
      <Gauge of={of} metric="tidegate_rules" name="Rules" />
      <Gauge of={of} metric="tidegate_rule_evaluation_failures_total" name="Failed evaluations" />
      <Gauge of={of} metric="tidegate_monitors" name="Monitors" />
      <Gauge of={of} metric="tidegate_alerts_lost_total" name="Alerts lost" />
    </Card>
  );
}

// Damage, and what keeps failing, before all figures.
function Alarms(props: { of: OwnHistory }) {
  const { now } = props.of;
  const alarms: [string, string][] = [
    ["tidegate_store_damaged_pages", "damaged pages were found: their data is left out of answers. Run tidegate check storage."],
    ["tidegate_store_damaged_files", "damaged files were found when the store was opened. Run tidegate check storage."],
    ["tidegate_ingest_log_damage_total", "damaged stretches of the log were left out by the replay."],
    ["tidegate_store_failed_merges_total", "merges failed; they are tried again. The server's log says why."],
  ];
  return (
    <>
      {alarms.map(([metric, text]) => {
        const count = now.sum(metric);
        return count ? (
          <Notice kind="warn" key={metric}>
            <strong>{count}</strong> {text}
          </Notice>
        ) : null;
      })}
    </>
  );
}

export function Overview(props: { about: About; flags: Record<string, string> }) {
  const { value: of, error, loading } = useOwnMetrics();
  const forbidden = error instanceof RequestError && error.status === 403;
  return (
    <>
      <Waiting active={loading && !of} />
      {forbidden ? (
        <Notice>The process' own metrics need a key with the permission admin.</Notice>
      ) : (
        <Failure error={error} />
      )}
      {of && <Alarms of={of} />}
      <div class="cards">
        <ProcessCard about={props.about} flags={props.flags} of={of} />
        {of && (
          <>
            <IncomingCard of={of} />
            <QueryCard of={of} />
            <MemoryCard of={of} flags={props.flags} />
            <DiskCard of={of} />
            <ActingCard of={of} />
          </>
        )}
      </div>
      {of && (
        <p class="soft foot">Of this process alone, since its start; lines show the time that this page was open.</p>
      )}
    </>
  );
}
