import { tenantLimits } from "../api/status";
import { useLoad } from "../api/useLoad";
import { matchesFilter } from "../shell/Labels";
import { Empty, Failure, Waiting } from "../shell/Notice";
import { formatCount } from "../time/format";
import { limitRows, sortRows, type LimitRow } from "./limits";
import { UseBar } from "./Spark";

function Row(props: { row: LimitRow }) {
  const { row } = props;
  return (
    <tr>
      <td class="mono">{row.name}</td>
      <td class={`number ${row.limited ? "" : "soft"}`}>{row.value}</td>
      <td class="number">{row.usedText}</td>
      <td class="bar-cell">{row.used !== undefined && row.most ? <UseBar used={row.used} most={row.most} label={row.name} /> : null}</td>
    </tr>
  );
}

function Refusals(props: { rejected: Record<string, number> }) {
  const entries = Object.entries(props.rejected)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1]);
  if (entries.length === 0) return null;
  return (
    <section class="panel limits" aria-label="Refused">
      <div class="panel-head">
        <h2>Refused</h2>
        <span class="soft">by this process since its start</span>
      </div>
      <table>
        <tbody>
          {entries.map(([reason, count]) => (
            <tr key={reason}>
              <td class="mono">{reason}</td>
              <td class="number">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function LimitsView(props: { filter: string }) {
  const { value, error, loading, reload } = useLoad(tenantLimits, [], 10);
  const rows = value ? sortRows(limitRows(value)).filter((row) => matchesFilter(props.filter, [row.name, row.value])) : [];
  return (
    <>
      <Waiting active={loading && !value} />
      <Failure error={error} retry={reload} />
      {value && <Refusals rejected={value.rejected} />}
      {value && (
        <section class="panel limits" aria-label="Limits">
          <div class="panel-head">
            <h2>Limits of {value.tenant}</h2>
            <span class="soft">retention {value.config.retention === "0" ? "unlimited" : value.config.retention}</span>
          </div>
          {rows.length === 0 && <Empty title="No limit is like this" />}
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  <th>Limit</th>
                  <th class="number">Value</th>
                  <th class="number">In use</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <Row key={row.name} row={row} />
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </>
  );
}
