// How far points lie apart: by the width of the graph, by a number of points, or fixed.
import { useEffect, useState } from "preact/hooks";
import { exactDuration } from "./duration";
import { readStep, type StepChoice, writeStep } from "./step";

export interface StepPickerProps {
  readonly choice: StepChoice;
  /** Milliseconds: what the choice comes to for the range shown. */
  readonly step: number;
  onChange(choice: StepChoice): void;
}

const OFFERS = ["auto", "100p", "250p", "1000p", "1s", "5s", "15s", "30s", "1m", "5m", "15m", "1h", "1d"];

export function StepPicker({ choice, step, onChange }: StepPickerProps) {
  const [text, setText] = useState(writeStep(choice));
  useEffect(() => setText(writeStep(choice)), [choice]);
  const commit = () => {
    const next = readStep(text);
    setText(writeStep(next));
    if (writeStep(next) !== writeStep(choice)) onChange(next);
  };
  return (
    <label class="inline" title="auto, a number of points such as 250p, or a duration such as 15s">
      <span class="soft">Step</span>
      <input
        class="step-input mono"
        list="steps"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
      />
      <datalist id="steps">
        {OFFERS.map((offer) => (
          <option key={offer} value={offer} />
        ))}
      </datalist>
      {choice.kind !== "fixed" && <span class="soft mono">{exactDuration(step)}</span>}
    </label>
  );
}
