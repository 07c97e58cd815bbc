// Long work and how far it is: queries, deletions, sealing, merging, imports.
import { activeQueries, costliestQueries, logDeletions, type ActiveQuery, type LogDeletion, type TopQuery } from "../api/status";
import { RequestError } from "../api/request";
import { useLoad } from "../api/useLoad";
import { Empty, Failure, Notice } from "../shell/Notice";
import { pageHref } from "../shell/router";
import { formatBytes, formatCount, formatDuration, formatTime } from "../time/format";
import { parseSize } from "./sizes";
import { UseBar } from "./Spark";
import { useOwnMetrics, type OwnHistory } from "./useOwnMetrics";

function exploreHref(query: { language: string; query: string }): string {
  return pageHref(query.language === "logql" ? "logs" : "metrics", { q: query.query });
}

function Panel(props: { title: string; about?: string; children: preact.ComponentChildren }) {
  return (
    <section class="panel" aria-label={props.title}>
      <div class="panel-head">
        <h2>{props.title}</h2>
        {props.about && <span class="soft">{props.about}</span>}
      </div>
      {props.children}
    </section>
  );
}

function Active(props: { queries: ActiveQuery[] }) {
  if (props.queries.length === 0) return <Empty title="No query runs" />;
  return (
    <table>
      <tbody>
        {props.queries.map((query) => (
          <tr key={query.id}>
            <td class="number col-time">{query.duration}</td>
            <td class="mono expression">
              <a href={exploreHref(query)}>{query.query}</a>
            </td>
            <td class="soft">{query.remote_addr}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Costly(props: { queries: TopQuery[] }) {
  if (props.queries.length === 0) return <Empty title="None took a millisecond" />;
  const most = Math.max(...props.queries.map(({ sumDurationSeconds }) => sumDurationSeconds ?? 0));
  return (
    <table>
      <tbody>
        {props.queries.map((query, index) => (
          <tr key={index}>
            <td class="number col-time">{formatDuration((query.sumDurationSeconds ?? 0) * 1000)}</td>
            <td class="bar-cell">
              <UseBar used={(query.sumDurationSeconds ?? 0) * 0.75} most={most} label="Share of the costliest" />
            </td>
            <td class="number col-time">{query.count} ×</td>
            <td class="mono expression">
              <a href={exploreHref(query)}>{query.query}</a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Deletions(props: { deletions: LogDeletion[] }) {
  if (props.deletions.length === 0) return <Empty title="No log entries were deleted in the last 30 days" />;
  return (
    <table>
      <thead>
        <tr>
          <th>State</th>
          <th>Entries</th>
          <th>From</th>
          <th>To</th>
          <th>Asked for</th>
        </tr>
      </thead>
      <tbody>
        {props.deletions.map((deletion) => (
          <tr key={deletion.request_id}>
            <td>
              {deletion.status === "processed" ? (
                <span class="state plain">final</span>
              ) : (
                <span class="state info" title="Hidden; can be cancelled until it is final">
                  hidden
                </span>
              )}
            </td>
            <td class="mono expression">{deletion.query}</td>
            <td>{formatTime(deletion.start_time * 1000)}</td>
            <td>{formatTime(deletion.end_time * 1000)}</td>
            <td>{formatTime(deletion.created_at * 1000)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function times(count: number): string {
  if (count === 1) return "once";
  return count === 0 ? "not yet" : `${formatCount(count)} times`;
}

interface WorkRow {
  name: string;
  state: preact.ComponentChildren;
  done: string;
  used?: [number, number]; // Of a bound.
}

// Sealing, merging and imports, told from what has moved since the last look.
export function workRows(of: OwnHistory, flags: Record<string, string>): WorkRow[] {
  const rows: WorkRow[] = [];
  const log = of.now.sum("tidegate_ingest_log_bytes");
  if (log !== undefined) {
    const most = parseSize(flags.max_log_bytes);
    const failed = of.now.sum("tidegate_ingest_failed_cuts_total") ?? 0;
    const mean = of.now.mean("tidegate_ingest_cut_duration_seconds");
    rows.push({
      name: "Sealing",
      state: failed ? <span class="state warn">{failed} failed</span> : `${formatBytes(log)} of log wait`,
      done: `${times(of.now.sum("tidegate_ingest_cuts_total") ?? 0)}${mean ? `, ${formatDuration(mean * 1000)} each` : ""}`,
      ...(most && { used: [log, most] as [number, number] }),
    });
  }
  const merges = of.now.sum("tidegate_store_merges_total");
  if (merges !== undefined) {
    const points = of.rate("tidegate_store_merged_points_read_total");
    const mean = of.now.mean("tidegate_store_merge_duration_seconds");
    rows.push({
      name: "Merging",
      state: points ? `${formatCount(points)} points/s` : "at rest",
      done: `${times(merges)}${mean ? `, ${formatDuration(mean * 1000)} each` : ""}, ${formatCount(of.now.sum("tidegate_store_merged_points_written_total") ?? 0)} points written`,
    });
    rows.push({
      name: "Retention",
      state: "",
      done: `${formatCount(of.now.sum("tidegate_store_expired_segments_total") ?? 0)} expired segments dropped`,
    });
  }
  const imported = of.now.sum("tidegate_ingest_decoder_bytes_total");
  if (imported !== undefined) {
    const bytes = of.rate("tidegate_ingest_decoder_bytes_total");
    const atWork = of.now.sum("tidegate_ingest_in_flight_bytes") ?? 0;
    rows.push({
      name: "Pushes and imports",
      state: bytes ? `${formatBytes(Math.round(bytes))}/s, ${formatBytes(atWork)} at work` : "at rest",
      done: `${formatBytes(imported)} taken in`,
    });
  }
  const replayed = of.now.sum("tidegate_ingest_replayed_frames_total");
  if (replayed) rows.push({ name: "Replay of the log", state: "", done: `${formatCount(replayed)} frames at the start` });
  return rows;
}

function Background(props: { flags: Record<string, string> }) {
  const { value: of, error } = useOwnMetrics();
  if (error instanceof RequestError && error.status === 403) {
    return <Notice>Sealing, merging and imports are shown to keys with the permission admin.</Notice>;
  }
  return (
    <Panel title="In the background" about="of this process, since its start">
      <Failure error={error} />
      {of && (
        <table>
          <tbody>
            {workRows(of, props.flags).map((row) => (
              <tr key={row.name}>
                <td class="col-name">
                  <strong>{row.name}</strong>
                </td>
                <td>{row.state}</td>
                <td class="bar-cell">{row.used && <UseBar used={row.used[0]} most={row.used[1]} label={row.name} />}</td>
                <td class="soft">{row.done}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

export function WorkView(props: { flags: Record<string, string> }) {
  const active = useLoad(activeQueries, [], 2);
  const costly = useLoad(costliestQueries, [], 10);
  const deletions = useLoad(logDeletions, [], 10);
  const mayDelete = !(deletions.error instanceof RequestError && deletions.error.status === 403);
  return (
    <>
      <Background flags={props.flags} />
      <Panel title="Queries at work" about="of this tenant, in this process">
        <Failure error={active.error} retry={active.reload} />
        {active.value && <Active queries={active.value} />}
      </Panel>
      <Panel title="Costliest queries" about="of the last ten minutes, all their runs together">
        <Failure error={costly.error} retry={costly.reload} />
        {costly.value && <Costly queries={costly.value} />}
      </Panel>
      {mayDelete && (
        <Panel title="Deletions of log entries">
          <Failure error={deletions.error} retry={deletions.reload} />
          {deletions.value && (
            <div class="scroll">
              <Deletions deletions={deletions.value} />
            </div>
          )}
        </Panel>
      )}
    </>
  );
}
