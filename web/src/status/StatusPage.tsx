// How the server is: figures, long work, limits, flags, configuration.
import { about, configuration, flags as loadFlags } from "../api/status";
import { RequestError } from "../api/request";
import { useLoad } from "../api/useLoad";
import { Choice, FilterBox } from "../shell/Controls";
import { matchesFilter } from "../shell/Labels";
import { Empty, Failure, Notice, Waiting } from "../shell/Notice";
import { setParams, useParam } from "../shell/router";
import { LimitsView } from "./LimitsView";
import { Overview } from "./Overview";
import "./status.css";
import { WorkView } from "./WorkView";

function FlagsView(props: { flags: Record<string, string>; filter: string }) {
  const entries = Object.entries(props.flags).filter(([name, value]) => matchesFilter(props.filter, [name, value]));
  if (entries.length === 0) return <Empty title="No flag is like this" />;
  return (
    <div class="panel scroll">
      <table>
        <tbody>
          {entries.map(([name, value]) => (
            <tr key={name}>
              <td class="mono col-name">--{name}</td>
              <td class="mono">{value || <span class="soft">empty</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// Lines that hold every word of the filter; all without one.
export function linesWith(text: string, filter: string): string {
  if (!filter) return text;
  return text
    .split("\n")
    .filter((line) => matchesFilter(filter, [line]))
    .join("\n");
}

function ConfigurationView(props: { filter: string }) {
  const { value, error, loading, reload } = useLoad(configuration, []);
  if (error instanceof RequestError && error.status === 403) {
    return <Notice>The configuration is shown to keys with the permission admin.</Notice>;
  }
  return (
    <>
      <Waiting active={loading} />
      <Failure error={error} retry={reload} />
      {value !== undefined && (
        <div class="panel">
          <div class="panel-head soft">In force, every key written out, without secrets</div>
          <pre class="configuration">{linesWith(value, props.filter)}</pre>
        </div>
      )}
    </>
  );
}

export default function StatusPage() {
  const [view] = useParam("view");
  const [filter, setFilter] = useParam("filter");
  const server = useLoad(about, [], 15);
  const flags = useLoad(loadFlags, []);
  const flagValues = flags.value ?? {};
  const filtered = view === "limits" || view === "flags" || view === "configuration";
  return (
    <>
      <div class="page-head">
        <h1>Status</h1>
        {server.value && (
          <>
            <span class="soft version">{server.value.build.revision.replace("-", " ")}</span>
            {server.value.ready === "" ? (
              <span class="state good">ready</span>
            ) : (
              <span class="state bad" title={server.value.ready}>
                not ready
              </span>
            )}
          </>
        )}
        <Choice
          label="View"
          value={view}
          onChange={(next) => setParams({ view: next, filter: "" })}
          options={[
            { value: "", text: "Overview" },
            { value: "work", text: "Work" },
            { value: "limits", text: "Limits" },
            { value: "flags", text: "Flags" },
            { value: "configuration", text: "Configuration" },
          ]}
        />
        {filtered && <FilterBox value={filter} onChange={(text) => setFilter(text, { replace: true })} placeholder="Filter" />}
      </div>
      <Waiting active={server.loading && !server.value} />
      <Failure error={server.error} retry={server.reload} />
      {server.value?.ready && <Notice kind="warn">Not ready: {server.value.ready}</Notice>}
      {server.value && view === "" && <Overview about={server.value} flags={flagValues} />}
      {view === "work" && <WorkView flags={flagValues} />}
      {view === "limits" && <LimitsView filter={filter} />}
      {view === "flags" && <FlagsView flags={flagValues} filter={filter} />}
      {view === "configuration" && <ConfigurationView filter={filter} />}
    </>
  );
}
