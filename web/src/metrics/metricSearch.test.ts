import { describe, expect, it } from "vitest";
import { searchMetrics } from "./metricSearch";

const metadata = {
  http_requests_total: [{ type: "counter", help: "Requests answered.", unit: "" }],
  latency_seconds: [{ type: "histogram", help: "How long requests took.", unit: "seconds" }],
};
const names = ["latency_seconds_bucket", "http_requests_total", "requests", "http_errors_total", "up"];
const found = (search: string) => searchMetrics(names, metadata, search).map(({ name }) => name);

describe("searchMetrics", () => {
  it("has the best first", () =>
    expect(found("requests")).toEqual(["requests", "http_requests_total", "latency_seconds_bucket"]));
  it("needs all words", () => expect(found("http total")).toEqual(["http_errors_total", "http_requests_total"]));
  it("finds by help of the family", () => expect(found("how long")).toEqual(["latency_seconds_bucket"]));
  it("without a search everything, by name", () => expect(found("")).toEqual([...names].sort()));
});
