// Chooses the range of time of a page.
import { useState } from "preact/hooks";
import { Icon } from "../shell/Icon";
import { Popover } from "../shell/Popover";
import { exactDuration } from "./duration";
import { formatTime } from "./format";
import { parseInstant, QUICK_RANGES, resolve, sameRange, shift, type TimeRange, zoomOut } from "./range";
import "./time.css";
import { isUtc, setUtc } from "./zone";

export interface RangePickerProps {
  readonly range: TimeRange;
  readonly canGoBack: boolean;
  onChange(range: TimeRange): void;
  /** To the range that was shown before. */
  onBack(): void;
}

export function RangePicker({ range, canGoBack, onChange, onBack }: RangePickerProps) {
  return (
    <div class="choice range-picker">
      <button title="Earlier" aria-label="Earlier" onClick={() => onChange(shift(range, -1, Date.now()))}>
        <Icon name="left" />
      </button>
      <Popover label="Range of time" button={<span>{rangeText(range)}</span>} side="right">
        {(close) => <RangePanel range={range} onChange={(next) => (onChange(next), close())} />}
      </Popover>
      <button title="Later" aria-label="Later" onClick={() => onChange(shift(range, 1, Date.now()))}>
        <Icon name="right" />
      </button>
      <button title="Twice the range" aria-label="Twice the range" onClick={() => onChange(zoomOut(range, Date.now()))}>
        <Icon name="out" />
      </button>
      <button
        title="Back to the range before"
        aria-label="Back to the range before"
        disabled={!canGoBack}
        onClick={onBack}
      >
        <Icon name="back" />
      </button>
    </div>
  );
}

function rangeText(range: TimeRange): string {
  if (range.kind === "last") return `Last ${exactDuration(range.duration)}`;
  return `${formatTime(range.from)} to ${formatTime(range.to)}`;
}

interface PanelProps {
  readonly range: TimeRange;
  onChange(range: TimeRange): void;
}

function RangePanel({ range, onChange }: PanelProps) {
  return (
    <div class="range-panel">
      <div class="range-quick">
        {QUICK_RANGES.map((duration) => {
          const quick: TimeRange = { kind: "last", duration };
          return (
            <button key={duration} class="quiet" aria-pressed={sameRange(quick, range)} onClick={() => onChange(quick)}>
              {exactDuration(duration)}
            </button>
          );
        })}
      </div>
      <AbsoluteForm range={range} onChange={onChange} />
    </div>
  );
}

function AbsoluteForm({ range, onChange }: PanelProps) {
  const now = Date.now();
  const shown = resolve(range, now);
  const [from, setFrom] = useState(
    range.kind === "last" ? `now-${exactDuration(range.duration)}` : formatTime(shown.from),
  );
  const [to, setTo] = useState(range.kind === "last" ? "now" : formatTime(shown.to));
  const [utc, setZone] = useState(isUtc());
  const problem = problemOf(from, to, now);

  const apply = (event: Event) => {
    event.preventDefault();
    if (!problem) onChange(toRange(from, to, now));
  };
  const changeZone = (next: boolean) => {
    setUtc(next);
    setZone(next);
  };

  return (
    <form class="range-form" onSubmit={apply}>
      <label>
        From
        <input class="mono" value={from} onInput={(event) => setFrom(event.currentTarget.value)} />
      </label>
      <label>
        To
        <input class="mono" value={to} onInput={(event) => setTo(event.currentTarget.value)} />
      </label>
      <p class="soft">{problem ?? "2026-01-31 12:00, now-90m, Unix seconds, or RFC 3339"}</p>
      <div class="row">
        <button class="primary" disabled={problem !== undefined}>
          Apply
        </button>
        <span class="grow" />
        <label class="row">
          <input type="checkbox" checked={utc} onChange={(event) => changeZone(event.currentTarget.checked)} />
          UTC
        </label>
      </div>
    </form>
  );
}

function problemOf(from: string, to: string, now: number): string | undefined {
  const [start, end] = [parseInstant(from, now), parseInstant(to, now)];
  if (start === undefined) return `"${from}" is no time`;
  if (end === undefined) return `"${to}" is no time`;
  return start < end ? undefined : "The range ends before it begins";
}

// What ends now goes on ending now.
function toRange(from: string, to: string, now: number): TimeRange {
  const [start, end] = [parseInstant(from, now)!, parseInstant(to, now)!];
  if (to.trim() === "now" && from.trim().startsWith("now")) return { kind: "last", duration: end - start };
  return { kind: "between", from: start, to: end };
}
