// What the server said about a query, in words below its editor; the editor marks the places.
import { RequestError } from "../api/request";
import type { Outcome } from "../api/runner";
import { withoutPlace } from "../editors/positions";
import type { Result } from "./results";

export interface QueryNoticesProps {
  readonly outcome: Outcome<Result> | undefined;
  readonly formatError: Error | undefined;
  onRun(): void;
}

export function QueryNotices({ outcome, formatError, onRun }: QueryNoticesProps) {
  const error = formatError ?? outcome?.error;
  const answer = outcome?.value?.answer;
  return (
    <div class="query-notices">
      {error && <QueryError error={error} />}
      {outcome?.stopped && (
        <p class="query-note warn" role="status">
          Stopped. What is shown is older than the query.{" "}
          <button class="link" onClick={onRun}>
            Run it again
          </button>
        </p>
      )}
      {!error &&
        answer?.warnings.map((text) => (
          <p key={text} class="query-note warn">
            {withoutPlace(text)}
          </p>
        ))}
      {!error &&
        answer?.infos.map((text) => (
          <p key={text} class="query-note info">
            {withoutPlace(text)}
          </p>
        ))}
    </div>
  );
}

function QueryError({ error }: { readonly error: Error }) {
  const advice = error instanceof RequestError ? error.advice : "";
  return (
    <p class="query-note bad" role="alert">
      {error.message.replace(/^invalid parameter "query": /, "")}
      {advice && <span class="soft"> {advice}</span>}
    </p>
  );
}
