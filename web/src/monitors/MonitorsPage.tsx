// Monitors as Mackerel knows them: what is watched, what is wrong, and when nobody is told.
import { monitoring, type Downtime, type Host, type Monitor, type MonitorAlert, type Monitoring } from "../api/control";
import { useLoad } from "../api/useLoad";
import { Choice, FilterBox, Freshness } from "../shell/Controls";
import { matchesFilter } from "../shell/Labels";
import { Empty, Failure, Waiting } from "../shell/Notice";
import { pageHref, setParams, useParam } from "../shell/router";
import { formatAgo, formatDuration, formatTime } from "../time/format";
import { condition, repetition, sortMonitors, statusKind, statusOf, subject, typeName } from "./describe";
import "./monitors.css";

function Status(props: { status: MonitorAlert["status"] }) {
  return <span class={`state ${statusKind(props.status)}`}>{props.status.toLowerCase()}</span>;
}

function Subject(props: { monitor: Monitor }) {
  const text = subject(props.monitor);
  if (props.monitor.type === "query") return <a href={pageHref("metrics", { q: text })}>{text}</a>;
  return <>{text}</>;
}

function MonitorRow(props: { monitor: Monitor; open: MonitorAlert[] }) {
  const { monitor } = props;
  const alerts = props.open.filter((alert) => alert.monitorId === monitor.id).length;
  return (
    <tr>
      <td>
        <Status status={statusOf(monitor, props.open)} />
      </td>
      <td>
        <strong>{monitor.name}</strong>
        {monitor.isMute && <span class="state plain muted">muted</span>}
        {monitor.memo && <div class="soft">{monitor.memo}</div>}
      </td>
      <td class="soft">{typeName(monitor)}</td>
      <td class="mono subject">
        <Subject monitor={monitor} />
      </td>
      <td>{condition(monitor)}</td>
      <td>
        {(monitor.scopes ?? []).map((scope) => (
          <span class="label" key={scope}>
            {scope}
          </span>
        ))}
        {(monitor.excludeScopes ?? []).map((scope) => (
          <span class="label" key={scope}>
            <b>not </b>
            {scope}
          </span>
        ))}
      </td>
      <td class="number">{alerts || ""}</td>
    </tr>
  );
}

function MonitorTable(props: { value: Monitoring; filter: string }) {
  const { monitors, open } = props.value;
  if (monitors.length === 0) {
    return (
      <Empty title="There are no monitors">
        Make them with Mackerel's API at <code>/api/v0/monitors</code>, with <code>mkr</code> for example.
      </Empty>
    );
  }
  const shown = sortMonitors(monitors, open).filter((monitor) =>
    matchesFilter(props.filter, [monitor.name, typeName(monitor), subject(monitor), monitor.memo, ...(monitor.scopes ?? [])]),
  );
  if (shown.length === 0) return <Empty title="No monitor is like this" />;
  return (
    <div class="panel scroll">
      <table>
        <thead>
          <tr>
            <th class="col-state">State</th>
            <th>Monitor</th>
            <th>Kind</th>
            <th>Looks at</th>
            <th>Alerts when</th>
            <th>Scopes</th>
            <th class="number">Open</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((monitor) => (
            <MonitorRow key={monitor.id} monitor={monitor} open={open} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Names {
  monitors: Map<string, string>;
  hosts: Map<string, string>;
}

function AlertRow(props: { alert: MonitorAlert; names: Names; now: number }) {
  const { alert, names, now } = props;
  const opened = alert.openedAt * 1000;
  const closed = alert.closedAt === undefined ? undefined : alert.closedAt * 1000;
  return (
    <tr>
      <td>
        <Status status={alert.status} />
      </td>
      <td>
        <strong>{names.monitors.get(alert.monitorId) ?? `monitor ${alert.monitorId}, deleted`}</strong>
        {alert.message && <div>{alert.message}</div>}
        {alert.reason && <div class="soft">closed: {alert.reason}</div>}
      </td>
      <td>{alert.hostId && (names.hosts.get(alert.hostId) ?? alert.hostId)}</td>
      <td class="number mono">{alert.value}</td>
      <td class="number" title={formatTime(opened)}>
        {formatAgo(opened, now)}
      </td>
      <td class="number">{formatDuration((closed ?? now) - opened)}</td>
    </tr>
  );
}

function AlertTable(props: { alerts: MonitorAlert[]; names: Names; now: number; none: string; filter: string }) {
  const shown = props.alerts.filter((alert) =>
    matchesFilter(props.filter, [props.names.monitors.get(alert.monitorId), props.names.hosts.get(alert.hostId ?? ""), alert.message]),
  );
  if (shown.length === 0) return <Empty title={props.filter ? "No alert is like this" : props.none} />;
  return (
    <div class="panel scroll">
      <table>
        <thead>
          <tr>
            <th class="col-state">State</th>
            <th>Monitor</th>
            <th>Host</th>
            <th class="number">Value</th>
            <th class="number col-since">Opened</th>
            <th class="number col-since">Lasted</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((alert) => (
            <AlertRow key={alert.id} alert={alert} names={props.names} now={props.now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HostTable(props: { hosts: Host[]; filter: string }) {
  const shown = props.hosts.filter((host) => matchesFilter(props.filter, [host.name, host.id, ...Object.keys(host.roles)]));
  if (shown.length === 0) return <Empty title={props.filter ? "No host is like this" : "No host is registered"} />;
  return (
    <div class="panel scroll">
      <table>
        <thead>
          <tr>
            <th>Host</th>
            <th>Status</th>
            <th>Roles</th>
            <th>Id</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((host) => (
            <tr key={host.id}>
              <td>
                <strong>{host.name}</strong>
              </td>
              <td class="soft">{host.status}</td>
              <td>
                {Object.entries(host.roles).flatMap(([service, roles]) =>
                  roles.map((role) => (
                    <span class="label" key={service + role}>
                      {service}: {role}
                    </span>
                  )),
                )}
              </td>
              <td class="mono soft">{host.id}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Telling(props: { value: Monitoring; now: number }) {
  const { channels, downtimes } = props.value;
  const isNow = (downtime: Downtime) =>
    !downtime.recurrence &&
    downtime.start * 1000 <= props.now &&
    props.now < downtime.start * 1000 + downtime.duration * 60_000;
  return (
    <>
      <section class="panel" aria-label="Channels">
        <div class="panel-head">
          <h2>Channels</h2>
        </div>
        {channels.length === 0 && <Empty title="Nobody is told: there is no channel" />}
        <table>
          <tbody>
            {channels.map((channel) => (
              <tr key={channel.id}>
                <td>
                  <strong>{channel.name}</strong>
                </td>
                <td class="soft">{channel.type}</td>
                <td>{channel.suspendedAt ? <span class="state warn">suspended</span> : null}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section class="panel" aria-label="Downtimes">
        <div class="panel-head">
          <h2>Downtimes</h2>
        </div>
        {downtimes.length === 0 && <Empty title="No downtime is planned" />}
        <table>
          <tbody>
            {downtimes.map((downtime) => (
              <tr key={downtime.id}>
                <td>
                  <strong>{downtime.name}</strong> {isNow(downtime) && <span class="state info">now</span>}
                  {downtime.memo && <div class="soft">{downtime.memo}</div>}
                </td>
                <td>{formatTime(downtime.start * 1000)}</td>
                <td class="soft">{repetition(downtime)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Shown(props: { view: string; value: Monitoring; filter: string; now: number }) {
  const { view, value, filter, now } = props;
  const names = {
    monitors: new Map(value.monitors.map(({ id, name }) => [id, name])),
    hosts: new Map(value.hosts.map(({ id, name }) => [id, name])),
  };
  switch (view) {
    case "open":
      return <AlertTable alerts={value.open} names={names} now={now} none="No alert is open" filter={filter} />;
    case "closed":
      return <AlertTable alerts={value.closed} names={names} now={now} none="No alert was closed yet" filter={filter} />;
    case "hosts":
      return <HostTable hosts={value.hosts} filter={filter} />;
    case "telling":
      return <Telling value={value} now={now} />;
    default:
      return <MonitorTable value={value} filter={filter} />;
  }
}

export default function MonitorsPage() {
  const [view] = useParam("view");
  const [filter, setFilter] = useParam("filter");
  const { value, error, loading, at, reload } = useLoad(monitoring, [], 15);
  return (
    <>
      <div class="page-head">
        <h1>Monitors</h1>
        <Choice
          label="View"
          value={view}
          onChange={(next) => setParams({ view: next })}
          options={[
            { value: "", text: "Monitors", count: value?.monitors.length ?? 0 },
            { value: "open", text: "Open alerts", count: value?.open.length ?? 0 },
            { value: "closed", text: "Closed", count: value?.closed.length ?? 0 },
            { value: "hosts", text: "Hosts", count: value?.hosts.length ?? 0 },
            { value: "telling", text: "Channels and downtimes" },
          ]}
        />
        {view !== "telling" && (
          <FilterBox value={filter} onChange={(text) => setFilter(text, { replace: true })} placeholder="Filter by name, metric, scope" />
        )}
        <span class="grow" />
        <Freshness at={at} reload={reload} />
      </div>
      <Waiting active={loading && !value} />
      <Failure error={error} retry={reload} />
      {value && <Shown view={view} value={value} filter={filter} now={at} />}
    </>
  );
}
