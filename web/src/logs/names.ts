// Names for completion of LogQL: labels, their values, fields, in the range of the page.
import { detectedFields, logLabels, logLabelValues, nanosOf, type TimeBounds } from "../api/loki";
import { tenant } from "../api/request";
import type { LogNames } from "../editors/logql";
import { Memo } from "../editors/memo";
import type { Span } from "../time/range";

const KEEP = 60_000;
const MINUTE = 60_000;

/** `span` says which range the page shows just now. */
export function logNames(span: () => Span): LogNames {
  // Whole minutes, so that keys stay the same while "now" moves.
  const bounds = (): TimeBounds => {
    const { from, to } = span();
    return { start: nanosOf(Math.floor(from / MINUTE) * MINUTE), end: nanosOf(Math.ceil(to / MINUTE) * MINUTE) };
  };
  const lists = new Memo(async (key) => {
    const [, label, query, at] = JSON.parse(key) as [string, string, string, TimeBounds];
    return label === "" ? logLabels(at, query || undefined) : logLabelValues(label, at, query || undefined);
  }, KEEP);
  const fields = new Memo(async (key) => {
    const [, query, at] = JSON.parse(key) as [string, string, TimeBounds];
    return detectedFields(query, at);
  }, KEEP);
  return {
    labels: (selector) => lists.get(JSON.stringify([tenant(), "", selector, bounds()])),
    values: (label, selector) => lists.get(JSON.stringify([tenant(), label, selector, bounds()])),
    fields: (query) => fields.get(JSON.stringify([tenant(), query, bounds()])),
  };
}
