import type { Rule, RuleGroup } from "../api/control";
import { exploreHref } from "../shell/explore";
import { Labels } from "../shell/Labels";
import { pageHref } from "../shell/router";
import { formatAgo, formatDuration, formatTime } from "../time/format";
import { isSlow } from "./view";

const health = { ok: "good", err: "bad", unknown: "plain" } as const;

// What the rule is at: its alerts, or whether its evaluation works.
function RuleState(props: { rule: Rule }) {
  const { rule } = props;
  if (rule.health === "err") return <span class="state bad">failing</span>;
  const firing = rule.alerts?.filter(({ state }) => state === "firing").length ?? 0;
  if (firing) {
    return (
      <a href={pageHref("rules", { filter: rule.name })} class="state bad">
        {firing} firing
      </a>
    );
  }
  if (rule.state === "pending") return <span class="state warn">pending</span>;
  return <span class={`state ${health[rule.health]}`}>{rule.health === "unknown" ? "not yet" : rule.health}</span>;
}

function RuleRow(props: { rule: Rule; now: number }) {
  const { rule } = props;
  const evaluated = Date.parse(rule.lastEvaluation);
  return (
    <tr>
      <td>
        <RuleState rule={rule} />
      </td>
      <td class="rule">
        <div>
          <span class="soft">{rule.type === "alerting" ? "alert" : "record"}</span> <strong>{rule.name}</strong>
          {rule.duration ? <span class="soft"> for {formatDuration(rule.duration * 1000)}</span> : null}
        </div>
        <a class="mono expression" href={exploreHref(rule.query)} title="Explore this expression">
          {rule.query}
        </a>
        {rule.labels && Object.keys(rule.labels).length > 0 && (
          <div>
            <Labels labels={rule.labels} />
          </div>
        )}
        {rule.lastError && <div class="error">{rule.lastError}</div>}
      </td>
      <td class="number" title={evaluated > 0 ? formatTime(evaluated) : ""}>
        {formatAgo(evaluated, props.now)}
      </td>
      <td class="number">{evaluated > 0 ? formatDuration(rule.evaluationTime * 1000) : ""}</td>
    </tr>
  );
}

export function GroupPanel(props: { group: RuleGroup; now: number }) {
  const { group } = props;
  return (
    <section class="panel" aria-label={group.name}>
      <div class="panel-head">
        <h2>{group.name}</h2>
        <span class="soft">{group.file}</span>
        <span class="grow" />
        {isSlow(group) && (
          <span class="state warn" title="A group that takes longer than its interval misses points">
            slow
          </span>
        )}
        <span class="soft">
          every {formatDuration(group.interval * 1000)}, took {formatDuration(group.evaluationTime * 1000)}
        </span>
      </div>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th class="col-state">State</th>
              <th>Rule</th>
              <th class="number col-since">Evaluated</th>
              <th class="number col-value">Took</th>
            </tr>
          </thead>
          <tbody>
            {group.rules.map((rule, index) => (
              <RuleRow key={index} rule={rule} now={props.now} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
