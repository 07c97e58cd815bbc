// What there is, on a page without a query: services with lines in the range, the loudest first.
import { nanosOf, volumeByService } from "../api/loki";
import { useLoad } from "../api/useLoad";
import { quote } from "../metrics/labels";
import { Empty, Failure, Waiting } from "../shell/Notice";
import { formatBytes } from "../time/format";
import { resolve, type TimeRange } from "../time/range";

export function LogStart({ range, onQuery }: { readonly range: TimeRange; onQuery(query: string): void }) {
  const { value, error, loading, reload } = useLoad((signal) => load(range, signal), [range]);
  const most = Math.max(1, ...(value ?? []).map(({ bytes }) => bytes));
  if (value?.length === 0)
    return <Empty title="No logs">Nothing was pushed in this range. Clients push to /loki/api/v1/push.</Empty>;
  return (
    <section class="panel" aria-label="Services">
      <div class="panel-head">
        <h2>Services with logs in this range</h2>
      </div>
      <Waiting active={loading} />
      <Failure error={error} retry={reload} />
      <table class="bars">
        <tbody>
          {value?.map(({ service, bytes }) => (
            <tr key={service}>
              <td>
                <button class="link mono" onClick={() => onQuery(`{service_name=${quote(service)}}`)}>
                  {service}
                </button>
              </td>
              <td class="bar-cell">
                <span style={{ width: `${(100 * bytes) / most}%` }} />
              </td>
              <td class="number">{formatBytes(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

async function load(range: TimeRange, signal: AbortSignal) {
  const { from, to } = resolve(range, Date.now());
  const volumes = await volumeByService({ start: nanosOf(from), end: nanosOf(to) }, signal);
  return volumes
    .map(({ metric, value }) => ({ service: metric.service_name ?? "", bytes: Number(value[1]) }))
    .sort((a, b) => b.bytes - a.bytes);
}
