// Controls that several pages have in their head.
import { useCallback, useRef } from "preact/hooks";
import { formatClock } from "../time/format";
import { useShortcut } from "./shortcuts";

export interface Option {
  value: string;
  text: string;
  count?: number;
}

// One of a few, as buttons beside each other.
export function Choice(props: { label: string; options: readonly Option[]; value: string; onChange: (value: string) => void }) {
  return (
    <div class="choice" role="group" aria-label={props.label}>
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === props.value}
          onClick={() => props.onChange(option.value)}
        >
          {option.text}
          {option.count !== undefined && <span class="count">{option.count}</span>}
        </button>
      ))}
    </div>
  );
}

// Narrows what is shown while it is typed; "/" goes there.
export function FilterBox(props: { value: string; onChange: (value: string) => void; placeholder: string }) {
  const box = useRef<HTMLInputElement>(null);
  useShortcut("/", "Go to the filter", useCallback(() => box.current?.focus(), []));
  return (
    <input
      ref={box}
      class="filter"
      type="search"
      value={props.value}
      placeholder={props.placeholder}
      aria-label={props.placeholder}
      onInput={(event) => props.onChange(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Escape" && (props.onChange(""), event.currentTarget.blur())}
    />
  );
}

// When what is shown was loaded, and again.
export function Freshness(props: { at: number; reload: () => void }) {
  useShortcut("r", "Load again", props.reload);
  return (
    <button class="quiet" onClick={props.reload} title="Load again (r)">
      {props.at ? `As of ${formatClock(props.at)}` : "Load"} ↻
    </button>
  );
}
