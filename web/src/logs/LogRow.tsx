// One line, and what there is to know about it when it is opened.
import { memo } from "../shell/memo";
import { formatExact } from "../time/instant";
import { type LogEntry, millisOf } from "./entries";
import { prettyJson } from "./fields";
import { segmentsOf } from "./highlight";
import { LogDetails } from "./LogDetails";

export interface LogRowProps {
  readonly entry: LogEntry;
  readonly index: number;
  readonly count: number;
  readonly query: string;
  readonly searched: RegExp | undefined;
  readonly open: boolean;
  readonly pretty: boolean;
  onToggle(id: string): void;
  onQuery(query: string): void;
  onContext(entry: LogEntry): void;
}

export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { entry, index, count, open, searched, pretty } = props;
  const text = (pretty && prettyJson(entry.line)) || entry.line;
  // Selecting text in a line must not open it.
  const onClick = () => {
    if (getSelection()?.isCollapsed !== false) props.onToggle(entry.id);
  };
  return (
    <div class={`log-row level-${entry.level}`} role="listitem" aria-posinset={index + 1} aria-setsize={count}>
      <div class="log-line" onClick={onClick}>
        <button
          class="log-open"
          aria-expanded={open}
          aria-label={`${entry.level}, details`}
          onClick={(event) => (event.stopPropagation(), props.onToggle(entry.id))}
        >
          {open ? "▾" : "▸"}
        </button>
        <time class="log-time">{formatExact(millisOf(entry.nanos))}</time>
        <span class="log-level">{entry.level === "unknown" ? "" : entry.level}</span>
        <span class="log-text">
          {segmentsOf(text, searched).map(({ text: part, marked }, i) => (marked ? <mark key={i}>{part}</mark> : part))}
        </span>
      </div>
      {open && <LogDetails entry={entry} query={props.query} onQuery={props.onQuery} onContext={props.onContext} />}
    </div>
  );
});
