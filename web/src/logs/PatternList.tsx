// The shapes of lines, and how often each came: what is loud, and what is new.
import { linePatterns, nanosOf, type LinePattern } from "../api/loki";
import { useLoad } from "../api/useLoad";
import { Empty, Failure, Waiting } from "../shell/Notice";
import { formatCount } from "../time/format";
import { resolve, type TimeRange } from "../time/range";
import { levelOf } from "./entries";
import { addLineFilter, selectorOf } from "./queryEdit";

export interface PatternListProps {
  readonly query: string;
  readonly range: TimeRange;
  onQuery(query: string): void;
}

const total = ({ samples }: LinePattern) => samples.reduce((sum, [, count]) => sum + count, 0);

export function PatternList({ query, range, onQuery }: PatternListProps) {
  const { value, error, loading, reload } = useLoad((signal) => load(query, range, signal), [query, range]);
  const most = Math.max(1, ...(value ?? []).map(total));
  return (
    <section class="panel" aria-label="Patterns">
      <Waiting active={loading} />
      <Failure error={error} retry={reload} />
      {value?.length === 0 && <Empty title="No patterns">There are no lines in this range to find them in.</Empty>}
      {value && value.length > 0 && (
        <table class="bars patterns">
          <thead>
            <tr>
              <th>Level</th>
              <th>Pattern</th>
              <th class="number">Lines</th>
              <th />
              <th>Filter</th>
            </tr>
          </thead>
          <tbody>
            {value.map((pattern) => (
              <PatternRow
                key={`${pattern.level} ${pattern.pattern}`}
                pattern={pattern}
                most={most}
                query={query}
                onQuery={onQuery}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface PatternRowProps {
  readonly pattern: LinePattern;
  readonly most: number;
  readonly query: string;
  onQuery(query: string): void;
}

function PatternRow({ pattern, most, query, onQuery }: PatternRowProps) {
  const count = total(pattern);
  const level = levelOf(pattern.level);
  return (
    <tr class={`level-${level}`}>
      <td class="log-level">{level}</td>
      <td class="mono">{pattern.pattern}</td>
      <td class="number">{formatCount(count)}</td>
      <td class="bar-cell">
        <span style={{ width: `${(100 * count) / most}%` }} />
      </td>
      <td class="pattern-actions">
        <button class="quiet" onClick={() => onQuery(addLineFilter(query, "|>", pattern.pattern))}>
          Only these
        </button>
        <button class="quiet" onClick={() => onQuery(addLineFilter(query, "!>", pattern.pattern))}>
          Without
        </button>
      </td>
    </tr>
  );
}

// Patterns are made of whole streams; what the pipeline filters does not count for them.
async function load(query: string, range: TimeRange, signal: AbortSignal): Promise<LinePattern[]> {
  const { from, to } = resolve(range, Date.now());
  const patterns = await linePatterns(selectorOf(query) ?? query, { start: nanosOf(from), end: nanosOf(to) }, signal);
  return [...patterns].sort((a, b) => total(b) - total(a));
}
