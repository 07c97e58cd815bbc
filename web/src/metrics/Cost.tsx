// What a query cost, as the server counted it.
import type { QueryAnswer, QueryStats } from "../api/prometheus";
import type { Outcome } from "../api/runner";
import { Popover } from "../shell/Popover";
import { formatBytes, formatCount, formatDuration } from "../time/format";
import type { Result } from "./results";

export function Cost({ outcome }: { readonly outcome: Outcome<Result> | undefined }) {
  const answer = outcome?.value?.answer;
  if (!answer) return null;
  const { stats } = answer;
  const parts = [`${formatCount(sizeOf(answer))} series`];
  if (outcome.took !== undefined) parts.push(formatDuration(outcome.took));
  if (stats) parts.push(`${formatCount(stats.samples.totalQueryableSamples)} samples`);
  if (stats?.samples.peakBytes) parts.push(`${formatBytes(stats.samples.peakBytes)} at most`);
  return (
    <div class="query-cost soft">
      {parts.join(" · ")}
      {stats && (
        <Popover label="What the query cost" class="link" button="Cost" side="left">
          {() => <CostTable stats={stats} />}
        </Popover>
      )}
    </div>
  );
}

function sizeOf({ data }: QueryAnswer): number {
  return data.resultType === "scalar" || data.resultType === "string" ? 1 : data.result.length;
}

const TIMINGS: readonly (readonly [string, string])[] = [
  ["execQueueTime", "Waited for its turn"],
  ["queryPreparationTime", "Read series"],
  ["innerEvalTime", "Evaluated"],
  ["resultSortTime", "Sorted"],
  ["execTotalTime", "Altogether on the server"],
];

function CostTable({ stats }: { readonly stats: QueryStats }) {
  const { samples, timings } = stats;
  return (
    <table class="cost-table">
      <tbody>
        <CostRow name="Samples touched, all steps" value={samples.totalQueryableSamples.toLocaleString("en")} />
        {samples.samplesRead !== undefined && (
          <CostRow name="Samples read" value={samples.samplesRead.toLocaleString("en")} />
        )}
        {samples.seriesRead !== undefined && (
          <CostRow name="Series read" value={samples.seriesRead.toLocaleString("en")} />
        )}
        <CostRow name="Samples in memory at most" value={samples.peakSamples.toLocaleString("en")} />
        {samples.peakBytes !== undefined && <CostRow name="Memory at most" value={formatBytes(samples.peakBytes)} />}
        {TIMINGS.filter(([key]) => timings[key] !== undefined).map(([key, name]) => (
          <CostRow key={key} name={name} value={formatDuration(timings[key]! * 1000)} />
        ))}
      </tbody>
    </table>
  );
}

function CostRow({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <tr>
      <td>{name}</td>
      <td class="number">{value}</td>
    </tr>
  );
}
