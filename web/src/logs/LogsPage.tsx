// Explore logs: a query above, its lines below.
import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { logql } from "../editors/logql";
import { Editor } from "../editors/Editor";
import { HistoryMenu } from "../editors/HistoryMenu";
import { type Mark, markOfError } from "../editors/positions";
import { formatLogQuery } from "../api/loki";
import { focusEditor } from "../editors/focus";
import { Failure, Waiting } from "../shell/Notice";
import { useShortcut } from "../shell/shortcuts";
import { useWidth } from "../shell/useWidth";
import { RangePicker } from "../time/RangePicker";
import { useZoomHistory, type ZoomHistory } from "../time/useZoomHistory";
import { MAIN } from "./asking";
import { LiveView } from "./LiveView";
import { LogStart } from "./LogStart";
import { LogResults } from "./LogResults";
import "../charts/charts.css";
import "../editors/editors.css";
import "./logs.css";
import { LIMITS, type LogsState } from "./state";
import { type LogsPage as Page, queryHistory, useLogs } from "./useLogs";

export default function LogsPage() {
  const body = useRef<HTMLDivElement>(null);
  const page = useLogs(useWidth(body));
  const { state, committed, commit } = page;
  const zoom = useZoomHistory(state.range, (range) => commit((old) => ({ ...old, range })));
  useShortcut(
    "/",
    "Write in the editor",
    useCallback(() => focusEditor(), []),
  );
  useShortcut("r", "Run the query again", page.run);
  useShortcut(
    "l",
    "Live tail on or off",
    useCallback(() => commit((old) => ({ ...old, live: !old.live })), []),
  );
  const setQuery = (query: string) => commit((old) => ({ ...old, query }));

  return (
    <div class="explore">
      <Toolbar page={page} zoom={zoom} />
      <QueryLine page={page} />
      <Waiting active={page.running} />
      <div ref={body}>
        {committed.query.trim() === "" ? (
          <LogStart range={state.range} onQuery={setQuery} />
        ) : committed.live ? (
          <LiveView page={page} onQuery={setQuery} />
        ) : (
          <LogResults page={page} zoom={zoom} onQuery={setQuery} />
        )}
      </div>
    </div>
  );
}

function Toolbar({ page, zoom }: { readonly page: Page; readonly zoom: ZoomHistory }) {
  const { state, commit } = page;
  return (
    <div class="page-head">
      <h1>Logs</h1>
      <button
        aria-pressed={state.live}
        title="Lines as they come in (l)"
        onClick={() => commit((old) => ({ ...old, live: !old.live }))}
      >
        Live
      </button>
      <span class="grow" />
      <Limit page={page} />
      <RangePicker range={state.range} canGoBack={zoom.canGoBack} onChange={zoom.zoom} onBack={zoom.back} />
      {page.running ? (
        <button class="run" onClick={page.stop} title="Stop what is running, here and on the server">
          Stop
        </button>
      ) : (
        <button class="primary run" onClick={page.run} title="Ctrl+Enter or Shift+Enter in the editor, r elsewhere">
          Run
        </button>
      )}
    </div>
  );
}

function Limit({ page: { state, commit } }: { readonly page: Page }) {
  return (
    <label class="inline">
      <span class="soft">Lines</span>
      <select
        value={String(state.limit)}
        onChange={(event) => commit((old) => ({ ...old, limit: Number(event.currentTarget.value) }))}
      >
        {LIMITS.map((limit) => (
          <option key={limit} value={String(limit)}>
            {limit}
          </option>
        ))}
      </select>
    </label>
  );
}

function QueryLine({ page }: { readonly page: Page }) {
  const { state, edit, outcomes } = page;
  const [formatError, setFormatError] = useState<Error>();
  const language = useMemo(() => logql(page.names), [page.names]);
  const error = outcomes.get(MAIN)?.error;
  const marks = useMemo(() => marksOf(state.query, error), [error]);
  const setQuery = (query: string) => edit((old: LogsState) => ({ ...old, query }));
  const format = () => {
    setFormatError(undefined);
    formatLogQuery(state.query).then(setQuery, setFormatError);
  };
  return (
    <>
      <div class="query-line logs-query">
        <Editor
          value={state.query}
          label="Query, LogQL"
          placeholder={'LogQL, for example: {app="shop"} |= "failed" | json'}
          language={language}
          marks={marks}
          autoFocus={state.query === ""}
          onChange={setQuery}
          onRun={page.run}
        />
        <div class="query-tools">
          <HistoryMenu history={queryHistory} onChoose={setQuery} />
          <button class="quiet" title="Write it out in the usual form" onClick={format}>
            Format
          </button>
        </div>
      </div>
      <Failure error={formatError ?? error} />
    </>
  );
}

function marksOf(query: string, error: Error | undefined): Mark[] {
  const mark = error && markOfError(query, error.message);
  return mark ? [mark] : [];
}
