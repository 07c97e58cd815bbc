import { describe, expect, it } from "vitest";
import { metricsIn, unitOf } from "./unitOf";

const lookup = (metric: string) => ({ queue_age: "seconds", sent: "bytes" })[metric];

describe("unitOf", () => {
  it.each([
    ["process_resident_memory_bytes", "bytes"],
    ["rate(network_receive_bytes_total[5m])", "bytes/s"],
    ["sum by (job) (rate(http_requests_total[5m]))", "count/s"],
    ["queue_age", "seconds"],
    ["rate(sent[1m])", "bytes/s"],
    ["increase(sent[1h])", "bytes"],
    ["histogram_quantile(0.99, sum by (le) (rate(rpc_duration_seconds_bucket[5m])))", "seconds"],
    ["histogram_quantile(0.5, rate(checkout_duration_seconds[5m]))", "seconds"],
    ["rate(rpc_duration_seconds_sum[5m]) / rate(rpc_duration_seconds_count[5m])", "seconds"],
    ["sum(rate(errors_total[5m])) / sum(rate(requests_total[5m]))", "ratio"],
    ["100 * (used_bytes / size_bytes)", "percent"],
    ["max(used_bytes) - min(used_bytes)", "bytes"],
    ["used_bytes / 1024", "unknown"],
    ["count(up)", "count"],
    ["topk(5, used_bytes)", "bytes"],
    ["used_bytes > 100", "bytes"],
    ["max_over_time(used_bytes[1h:1m])", "bytes"],
    ["used_bytes offset 5m", "bytes"],
    ["-used_bytes", "bytes"],
    ["time()", "timestamp"],
    ["process_start_time_seconds", "timestamp"],
    ["rate(process_cpu_seconds_total[5m])", "unknown"],
    ['{"sent_bytes", job="a"}', "bytes"],
    ['{job="a"}', "unknown"],
    ["sum(", "unknown"],
    ["", "unknown"],
  ])("%s: %s", (expression, unit) => expect(unitOf(expression, lookup)).toBe(unit));
});

it("metricsIn names each once", () =>
  expect(metricsIn('rate(a_total[5m]) / on (job) group_left b + a_total{x="y"}')).toEqual(["a_total", "b"]));
