// Results at one time as tables: labels are columns.
import { useMemo, useState } from "preact/hooks";
import { parseValue } from "../charts/grid";
import { Empty } from "../shell/Notice";
import { formatTime } from "../time/format";
import type { Result } from "./results";
import { columnsOf, nextSort, type Row, type Sort, sortRows, toRows, VALUE } from "./table";

const FIRST_ROWS = 500;

export function TableView({ results }: { readonly results: readonly Result[] }) {
  if (results.length === 0) return <Empty title="Nothing is asked yet" />;
  return (
    <>
      {results.map((result) => (
        <ResultTable key={result.query.id} result={result} />
      ))}
    </>
  );
}

function rowsOf({ answer: { data } }: Result): Row[] {
  switch (data.resultType) {
    case "vector":
      return toRows(data.result);
    case "matrix":
      return data.result.map(({ metric, values = [], histograms = [] }) => ({
        labels: metric,
        value: [
          ...values.map(([time, value]) => `${value} @ ${time}`),
          ...histograms.map(([time, { count }]) => `count ${count} @ ${time}`),
        ].join("\n"),
        order: values.length + histograms.length,
      }));
    default:
      return [{ labels: {}, value: data.result[1], order: parseValue(data.result[1]) }];
  }
}

function ResultTable({ result }: { readonly result: Result }) {
  const [sort, setSort] = useState<Sort>();
  const [most, setMost] = useState(FIRST_ROWS);
  const rows = useMemo(() => rowsOf(result), [result]);
  const columns = useMemo(() => columnsOf(rows), [rows]);
  const sorted = useMemo(() => sortRows(rows, sort), [rows, sort]);
  if (rows.length === 0)
    return <Empty title="No series">{`Nothing has a sample now for ${result.query.expression}.`}</Empty>;
  return (
    <section class="panel result-table" aria-label={`Table of ${result.query.expression}`}>
      <div class="panel-head">
        <span class="mono">{result.query.expression}</span>
        <span class="grow" />
        <span class="soft">{timeOf(result)}</span>
      </div>
      <div class="scroll" tabIndex={0} role="group" aria-label="Rows">
        <table>
          <thead>
            <tr>
              {columns.map((name) => (
                <Heading
                  key={name}
                  name={name}
                  title={name === "__name__" ? "metric" : name}
                  sort={sort}
                  onSort={setSort}
                />
              ))}
              <Heading name={VALUE} title="value" sort={sort} onSort={setSort} number />
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, most).map((row, i) => (
              <tr key={i}>
                {columns.map((name) => (
                  <td key={name} class="mono">
                    {row.labels[name] ?? ""}
                  </td>
                ))}
                <td class="number mono value">{row.histogram ? <HistogramCell row={row} /> : row.value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > most && (
        <button class="quiet" onClick={() => setMost(most * 10)}>
          {(sorted.length - most).toLocaleString("en")} more rows
        </button>
      )}
    </section>
  );
}

function timeOf({ answer: { data } }: Result): string {
  const first = data.resultType === "vector" ? (data.result[0]?.value ?? data.result[0]?.histogram)?.[0] : undefined;
  return first === undefined ? "" : formatTime(first * 1000);
}

interface HeadingProps {
  readonly name: string;
  readonly title: string;
  readonly sort: Sort | undefined;
  readonly number?: boolean;
  onSort(sort: Sort | undefined): void;
}

function Heading({ name, title, sort, number, onSort }: HeadingProps) {
  const down = sort?.by === name ? sort.down : undefined;
  return (
    <th class={number ? "number" : ""} aria-sort={down === undefined ? "none" : down ? "descending" : "ascending"}>
      <button class="sort" onClick={() => onSort(nextSort(sort, name))}>
        {title}
        <span aria-hidden="true">{down === undefined ? "" : down ? " ↓" : " ↑"}</span>
      </button>
    </th>
  );
}

/** A histogram at one time: bars of its buckets. */
function HistogramCell({ row }: { readonly row: Row }) {
  const buckets = (row.histogram?.buckets ?? []).map(([, low, high, count]) => ({
    low,
    high,
    count: parseValue(count),
  }));
  const most = Math.max(...buckets.map(({ count }) => count), Number.MIN_VALUE);
  return (
    <details>
      <summary>{row.value}</summary>
      <table class="buckets">
        <tbody>
          {buckets.map(({ low, high, count }) => (
            <tr key={low}>
              <td>{`${low} … ${high}`}</td>
              <td class="bucket-bar">
                <span style={{ width: `${(100 * count) / most}%` }} />
              </td>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
