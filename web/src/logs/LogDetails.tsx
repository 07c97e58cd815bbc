// Labels, metadata and fields of a line. A click on one changes the query.
import { Icon, type IconName } from "../shell/Icon";
import { type LogEntry, millisOf } from "./entries";
import { fieldsOf } from "./fields";
import { type Field, filterIn, filterOut, showOnly } from "./queryEdit";

export interface LogDetailsProps {
  readonly entry: LogEntry;
  readonly query: string;
  onQuery(query: string): void;
  onContext(entry: LogEntry): void;
}

interface Group {
  readonly title: string;
  readonly fields: readonly Field[];
}

/** The groups that have something in them. Fields are those that the query parsed, else those that are found here. */
export function groupsOf(entry: LogEntry): Group[] {
  const own = (kind: Field["kind"], labels: Readonly<Record<string, string>>): Field[] =>
    Object.keys(labels)
      .sort()
      .map((name) => ({ name, value: labels[name]!, kind }));
  const parsed = own("parsed", entry.parsed);
  const found = parsed.length > 0 ? undefined : fieldsOf(entry.line);
  const fields = found ? own("parsed", found.fields).map((field) => ({ ...field, parser: found.parser })) : parsed;
  return [
    { title: "Labels", fields: own("stream", entry.stream) },
    { title: "Metadata", fields: own("metadata", entry.metadata) },
    { title: found ? `Fields, as ${found.parser} reads them` : "Fields", fields },
  ].filter((group) => group.fields.length > 0);
}

export function LogDetails({ entry, query, onQuery, onContext }: LogDetailsProps) {
  return (
    <div class="log-details">
      <div class="row">
        <button onClick={() => onContext(entry)}>Lines around it</button>
        <button class="quiet" onClick={() => void navigator.clipboard?.writeText(entry.line)}>
          Copy the line
        </button>
        <span class="soft mono">{`${entry.nanos} ns, ${new Date(millisOf(entry.nanos)).toISOString()}`}</span>
      </div>
      {groupsOf(entry).map(({ title, fields }) => (
        <table key={title}>
          <caption>{title}</caption>
          <tbody>
            {fields.map((field) => (
              <FieldRow key={field.name} field={field} query={query} onQuery={onQuery} />
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

const ACTIONS: readonly { icon: IconName; title: string; change(query: string, field: Field): string }[] = [
  { icon: "plus", title: "Only lines with this value", change: filterIn },
  { icon: "minus", title: "Only lines without this value", change: filterOut },
  { icon: "only", title: "Show only this of each line", change: showOnly },
];

function FieldRow({
  field,
  query,
  onQuery,
}: {
  readonly field: Field;
  readonly query: string;
  onQuery(query: string): void;
}) {
  return (
    <tr>
      <td class="field-actions">
        {ACTIONS.map(({ icon, title, change }) => (
          <button
            key={icon}
            class="quiet"
            title={title}
            aria-label={`${title}: ${field.name}`}
            onClick={() => onQuery(change(query, field))}
          >
            <Icon name={icon} />
          </button>
        ))}
      </td>
      <td class="mono field-name">{field.name}</td>
      <td class="mono field-value">{field.value}</td>
    </tr>
  );
}
