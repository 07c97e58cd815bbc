// Lines as they come in.
import { Notice } from "../shell/Notice";
import { tenant } from "../api/request";
import { isLogQuery } from "./queryEdit";
import { LogList } from "./LogList";
import { ListOptions } from "./LogResults";
import type { LogsPage } from "./useLogs";
import { type LiveTail, useTail } from "./useTail";

interface LiveViewProps {
  readonly page: LogsPage;
  onQuery(query: string): void;
}

export function LiveView(props: LiveViewProps) {
  const { query } = props.page.committed;
  if (isLogQuery(query) === false)
    return (
      <Notice kind="warn">
        A metric query has no lines to follow. Take the lines out of it, {"{...}"}, or switch Live off.
      </Notice>
    );
  // A WebSocket carries the session, but no other header of ours.
  if (tenant() !== "")
    return (
      <Notice kind="warn">Live lines are those of the session's own tenant. Choose it, or switch Live off.</Notice>
    );
  return <Following {...props} />;
}

function Following({ page, onQuery }: LiveViewProps) {
  const tail = useTail(page.committed.query);
  return (
    <>
      <TailBar tail={tail} />
      <ListOptions page={page} />
      <LogList
        entries={tail.state?.entries ?? []}
        query={page.committed.query}
        wrap={page.state.wrap}
        pretty={page.state.pretty}
        onQuery={onQuery}
      />
    </>
  );
}

function TailBar({ tail }: { readonly tail: LiveTail }) {
  const { state } = tail;
  if (state?.status === "closed") {
    return (
      <div class="notice bad" role="alert">
        <div>
          <strong>The live tail ended{state.reason ? `: ${state.reason}` : ""}</strong>
          <div class="soft">Look at the query; a proxy on the way may also not let WebSockets through.</div>
        </div>
        <button onClick={tail.again}>Follow again</button>
      </div>
    );
  }
  return (
    <div class="row tail-bar" role="status">
      <span class={`state ${state?.status === "open" && !state.paused ? "good" : "plain"}`}>
        {state?.status !== "open" ? "Connecting" : state.paused ? "Paused" : "Live"}
      </span>
      <span class="soft">
        {(state?.entries.length ?? 0).toLocaleString("en")} lines
        {state?.paused ? `, ${state.waiting.toLocaleString("en")} wait` : ""}
        {state?.dropped
          ? `, ${state.dropped.toLocaleString("en")} left out by the server: this page is too slow for them`
          : ""}
      </span>
      <button onClick={state?.paused ? tail.resume : tail.pause}>{state?.paused ? "Go on" : "Pause"}</button>
    </div>
  );
}
