// What a query found: bars over lines or patterns, or the graph of a metric query.
import { useMemo, useState } from "preact/hooks";
import { BarChart } from "../charts/BarChart";
import { ALL_VISIBLE } from "../charts/visible";
import { useScheme } from "../charts/scheme";
import { colorOf } from "../shell/theme";
import { GraphPanel } from "../metrics/GraphPanel";
import "../metrics/metrics.css";
import { panelOf } from "../metrics/panels";
import { Empty, Failure } from "../shell/Notice";
import { formatBytes, formatCount, formatDuration } from "../time/format";
import { resolve } from "../time/range";
import type { ZoomHistory } from "../time/useZoomHistory";
import { type Lines, MAIN, type Numbers } from "./asking";
import type { Level } from "./entries";
import { LogList } from "./LogList";
import { PatternList } from "./PatternList";
import { filterIn } from "./queryEdit";
import { type LogsPage, volumeOf } from "./useLogs";

interface ResultsProps {
  readonly page: LogsPage;
  readonly zoom: ZoomHistory;
  onQuery(query: string): void;
}

export function LogResults(props: ResultsProps) {
  const found = props.page.outcomes.get(MAIN)?.value;
  if (found?.kind === "numbers") return <LogGraph {...props} numbers={found} />;
  return (
    <>
      <VolumeBars {...props} />
      <ListOptions page={props.page} />
      {props.page.state.view === "patterns" ? (
        <PatternList query={props.page.committed.query} range={props.page.committed.range} onQuery={props.onQuery} />
      ) : (
        <LineList {...props} />
      )}
    </>
  );
}

function LogGraph({ page, zoom, numbers }: ResultsProps & { readonly numbers: Numbers }) {
  const scheme = useScheme();
  const [visible, setVisible] = useState(ALL_VISIBLE);
  const [most, setMost] = useState(300);
  const unit = /\bbytes_rate\s*\(/.test(numbers.query) ? "bytes/s" : "unknown";
  const panel = useMemo(() => panelOf(numbers.matrix, numbers.grid, numbers.query, unit, most), [numbers, most]);
  const span = useMemo(() => resolve(page.state.range, page.askedAt), [page.state.range, page.askedAt]);
  if (panel.total === 0) return <Empty title="No series">The query found no lines in this range.</Empty>;
  return (
    <>
      <Summary page={page} />
      <GraphPanel
        panel={panel}
        stacked={false}
        log={false}
        visible={visible}
        span={span}
        scheme={scheme}
        onVisible={setVisible}
        onAll={() => setMost(Infinity)}
        onZoom={(from, to) => zoom.zoom({ kind: "between", from, to })}
        onBack={zoom.back}
      />
    </>
  );
}

function VolumeBars({ page, zoom, onQuery }: ResultsProps) {
  const scheme = useScheme();
  const volume = volumeOf(page.outcomes);
  const colours = useMemo(() => (volume?.levels ?? []).map((level) => colorOf(`--level-${level}`)), [volume, scheme]);
  const span = useMemo(() => resolve(page.state.range, page.askedAt), [page.state.range, page.askedAt]);
  if (!volume) return <div class="volume-space" />;
  return (
    <section class="panel volume" aria-label="Lines over time">
      <BarChart
        times={volume.times}
        columns={volume.columns}
        names={volume.levels}
        colours={colours}
        step={volume.step}
        span={span}
        height={110}
        scheme={scheme}
        onZoom={(from, to) => zoom.zoom({ kind: "between", from, to })}
        onBack={zoom.back}
      />
      <ul class="level-key">
        {volume.levels.map((level, i) => (
          <li key={level}>
            <button
              class="quiet"
              title="Only lines of this level"
              onClick={() => onQuery(ofLevel(page.committed.query, level))}
            >
              <span class="swatch" style={{ background: colours[i] }} />
              {level} <span class="soft">{formatCount(sum(volume.columns[i]!))}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const ofLevel = (query: string, level: Level) =>
  filterIn(query, { name: "detected_level", value: level, kind: "metadata" });

const sum = (column: readonly (number | null)[]) => column.reduce<number>((total, value) => total + (value ?? 0), 0);

export function ListOptions({ page }: { readonly page: LogsPage }) {
  const { state, commit } = page;
  const set = (part: Partial<typeof state>) => commit((old) => ({ ...old, ...part }), { replace: true });
  return (
    <div class="row explore-options">
      {!state.live && (
        <div class="choice" role="group" aria-label="View">
          <button aria-pressed={state.view === "lines"} onClick={() => set({ view: "lines" })}>
            Lines
          </button>
          <button aria-pressed={state.view === "patterns"} onClick={() => set({ view: "patterns" })}>
            Patterns
          </button>
        </div>
      )}
      {!state.live && <Summary page={page} />}
      <span class="grow" />
      {!state.live && (
        <div class="choice" role="group" aria-label="Order">
          <button aria-pressed={state.direction === "backward"} onClick={() => set({ direction: "backward" })}>
            Newest first
          </button>
          <button aria-pressed={state.direction === "forward"} onClick={() => set({ direction: "forward" })}>
            Oldest first
          </button>
        </div>
      )}
      <label class="inline">
        <input type="checkbox" checked={state.wrap} onChange={() => set({ wrap: !state.wrap })} />
        Wrap
      </label>
      <label class="inline">
        <input type="checkbox" checked={state.pretty} onChange={() => set({ pretty: !state.pretty })} />
        Indent JSON
      </label>
    </div>
  );
}

/** What it cost. */
function Summary({ page }: { readonly page: LogsPage }) {
  const outcome = page.outcomes.get(MAIN);
  const found = outcome?.value;
  if (!found || found.kind === "volume") return null;
  const { summary } = found;
  const parts = [
    found.kind === "lines"
      ? `${formatCount(page.further.lines?.entries.length ?? 0)} lines shown`
      : `${found.matrix.length} series`,
    `${formatCount(summary.totalLinesProcessed)} lines and ${formatBytes(summary.totalBytesProcessed)} read`,
    `${formatDuration(summary.execTime * 1000)} on the server`,
  ];
  return (
    <span class="query-cost soft">
      {outcome?.stopped ? "Stopped: what is shown is older than the query" : parts.join(" · ")}
    </span>
  );
}

function LineList({ page, onQuery }: ResultsProps) {
  const { further, state } = page;
  const lines: Lines | undefined = further.lines;
  if (!lines) return page.running || page.outcomes.get(MAIN)?.error ? null : <Empty title="Nothing is asked yet" />;
  if (lines.entries.length === 0) {
    return page.running ? null : (
      <Empty title="No lines">
        Nothing matches in this range. Look at an earlier or longer one, or take a filter out.
      </Empty>
    );
  }
  return (
    <>
      <LogList
        entries={lines.entries}
        query={lines.query}
        wrap={state.wrap}
        pretty={state.pretty}
        onQuery={onQuery}
        onEnd={further.load}
      />
      <Failure error={further.error} retry={further.load} />
      <p class="list-end soft" role="status">
        {further.loading ? "Loading more…" : lines.more ? "" : "No more lines in this range"}
      </p>
    </>
  );
}
