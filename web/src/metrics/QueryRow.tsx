// One query: its editor, what can be done with it, and what the server said about it.
import { useMemo, useState } from "preact/hooks";
import { formatQuery } from "../api/prometheus";
import type { Outcome } from "../api/runner";
import type { Catalogue } from "../editors/catalogue";
import { Editor } from "../editors/Editor";
import { HistoryMenu } from "../editors/HistoryMenu";
import { type Mark, markOfAnnotation, markOfError } from "../editors/positions";
import { promql } from "../editors/promql";
import { Icon } from "../shell/Icon";
import { Cost } from "./Cost";
import { ExpressionTree } from "./ExpressionTree";
import { QueryNotices } from "./QueryNotices";
import type { Result } from "./results";
import type { Query } from "./state";
import { queryHistory } from "./useMetrics";

export interface QueryRowProps {
  readonly query: Query;
  readonly letter: string;
  readonly outcome: Outcome<Result> | undefined;
  readonly catalogue: Catalogue;
  readonly autoFocus: boolean;
  onChange(expression: string): void;
  onRun(): void;
  onToggle(): void;
  onDuplicate(): void;
  onRemove(): void;
}

export function QueryRow(props: QueryRowProps) {
  const { query, letter, outcome } = props;
  const language = useMemo(() => promql(props.catalogue), [props.catalogue]);
  const marks = useMemo(() => marksOf(query.expression, outcome), [outcome]);
  const [explained, setExplained] = useState(false);
  const [formatError, setFormatError] = useState<Error>();

  const format = () => {
    setFormatError(undefined);
    formatQuery(query.expression).then(props.onChange, setFormatError);
  };

  return (
    <section class={`query${query.enabled ? "" : " off"}`} aria-label={`Query ${letter}`}>
      <div class="query-line">
        <button
          class="quiet query-letter"
          aria-pressed={query.enabled}
          title={query.enabled ? "Switch this query off" : "Switch this query on"}
          onClick={props.onToggle}
        >
          {letter}
        </button>
        <Editor
          value={query.expression}
          label={`Query ${letter}, PromQL`}
          placeholder="PromQL, for example: sum by (job) (rate(http_requests_total[5m]))"
          language={language}
          marks={marks}
          autoFocus={props.autoFocus}
          onChange={props.onChange}
          onRun={props.onRun}
        />
        <div class="query-tools">
          <HistoryMenu history={queryHistory} onChoose={props.onChange} />
          <button class="quiet" title="Write it out in the usual form" onClick={format}>
            Format
          </button>
          <button
            class="quiet"
            aria-pressed={explained}
            title="How it is read: the syntax tree"
            onClick={() => setExplained(!explained)}
          >
            Explain
          </button>
          <button class="quiet" title="Duplicate" aria-label={`Duplicate query ${letter}`} onClick={props.onDuplicate}>
            <Icon name="copy" />
          </button>
          <button class="quiet" title="Remove" aria-label={`Remove query ${letter}`} onClick={props.onRemove}>
            <Icon name="close" />
          </button>
        </div>
      </div>
      {explained && <ExpressionTree expression={query.expression} />}
      <QueryNotices outcome={query.enabled ? outcome : undefined} formatError={formatError} onRun={props.onRun} />
      {query.enabled && <Cost outcome={outcome} />}
    </section>
  );
}

// Of an answer, only where the text is still the one that was run.
function marksOf(expression: string, outcome: Outcome<Result> | undefined): Mark[] {
  if (outcome?.error) return [markOfError(expression, outcome.error.message)].filter((mark) => mark !== undefined);
  const result = outcome?.value;
  if (!result || result.query.expression !== expression) return [];
  const { warnings, infos } = result.answer;
  return [
    ...warnings.map((text) => markOfAnnotation(expression, text, "warning")),
    ...infos.map((text) => markOfAnnotation(expression, text, "info")),
  ].filter((mark) => mark !== undefined);
}
