// Links into the pages that run queries.
import { pageHref } from "./router";

// Whether an expression of a rule is LogQL. The API does not say, and the languages differ in what can follow a
// selector in braces: LogQL has pipelines and line filters there, and functions that PromQL does not have.
export function isLogQl(expression: string): boolean {
  const bare = expression.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
  return (
    /\|[=~>]|!~\s*""|\}\s*!=\s*""|\|\s*[a-z_]+/.test(bare) ||
    /\b(?:bytes_rate|bytes_over_time|rate_counter)\s*\(/.test(bare) ||
    /\b(?:rate|count_over_time)\s*\(\s*\{(?![^}]*__name__)/.test(bare)
  );
}

export function exploreHref(expression: string): string {
  return pageHref(isLogQl(expression) ? "logs" : "metrics", { q: expression });
}
