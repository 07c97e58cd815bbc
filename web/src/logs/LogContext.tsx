// The lines of the same stream before and after a line, whatever the query filters.
import { useEffect, useRef, useState } from "preact/hooks";
import { queryLogs } from "../api/loki";
import { useLoad } from "../api/useLoad";
import { labelName, quote } from "../metrics/labels";
import { Failure, Waiting } from "../shell/Notice";
import { formatExact } from "../time/instant";
import { after, type Direction, type LogEntry, millisOf, toEntries } from "./entries";

const STEP = 20;
const MOST = 1000;
// How far from the line other lines are looked for.
const REACH = 86_400_000_000_000n;

export function LogContext({ entry, onClose }: { readonly entry: LogEntry; onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const line = useRef<HTMLLIElement>(null);
  const [count, setCount] = useState({ before: STEP, after: STEP });
  const { value, error, loading, reload } = useLoad((signal) => load(entry, count, signal), [entry, count]);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => line.current?.scrollIntoView({ block: "center" }), [value]);
  const more = (side: "before" | "after") => setCount({ ...count, [side]: Math.min(MOST, count[side] + 2 * STEP) });

  return (
    <dialog ref={dialog} class="log-context" onClose={onClose} aria-labelledby="context-title">
      <div class="row">
        <h2 id="context-title">Around this line</h2>
        <span class="mono soft grow">{selectorOf(entry)}</span>
        <button onClick={() => more("before")}>More before</button>
        <button onClick={() => more("after")}>More after</button>
        <form method="dialog">
          <button class="primary">Close</button>
        </form>
      </div>
      <Waiting active={loading} />
      <Failure error={error} retry={reload} />
      <ol class="context-lines" tabIndex={0} aria-label="Lines around it">
        {value?.map((each) => (
          <li
            key={each.id}
            ref={each.id === entry.id ? line : undefined}
            class={`log-line level-${each.level}${each.id === entry.id ? " chosen" : ""}`}
          >
            <time class="log-time">{formatExact(millisOf(each.nanos))}</time>
            <span class="log-text">{each.line}</span>
          </li>
        ))}
      </ol>
    </dialog>
  );
}

function selectorOf({ stream }: LogEntry): string {
  const names = Object.keys(stream).sort();
  return `{${names.map((name) => `${labelName(name)}=${quote(stream[name]!)}`).join(", ")}}`;
}

/** Oldest first; the line itself is among those of its own time. */
async function load(
  entry: LogEntry,
  count: { before: number; after: number },
  signal: AbortSignal,
): Promise<LogEntry[]> {
  const at = BigInt(entry.nanos);
  const query = selectorOf(entry);
  const ask = async (start: string, end: string, limit: number, direction: Direction) => {
    const answer = await queryLogs({ query, start, end, limit, direction }, signal);
    return answer.resultType === "streams" ? toEntries(answer.result, "forward") : [];
  };
  const [before, behind] = await Promise.all([
    ask(String(at - REACH), entry.nanos, count.before, "backward"),
    ask(entry.nanos, after(String(at + REACH)), count.after + 1, "forward"),
  ]);
  return [...before, ...behind];
}
