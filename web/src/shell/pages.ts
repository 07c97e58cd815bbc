// The table of pages, in the order of the navigation. To add a page: one entry here, and a module
// whose default export is its component. Modules are loaded when their page is first shown.
import type { ComponentType } from "preact";
import { pageHref } from "./router";

export interface PageEntry {
  path: string; // The part of the address behind ui/.
  title: string;
  key: string; // "g" and then this goes there.
  group: "explore" | "watch" | "server";
  load: () => Promise<{ default: ComponentType }>;
}

export const pages: readonly PageEntry[] = [
  { path: "metrics", title: "Metrics", key: "m", group: "explore", load: () => import("../metrics/MetricsPage") },
  { path: "logs", title: "Logs", key: "l", group: "explore", load: () => import("../logs/LogsPage") },
  {
    path: "cardinality",
    title: "Cardinality",
    key: "c",
    group: "explore",
    load: () => import("../cardinality/CardinalityPage"),
  },
  { path: "rules", title: "Alerts", key: "a", group: "watch", load: () => import("../rules/RulesPage") },
  { path: "targets", title: "Targets", key: "t", group: "watch", load: () => import("../targets/TargetsPage") },
  { path: "monitors", title: "Monitors", key: "o", group: "watch", load: () => import("../monitors/MonitorsPage") },
  { path: "status", title: "Status", key: "s", group: "server", load: () => import("../status/StatusPage") },
];

export const startPage = pages[0]!;

// Addresses of other programs that mean one of our pages: those of Prometheus, where links in alerts lead.
export const aliases: Record<string, (params: URLSearchParams) => string> = {
  graph: (params) =>
    pageHref("metrics", { q: params.get("g0.expr") ?? "", view: params.get("g0.tab") === "1" ? "table" : "" }),
  alerts: () => pageHref("rules"),
};
