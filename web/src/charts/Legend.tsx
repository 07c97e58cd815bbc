// The series of a chart, with their values under the pointer. A click shows one alone, a click with Ctrl switches it.
import { useMemo, useState } from "preact/hooks";
import { summarize } from "./grid";
import { type Signal, useSignal } from "./signal";
import { formatValue, type Unit } from "./units";

export interface LegendSeries {
  readonly name: string;
  readonly shortName: string;
  readonly colour: string;
  readonly shown: boolean;
}

export interface LegendProps {
  readonly series: readonly LegendSeries[];
  readonly columns: readonly (readonly (number | null)[])[];
  readonly unit: Unit;
  readonly cursor: Signal<number | undefined>;
  /** `alone`: a click without Ctrl; see visible.ts. */
  onChoose(name: string, alone: boolean): void;
}

const FIRST_ROWS = 100;

export function Legend({ series, columns, unit, cursor, onChoose }: LegendProps) {
  const index = useSignal(cursor);
  const [all, setAll] = useState(false);
  const summaries = useMemo(() => columns.map(summarize), [columns]);
  const rows = all ? series : series.slice(0, FIRST_ROWS);
  return (
    <div class="legend" tabIndex={0} role="group" aria-label="Series">
      <table>
        <thead>
          <tr>
            <th>Series</th>
            <th class="number">{index === undefined ? "Last" : "At pointer"}</th>
            <th class="number">Min</th>
            <th class="number">Mean</th>
            <th class="number">Max</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((each, i) => (
            <tr key={each.name} data-off={each.shown ? undefined : ""}>
              <td>
                <LegendName series={each} onChoose={onChoose} />
              </td>
              <td class="number">
                {formatValue(index === undefined ? summaries[i]?.last : columns[i]?.[index], unit)}
              </td>
              <td class="number soft">{formatValue(summaries[i]?.min, unit)}</td>
              <td class="number soft">{formatValue(summaries[i]?.mean, unit)}</td>
              <td class="number soft">{formatValue(summaries[i]?.max, unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < series.length && (
        <button class="quiet" onClick={() => setAll(true)}>
          {series.length - rows.length} more series
        </button>
      )}
    </div>
  );
}

function LegendName({
  series,
  onChoose,
}: {
  readonly series: LegendSeries;
  onChoose(name: string, alone: boolean): void;
}) {
  return (
    <button
      class="legend-name"
      aria-pressed={series.shown}
      title={`${series.name}\nClick: this one alone. Ctrl+click: on or off.`}
      onClick={(event) => onChoose(series.name, !(event.ctrlKey || event.metaKey))}
    >
      <span class="swatch" style={{ background: series.colour }} />
      <span>{series.shortName}</span>
    </button>
  );
}
