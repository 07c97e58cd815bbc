// The largest of something, as bars of their share of the whole.
import { Breakable } from "../shell/Breakable";
import { formatCount } from "../time/format";
import { changeText, type Compared } from "./comparison";

export interface CountTableProps {
  readonly title: string;
  /** What is counted: "series", "values". */
  readonly unit: string;
  readonly rows: readonly Compared[];
  /** Whether shares of a whole mean something. */
  readonly shares: boolean;
  /** The day that changes are told against. */
  readonly since: string | undefined;
  /** Where a click on a name leads, and what it does in words. */
  readonly action: string;
  onChoose(name: string): void;
}

export function CountTable(props: CountTableProps) {
  const { title, unit, rows, shares, since, action, onChoose } = props;
  const most = Math.max(1, ...rows.map(({ value }) => value));
  return (
    <section class="panel" aria-label={title}>
      <div class="panel-head">
        <h2>{title}</h2>
      </div>
      <table class="counts">
        <thead>
          <tr>
            <th>Name</th>
            <th class="number">{unit}</th>
            <th>{shares ? "Share" : <span class="hidden-text">Size</span>}</th>
            {since && <th class="number">{`Since ${since}`}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <td class="counts-name">
                <button class="link mono" title={action} onClick={() => onChoose(row.name)}>
                  {row.name === "" ? '""' : <Breakable name={row.name} />}
                </button>
              </td>
              <td class="number">{formatCount(row.value)}</td>
              <td class="counts-bar">
                <span style={{ width: `${100 * (shares ? row.share : row.value / most)}%` }} />
                {shares && <small>{`${(100 * row.share).toFixed(1)} %`}</small>}
              </td>
              {since && (
                <td class={`number ${(row.change ?? 0) > 0 ? "grown" : "soft"}`}>
                  {row.change === undefined ? "–" : changeText(row.change)}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="counts-none soft">None</p>}
    </section>
  );
}
