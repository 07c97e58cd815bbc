// The words of LogQL, with what they do.
import type { Completion } from "@codemirror/autocomplete";

const term =
  (type: string) =>
  ([label, info]: readonly [string, string]): Completion => ({ label, info, type });

export const STAGES: readonly Completion[] = (
  [
    ["json", "Reads JSON lines: each field becomes a label."],
    ["logfmt", "Reads key=value lines: each key becomes a label."],
    ["pattern", 'Takes labels out of a line by its shape: pattern "<ip> - <_>".'],
    ["regexp", 'Takes labels out of a line by named groups: regexp "(?P<name>...)".'],
    ["unpack", "Reads what a pack stage of an agent wrote."],
    ["line_format", 'Writes the line anew from a template: line_format "{{.msg}}".'],
    ["label_format", "Renames labels or makes them from templates."],
    ["decolorize", "Takes terminal colours out of the line."],
    ["drop", "Leaves labels out."],
    ["keep", "Leaves all other labels out."],
    ["unwrap", "Makes a label the number that a range function works on."],
  ] as const
).map(term("keyword"));

export const CONVERSIONS: readonly Completion[] = (
  [
    ["bytes", "Reads a size, such as 5MB, as bytes."],
    ["duration", "Reads a duration, such as 5ms, as seconds."],
    ["duration_seconds", "Reads a duration as seconds."],
  ] as const
).map(term("function"));

export const FUNCTIONS: readonly Completion[] = (
  [
    ["rate", "Lines per second over a range; with unwrap, the increase of a number per second."],
    ["count_over_time", "Lines in a range."],
    ["bytes_rate", "Bytes of lines per second."],
    ["bytes_over_time", "Bytes of lines in a range."],
    ["rate_counter", "Per second increase of an unwrapped counter."],
    ["sum_over_time", "Sum of unwrapped numbers in a range."],
    ["avg_over_time", "Mean of unwrapped numbers in a range."],
    ["max_over_time", "Largest unwrapped number in a range."],
    ["min_over_time", "Smallest unwrapped number in a range."],
    ["first_over_time", "First unwrapped number in a range."],
    ["last_over_time", "Last unwrapped number in a range."],
    ["quantile_over_time", "Quantile of unwrapped numbers in a range."],
    ["stddev_over_time", "Standard deviation of unwrapped numbers in a range."],
    ["stdvar_over_time", "Variance of unwrapped numbers in a range."],
    ["absent_over_time", "1 where a range has no line."],
    ["sum", "Sum over labels."],
    ["avg", "Mean over labels."],
    ["max", "Largest over labels."],
    ["min", "Smallest over labels."],
    ["count", "How many series."],
    ["stddev", "Standard deviation over labels."],
    ["stdvar", "Variance over labels."],
    ["topk", "The k largest series."],
    ["bottomk", "The k smallest series."],
    ["approx_topk", "The k largest series, for very many of them."],
    ["sort", "Ascending by value."],
    ["sort_desc", "Descending by value."],
    ["label_replace", "Sets a label from another by a regular expression."],
    ["vector", "A number as a series without labels."],
  ] as const
).map(term("function"));

export const DURATIONS: readonly Completion[] = ["1m", "5m", "10m", "15m", "30m", "1h", "6h", "1d"].map((label) => ({
  label,
  type: "constant",
}));
