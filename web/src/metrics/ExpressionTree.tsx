// How the server reads an expression.
import { parseQuery } from "../api/prometheus";
import { useLoad } from "../api/useLoad";
import { describe, type TreeNode } from "./parseTree";

export function ExpressionTree({ expression }: { readonly expression: string }) {
  const { value, error } = useLoad((signal) => parseQuery(expression, signal), [expression]);
  if (expression.trim() === "") return <p class="query-note info">There is nothing to explain yet.</p>;
  // The editor marks what is wrong while it is typed; the last tree that could be read stays.
  if (!value) return error ? <p class="query-note warn">{error.message}</p> : null;
  return (
    <ul class="tree" aria-label="Syntax tree">
      <Node node={describe(value)} />
    </ul>
  );
}

function Node({ node }: { readonly node: TreeNode }) {
  return (
    <li>
      <span class="mono">{node.title}</span> <span class="soft">{node.detail}</span>
      {node.children.length > 0 && (
        <ul>
          {node.children.map((child, i) => (
            <Node key={i} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}
