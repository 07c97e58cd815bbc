import { useMemo } from "preact/hooks";
import type { Alert, RuleGroup } from "../api/control";
import { exploreHref } from "../shell/explore";
import { Labels } from "../shell/Labels";
import { Empty } from "../shell/Notice";
import { formatAgo, formatTime } from "../time/format";
import { activeAlerts, plainValue, type NamedAlerts } from "./view";

const kinds = { firing: "bad", pending: "warn", inactive: "plain" } as const;

function isAddress(text: string): boolean {
  return /^https?:\/\//.test(text);
}

// Annotations as text; a runbook is a link that only a person follows.
function Annotations(props: { annotations: Alert["annotations"] }) {
  const entries = Object.entries(props.annotations);
  const summary = props.annotations.summary ?? props.annotations.description;
  return (
    <>
      {summary && <div>{summary}</div>}
      {entries
        .filter(([name, value]) => value !== summary || name === "runbook_url")
        .map(([name, value]) => (
          <div class="soft" key={name}>
            {name}:{" "}
            {isAddress(value) ? (
              <a href={value} target="_blank" rel="noreferrer">
                {value}
              </a>
            ) : (
              value
            )}
          </div>
        ))}
    </>
  );
}

function AlertRow(props: { alert: Alert; now: number }) {
  const { alert } = props;
  const since = Date.parse(alert.activeAt);
  return (
    <tr>
      <td>
        <span class={`state ${kinds[alert.state]}`}>{alert.state}</span>
      </td>
      <td>
        <Labels labels={alert.labels} without={["alertname"]} />
        <Annotations annotations={alert.annotations} />
      </td>
      <td class="number mono">{plainValue(alert.value)}</td>
      <td class="number" title={formatTime(since)}>
        {formatAgo(since, props.now)}
      </td>
    </tr>
  );
}

function AlertPanel(props: { named: NamedAlerts; now: number }) {
  const { rule, group, alerts } = props.named;
  return (
    <section class="panel" aria-label={rule.name}>
      <div class="panel-head">
        <h2>{rule.name}</h2>
        <a class="mono expression" href={exploreHref(rule.query)} title="Explore this expression">
          {rule.query}
        </a>
        <span class="grow" />
        <span class="soft">
          {group.name} · {group.file}
        </span>
      </div>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th class="col-state">State</th>
              <th>Alert</th>
              <th class="number col-value">Value</th>
              <th class="number col-since">Active since</th>
            </tr>
          </thead>
          <tbody>
            {alerts.map((alert) => (
              <AlertRow key={JSON.stringify(alert.labels)} alert={alert} now={props.now} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function ActiveAlerts(props: { groups: RuleGroup[]; state: string; filter: string; now: number }) {
  const found = useMemo(
    () => activeAlerts(props.groups, props.state, props.filter),
    [props.groups, props.state, props.filter],
  );
  if (found.length === 0) {
    const narrowed = props.state !== "" || props.filter !== "";
    return <Empty title={narrowed ? "No alert is like this" : "No alert is active"} />;
  }
  return (
    <>
      {found.map((named) => (
        <AlertPanel key={`${named.group.file};${named.group.name};${named.name}`} named={named} now={props.now} />
      ))}
    </>
  );
}
