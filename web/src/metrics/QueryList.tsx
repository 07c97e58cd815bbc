// The queries of the page, one below the other.
import { addQuery, editQuery, type Query, removeQuery } from "./state";
import { QueryRow } from "./QueryRow";
import type { MetricsPage } from "./useMetrics";

export function QueryList({ page }: { readonly page: MetricsPage }) {
  const { state, edit, commit } = page;
  const change = (id: number, part: Partial<Query>) => edit((old) => editQuery(old, id, part));
  return (
    <div class="queries">
      {state.queries.map((query, i) => (
        <QueryRow
          key={query.id}
          query={query}
          letter={String.fromCharCode(65 + i)}
          outcome={page.outcomes.get(query.id)}
          catalogue={page.catalogue}
          autoFocus={i === 0 && query.expression === ""}
          onChange={(expression) => change(query.id, { expression })}
          onRun={page.run}
          onToggle={() => commit((old) => editQuery(old, query.id, { enabled: !query.enabled }))}
          onDuplicate={() => commit((old) => addQuery(old, query.expression, query.id))}
          onRemove={() => commit((old) => removeQuery(old, query.id))}
        />
      ))}
      <button class="quiet" onClick={() => edit((old) => addQuery(old))}>
        + Add a query
      </button>
    </div>
  );
}
