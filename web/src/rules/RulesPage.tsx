// What is evaluated: alerts that are active, and every rule with its health.
import { useMemo } from "preact/hooks";
import { alertmanagers, ruleGroups, type RuleGroup } from "../api/control";
import { useLoad } from "../api/useLoad";
import { Choice, FilterBox, Freshness } from "../shell/Controls";
import { Empty, Failure, Notice, Waiting } from "../shell/Notice";
import { setParams, useParam } from "../shell/router";
import { ActiveAlerts } from "./ActiveAlerts";
import { GroupPanel } from "./GroupPanel";
import "./rules.css";
import { countAll, shownGroups, type Counts, type RuleKind } from "./view";

function AlertsView(props: { groups: RuleGroup[]; counts: Counts; filter: string; now: number }) {
  const [state] = useParam("state");
  if (props.counts.alerting === 0) {
    return (
      <Empty title="There is no alerting rule">
        Name rule files in <code>rule_files</code>, or post groups to <code>/prometheus/config/v1/rules/NAMESPACE</code>.
      </Empty>
    );
  }
  return <ActiveAlerts groups={props.groups} state={state} filter={props.filter} now={props.now} />;
}

function RulesView(props: { groups: RuleGroup[]; filter: string; now: number }) {
  const [kind] = useParam("kind");
  const groups = useMemo(() => shownGroups(props.groups, kind as RuleKind, props.filter), [props.groups, kind, props.filter]);
  if (groups.length === 0) return <Empty title={props.groups.length ? "No rule is like this" : "There are no rules"} />;
  return (
    <>
      {groups.map((group) => (
        <GroupPanel key={`${group.file};${group.name}`} group={group} now={props.now} />
      ))}
    </>
  );
}

function Narrowing(props: { view: string; counts: Counts }) {
  const { counts } = props;
  const [state, setState] = useParam("state");
  const [kind, setKind] = useParam("kind");
  if (props.view === "rules") {
    return (
      <Choice
        label="Kind"
        value={kind}
        onChange={setKind}
        options={[
          { value: "", text: "All", count: counts.rules },
          { value: "failing", text: "Failing", count: counts.failing },
          { value: "alerting", text: "Alerting", count: counts.alerting },
          { value: "recording", text: "Recording", count: counts.recording },
        ]}
      />
    );
  }
  return (
    <Choice
      label="State"
      value={state}
      onChange={setState}
      options={[
        { value: "", text: "All", count: counts.firing + counts.pending },
        { value: "firing", text: "Firing", count: counts.firing },
        { value: "pending", text: "Pending", count: counts.pending },
      ]}
    />
  );
}

// Where alerts go: silence here is the worst kind of silence.
function Receivers(props: { urls: string[] | undefined; firing: number }) {
  if (!props.urls) return null;
  if (props.urls.length === 0 && props.firing > 0) {
    return (
      <Notice kind="warn">
        Alerts fire, and no Alertmanager is configured for this tenant: nobody is told. Name one in <code>alertmanagers</code>.
      </Notice>
    );
  }
  return null;
}

export default function RulesPage() {
  const [view] = useParam("view", "alerts");
  const [filter, setFilter] = useParam("filter");
  const { value, error, loading, at, reload } = useLoad(ruleGroups, [], 5);
  const receivers = useLoad(alertmanagers, []);
  const counts = useMemo(() => countAll(value ?? []), [value]);
  return (
    <>
      <div class="page-head">
        <h1>Rules and alerts</h1>
        <Choice
          label="View"
          value={view}
          onChange={(next) => setParams({ view: next === "alerts" ? "" : next, state: "", kind: "" })}
          options={[
            { value: "alerts", text: "Alerts" },
            { value: "rules", text: "Rules" },
          ]}
        />
        <Narrowing view={view} counts={counts} />
        <FilterBox
          value={filter}
          onChange={(text) => setFilter(text, { replace: true })}
          placeholder={view === "rules" ? "Filter by name, expression, file" : "Filter by name or label"}
        />
        <span class="grow" />
        <Freshness at={at} reload={reload} />
      </div>
      <Waiting active={loading && !value} />
      <Failure error={error} retry={reload} />
      <Receivers urls={receivers.value} firing={counts.firing} />
      {value && view === "rules" && <RulesView groups={value} filter={filter} now={at} />}
      {value && view !== "rules" && <AlertsView groups={value} counts={counts} filter={filter} now={at} />}
    </>
  );
}
