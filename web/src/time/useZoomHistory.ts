// The ranges that were shown before, for going back one by one.
import { useRef, useState } from "preact/hooks";
import { sameRange, type TimeRange } from "./range";

const MOST = 50;

export interface ZoomHistory {
  readonly canGoBack: boolean;
  /** Changes the range and remembers the one before. */
  zoom(range: TimeRange): void;
  back(): void;
}

export function useZoomHistory(range: TimeRange, setRange: (range: TimeRange) => void): ZoomHistory {
  const before = useRef<TimeRange[]>([]);
  const [depth, setDepth] = useState(0);
  const zoom = (next: TimeRange) => {
    if (sameRange(next, range)) return;
    before.current = [...before.current, range].slice(-MOST);
    setDepth(before.current.length);
    setRange(next);
  };
  const back = () => {
    const last = before.current.pop();
    setDepth(before.current.length);
    if (last) setRange(last);
  };
  return { canGoBack: depth > 0, zoom, back };
}
