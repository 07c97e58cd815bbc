// How often a page asks again by itself.

const OFFERS: readonly number[] = [0, 5, 10, 30, 60, 300, 900];

export function RefreshPicker(props: { readonly seconds: number; onChange(seconds: number): void }) {
  const offers = OFFERS.includes(props.seconds) ? OFFERS : [...OFFERS, props.seconds].sort((a, b) => a - b);
  return (
    <label class="inline" title="Ask again by itself">
      <span class="hidden-text">Refresh</span>
      <select value={String(props.seconds)} onChange={(event) => props.onChange(Number(event.currentTarget.value))}>
        {offers.map((seconds) => (
          <option key={seconds} value={String(seconds)}>
            {seconds === 0 ? "No refresh" : `Every ${seconds < 60 ? `${seconds}s` : `${seconds / 60}m`}`}
          </option>
        ))}
      </select>
    </label>
  );
}
