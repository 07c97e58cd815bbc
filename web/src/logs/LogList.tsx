// A list of lines that draws only those in sight, however many there are.
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LogEntry } from "./entries";
import { searchedIn } from "./highlight";
import { LogContext } from "./LogContext";
import { LogRow } from "./LogRow";
import { RowHeights } from "./rowHeights";

export interface LogListProps {
  readonly entries: readonly LogEntry[];
  readonly query: string;
  readonly wrap: boolean;
  readonly pretty: boolean;
  onQuery(query: string): void;
  /** The end of the list came into sight. */
  onEnd?(): void;
}

const ROW = 20;
// Drawn above and below what is in sight, so that a fast scroll shows no holes.
const SPARE = 500;

export function LogList(props: LogListProps) {
  const { entries, query, wrap, pretty, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [context, setContext] = useState<LogEntry>();
  const searched = useMemo(() => searchedIn(query), [query]);
  const window = useWindow(scroller, entries, `${wrap} ${pretty}`, onEnd);

  const toggle = useCallback((id: string) => {
    setOpen((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);

  const rows = [];
  for (let i = window.first; i < window.end; i++) {
    const entry = entries[i]!;
    rows.push(
      <LogRow
        key={entry.id}
        entry={entry}
        index={i}
        count={entries.length}
        query={query}
        searched={searched}
        open={open.has(entry.id)}
        pretty={pretty}
        onToggle={toggle}
        onQuery={props.onQuery}
        onContext={setContext}
      />,
    );
  }
  return (
    <>
      <div
        ref={scroller}
        class={`panel log-list${wrap ? " wrap" : ""}`}
        tabIndex={0}
        role="list"
        aria-label="Log lines"
        onScroll={window.onScroll}
      >
        <div style={{ height: `${window.above}px` }} />
        <div ref={window.drawn}>{rows}</div>
        <div style={{ height: `${window.below}px` }} />
      </div>
      {context && <LogContext entry={context} onClose={() => setContext(undefined)} />}
    </>
  );
}

/** Which rows to draw: [first, end), and the pixels of the rows above and below them. */
function useWindow(
  scroller: { readonly current: HTMLDivElement | null },
  entries: readonly LogEntry[],
  layout: string,
  onEnd: (() => void) | undefined,
) {
  const drawn = useRef<HTMLDivElement>(null);
  const heights = useRef(new RowHeights(0, ROW));
  const [view, setView] = useState({ top: 0, height: 800 });
  const [, measured] = useState(0);

  const shape = useRef({ entries, layout });
  if (
    shape.current.layout !== layout ||
    heights.current.count !== entries.length ||
    shape.current.entries !== entries
  ) {
    const grown =
      shape.current.layout === layout &&
      shape.current.entries[0] === entries[0] &&
      entries.length > heights.current.count;
    heights.current = grown ? heights.current.resized(entries.length, ROW) : new RowHeights(entries.length, ROW);
    shape.current = { entries, layout };
  }

  const first = heights.current.at(view.top - SPARE);
  const end = entries.length === 0 ? 0 : heights.current.at(view.top + view.height + SPARE) + 1;

  // What was drawn is measured before it is seen. Rows above the view that turn out otherwise than estimated must not
  // move what is in view.
  useLayoutEffect(() => {
    const element = scroller.current!;
    const seen = heights.current.at(element.scrollTop);
    let [changed, moved] = [false, 0];
    [...drawn.current!.children].forEach((row, i) => {
      const change = heights.current.set(first + i, (row as HTMLElement).offsetHeight);
      if (change === 0) return;
      changed = true;
      if (first + i < seen) moved += change;
    });
    if (moved !== 0) element.scrollTop += moved;
    if (changed) measured((count) => count + 1);
  });

  useLayoutEffect(() => {
    const element = scroller.current!;
    const observer = new ResizeObserver(() => setView((old) => ({ ...old, height: element.clientHeight })));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const { scrollTop, clientHeight, scrollHeight } = scroller.current!;
    setView({ top: scrollTop, height: clientHeight });
    if (scrollTop + clientHeight > scrollHeight - 2 * SPARE) onEnd?.();
  };

  return {
    first,
    end,
    above: heights.current.top(first),
    below: heights.current.total - heights.current.top(end),
    drawn,
    onScroll,
  };
}
